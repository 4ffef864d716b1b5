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
    private var turn = 0
    /// The replicas that serve, in order.
    private let serving: Column<Int32>
    private(set) var servingCount: Int

    init(fleet: FleetConfiguration, key: RandomKey) {
        policy = fleet.router
        self.key = key
        let rates = fleet.pools.flatMap { pool in
            Array(repeating: Self.decodeRate(pool), count: pool.replicas)
        }
        let best = rates.max() ?? 1
        speeds = rates.map { $0 / best }
        outstanding = Column(repeating: 0, count: rates.count)
        serving = Column(repeating: 0, count: rates.count)
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

    /// The replica for `request` at `now`; ties go to the lowest index.
    /// - Precondition: some replica serves.
    mutating func choose(_ request: Request, at now: Int64, replicas: borrowing Replicas) -> Int {
        switch policy {
        case .roundRobin:
            if turn >= servingCount { turn = 0 }
            defer { turn += 1 }
            return Int(serving[turn])
        case .random: return pick(key.bits(request.id))
        case .leastOutstanding: return leastOutstanding()
        case .powerOfTwoChoices:
            let first = pick(key.bits(2 * request.id))
            let second = pick(key.bits(2 * request.id + 1))
            return outstanding[second] < outstanding[first] ? second : first
        case .weightedBySpeed: return leastWeighted()
        case .prefixAware: return prefixAware(request, at: now, replicas: replicas)
        }
    }

    /// A serving replica from 64 random bits, without a division (Lemire).
    private func pick(_ bits: UInt64) -> Int {
        Int(serving[Int(bits.multipliedFullWidth(by: UInt64(servingCount)).high)])
    }

    private func leastOutstanding() -> Int {
        var best = Int(serving[0])
        var least = outstanding[best]
        var position = 1
        while position < servingCount {
            let index = Int(serving[position])
            if outstanding[index] < least { (best, least) = (index, outstanding[index]) }
            position += 1
        }
        return best
    }

    private func leastWeighted() -> Int {
        var best = 0
        var least = Double.infinity
        for position in 0..<servingCount {
            let index = Int(serving[position])
            let load = Double(outstanding[index] + 1) / speeds[index]
            if load < least { (best, least) = (index, load) }
        }
        return best
    }

    /// The longest cached prefix wins, ties by load, unless that replica has over 1.5 times the mean load and more
    /// than 8 requests above it; or nobody holds anything. Then the least loaded.
    private func prefixAware(_ request: Request, at now: Int64, replicas: borrowing Replicas) -> Int {
        let fallback = leastOutstanding()
        var best = fallback
        var longest = 0
        var total = 0
        for position in 0..<servingCount {
            let index = Int(serving[position])
            total += Int(outstanding[index])
            let cached = replicas.cachedTokens(of: request, at: index, now: now)
            if cached > longest || (cached == longest && cached > 0 && outstanding[index] < outstanding[best]) {
                (best, longest) = (index, cached)
            }
        }
        let mean = Double(total) / Double(servingCount)
        let load = Double(outstanding[best])
        return longest == 0 || (load > 1.5 * mean && load > mean + 8) ? fallback : best
    }
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
    func cachedTokens(of request: Request, at index: Int, now: Int64) -> Int {
        base[index].catchUp(to: now)
        return base[index].kv.cachedTokens(of: request)
    }
}
