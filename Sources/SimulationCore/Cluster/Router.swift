import PerformanceModel
import Primitives
import Workloads

/// Chooses a replica for each request from what it knows: which replicas serve, and how many requests each has been
/// sent and not finished.
struct Router: ~Copyable {
    private let policy: RouterPolicy
    private let key: RandomKey
    /// Requests sent to each replica and not finished.
    let outstanding: Column<Int32>
    /// Decode speed of each replica relative to the fleet's best.
    private let speeds: [Double]
    /// By row of users (``Distances/row(of:)``); `nil` = anywhere.
    private let routes: [Route?]
    private let pools: [Int32]
    /// Whose turn it is: of the fleet, then tier by tier of every route.
    private var turns: [Int]
    private let firstTurns: [Int]
    /// The replicas that serve, in order.
    private let serving: Column<Int32>
    private(set) var servingCount: Int
    /// Those among them that a request may go to.
    private let eligible: Column<Int32>

    init(fleet: FleetConfiguration, key: RandomKey) {
        policy = fleet.router
        self.key = key
        let rates = fleet.pools.flatMap { pool in
            Array(repeating: Self.decodeRate(pool), count: pool.replicas)
        }
        let best = rates.max() ?? 1
        speeds = rates.map { $0 / best }
        pools = fleet.pools.enumerated().flatMap { index, pool in
            Array(repeating: Int32(index), count: pool.replicas)
        }
        routes = fleet.users.map(\.route) + [nil]
        var count = 1
        firstTurns = routes.map { route in
            defer { count += route?.tiers.count ?? 0 }
            return count
        }
        turns = Array(repeating: 0, count: count)
        outstanding = Column(repeating: 0, count: rates.count)
        serving = Column(repeating: 0, count: rates.count)
        eligible = Column(repeating: 0, count: rates.count)
        servingCount = rates.count
        for index in rates.indices { serving[index] = Int32(index) }
    }

    /// Adds a replica to those that serve, or takes it out. Complexity: O(replicas).
    mutating func setServing(_ index: Int, _ serves: Bool) {
        var kept: [Int32] = (0..<servingCount).map { serving[$0] }.filter { $0 != Int32(index) }
        if serves { kept.insert(Int32(index), at: kept.firstIndex { $0 > Int32(index) } ?? kept.count) }
        servingCount = kept.count
        for (position, replica) in kept.enumerated() { serving[position] = replica }
    }

    /// Tokens per second of a middling batch: 32 sequences of 1,000 tokens, fewer where the engine allows fewer.
    private static func decodeRate(_ pool: PoolConfiguration) -> Double {
        let sequences = min(32, pool.engine.maxSequences)
        let context = sequences * 1_000
        let line = pool.stepCost.decodeLine(sequences: sequences, context: context)
        return Double(sequences) / (line.fixed + line.perContextToken * Double(context))
    }

    // MARK: Choosing

    /// The replica for `request` at `now`; ties go to the lowest index. `nil`: none serves that it may go to.
    /// - Parameters:
    ///   - row: of its users.
    ///   - other: a replica that it must not go to, because a copy of it is there; −1 = none.
    mutating func choose(
        _ request: Request, row: Int, besides other: Int = -1, at now: Moment, replicas: borrowing Replicas
    ) -> Int? {
        guard let route = routes[row] else {
            if other < 0 {
                return servingCount > 0 ? pick(request, Choice(serving, servingCount, turn: 0), now, replicas) : nil
            }
            let count = collect(besides: other) { _ in true }
            return count > 0 ? pick(request, Choice(eligible, count, turn: 0), now, replicas) : nil
        }
        var fallback: Int?
        for (number, tier) in route.tiers.enumerated() {
            let count = collect(besides: other) { tier.contains($0) }
            guard count > 0 else { continue }
            if hasRoom(count, route.spillAt) {
                return pick(request, Choice(eligible, count, turn: firstTurns[row] + number), now, replicas)
            }
            fallback = fallback ?? number
        }
        guard let fallback else { return nil }
        let count = collect(besides: other) { route.tiers[fallback].contains($0) }
        return pick(request, Choice(eligible, count, turn: firstTurns[row] + fallback), now, replicas)
    }

    /// Whether no pool may ever serve users of the row.
    func isClosed(row: Int) -> Bool { routes[row].map { $0.tiers.allSatisfy(\.isEmpty) } ?? false }

    /// Whether every serving replica that users of the row may go to has `limit` requests, and there is one.
    func isFull(row: Int, limit: Int) -> Bool {
        let tiers = routes[row]?.tiers
        let count = collect(besides: -1) { pool in tiers?.contains { $0.contains(pool) } ?? true }
        return count > 0 && (0..<count).allSatisfy { outstanding[Int(eligible[$0])] >= Int32(limit) }
    }

    /// Puts the serving replicas of some pools into `eligible`; returns how many they are.
    private func collect(besides other: Int, _ contains: (Int) -> Bool) -> Int {
        var count = 0
        for position in 0..<servingCount {
            let index = Int(serving[position])
            guard index != other, contains(Int(pools[index])) else { continue }
            eligible[count] = Int32(index)
            count += 1
        }
        return count
    }

    private func hasRoom(_ count: Int, _ spillAt: Int?) -> Bool {
        guard let spillAt else { return true }
        let total = (0..<count).reduce(0) { $0 + Int(outstanding[Int(eligible[$1])]) }
        return total < spillAt * count
    }

    // MARK: Policies

    /// One of `count` ≥ 1 replicas.
    @inline(__always) private mutating func pick(
        _ request: Request, _ choice: Choice, _ now: Moment, _ replicas: borrowing Replicas
    ) -> Int {
        switch policy {
        case .roundRobin:
            if turns[choice.turn] >= choice.count { turns[choice.turn] = 0 }
            defer { turns[choice.turn] += 1 }
            return choice[turns[choice.turn]]
        case .random: return choice.draw(key.bits(request.id))
        case .leastOutstanding: return leastOutstanding(choice)
        case .powerOfTwoChoices:
            let first = choice.draw(key.bits(2 * request.id))
            let second = choice.draw(key.bits(2 * request.id + 1))
            return outstanding[second] < outstanding[first] ? second : first
        case .weightedBySpeed: return leastWeighted(choice)
        case .prefixAware: return prefixAware(request, choice, at: now, replicas: replicas)
        }
    }

    @inline(__always) private func leastOutstanding(_ choice: Choice) -> Int {
        var best = choice[0]
        var least = outstanding[best]
        var position = 1
        while position < choice.count {
            let index = choice[position]
            if outstanding[index] < least { (best, least) = (index, outstanding[index]) }
            position += 1
        }
        return best
    }

    private func leastWeighted(_ choice: Choice) -> Int {
        var best = choice[0]
        var least = Double.infinity
        for position in 0..<choice.count {
            let index = choice[position]
            let load = Double(outstanding[index] + 1) / speeds[index]
            if load < least { (best, least) = (index, load) }
        }
        return best
    }

    /// The longest cached prefix wins, ties by load, unless that replica has over 1.5 times the mean load and more
    /// than 8 requests above it; or nobody holds anything. Then the least loaded.
    private func prefixAware(
        _ request: Request, _ choice: Choice, at now: Moment, replicas: borrowing Replicas
    ) -> Int {
        let fallback = leastOutstanding(choice)
        var best = fallback
        var longest = 0
        var total = 0
        for position in 0..<choice.count {
            let index = choice[position]
            total += Int(outstanding[index])
            let cached = replicas.cachedTokens(of: request, at: index, now: now)
            if cached > longest || (cached == longest && cached > 0 && outstanding[index] < outstanding[best]) {
                (best, longest) = (index, cached)
            }
        }
        let mean = Double(total) / Double(choice.count)
        let load = Double(outstanding[best])
        return longest == 0 || (load > 1.5 * mean && load > mean + 8) ? fallback : best
    }
}

/// An instant, before or after the ends of engine steps that fall on it.
struct Moment {
    var time: Int64
    var afterSteps: Bool
}

/// The replicas that a request may go to, in order.
private struct Choice {
    let list: UnsafePointer<Int32>
    let count: Int
    /// Whose turn it is among them is kept under this number.
    let turn: Int

    init(_ column: borrowing Column<Int32>, _ count: Int, turn: Int) {
        list = UnsafePointer(column.base)
        self.count = count
        self.turn = turn
    }

    subscript(position: Int) -> Int { @inline(__always) get { Int(list[position]) } }

    /// One of them from 64 random bits, without a division (Lemire).
    func draw(_ bits: UInt64) -> Int { self[Int(bits.multipliedFullWidth(by: UInt64(count)).high)] }
}

/// The fleet's replicas, in order of pools.
struct Replicas: ~Copyable {
    private let base: UnsafeMutablePointer<Replica>
    let count: Int

    init(fleet: FleetConfiguration, stepping: SimulationOptions.Stepping, source: any RequestSource) {
        count = fleet.pools.reduce(0) { $0 + $1.replicas }
        base = .allocate(capacity: max(count, 1))
        var index = 0
        for (poolIndex, pool) in fleet.pools.enumerated() {
            for _ in 0..<pool.replicas {
                (base + index).initialize(
                    to: Replica(index: index, pool: poolIndex, configuration: pool, stepping: stepping, source: source))
                index += 1
            }
        }
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    subscript(index: Int) -> Replica {
        @inline(__always) unsafeAddress { UnsafePointer(base + index) }
        @inline(__always) nonmutating unsafeMutableAddress { base + index }
    }

    @inline(__always) func pointer(to index: Int) -> UnsafeMutablePointer<Replica> { base + index }

    /// Prompt tokens that replica's cache holds at `now`.
    func cachedTokens(of request: Request, at index: Int, now: Moment) -> Int {
        base[index].catchUp(to: now.time, afterSteps: now.afterSteps)
        return base[index].kv.cachedTokens(of: request)
    }
}
