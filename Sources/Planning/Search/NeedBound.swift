import Primitives
import SimulationCore
import Workloads

/// Fewest replicas that could be enough, from the work that must be done in time.
///
/// All but the share of requests that the percentiles leave must have their work done by the last arrival plus the
/// longest time that the bounds allow: all of it with bounds on TTFT and TPOT, or on E2E; that of the prompts with one
/// on TTFT alone. Says nothing where an objective is for one class.
struct NeedBound: Sendable {
    /// By variant: replicas, not whole; 0 = not known.
    let need: [Double]
    /// Work that may be late or left, by variant, as a share of its work.
    private let spare: [Double]
    /// Of the smallest over variants: what must be done ÷ a variant's whole work, by kind of token.
    private let parts: [(prompt: Double, steps: Double, context: Double)]

    init(_ tally: WorkTally, _ demand: WorkloadDemand, _ objectives: [ServiceObjective]) {
        let deadline = Deadline(objectives, longestOutput: demand.longestOutput)
        let decodes: Double = deadline?.includesDecoding ?? false ? 1 : 0
        let sums = (demand.promptTokens, demand.decodeTokens * decodes, demand.contextTokens * decodes)
        let works = tally.floors.map { $0.work(prompt: sums.0, steps: sums.1, context: sums.2) }
        let late = UInt64(((deadline?.lateShare ?? 1) * Double(demand.requests)).rounded(.up))
        let spare = zip(works, tally.tails).map { $0 > 0 ? min(1, $1.largest(late) / $0) : 1 }
        let time = (demand.span.seconds + (deadline?.slack ?? 0)) * 1e9
        need = works.indices.map { deadline == nil || time <= 0 ? 0 : works[$0] * (1 - spare[$0]) / time }
        parts = zip(tally.floors, works).map { floor, work in
            work > 0
                ? (floor.prompt * sums.0 / work, floor.decode * sums.1 / work, floor.context * sums.2 / work)
                : (0, 0, 0)
        }
        self.spare = spare
    }

    /// Whether so many replicas of these variants could do the work at all.
    ///
    /// Of a mixed fleet: replicas ÷ need, summed, must reach the share of the work that is left when each kind of token
    /// is done where it takes the least part of a variant's whole work.
    func allows(_ counts: [Int], of variants: [Int]) -> Bool {
        guard variants.allSatisfy({ need[$0] > 0 }) else { return true }
        if variants.count == 1 { return Double(counts[0]) >= need[variants[0]] }
        func least(_ part: ((prompt: Double, steps: Double, context: Double)) -> Double) -> Double {
            variants.reduce(Double.infinity) { min($0, part(parts[$1])) }
        }
        let share = least(\.prompt) + least(\.steps) + least(\.context)
        let excused = variants.reduce(1.0) { min($0, spare[$1]) }
        let offered = zip(counts, variants).reduce(0.0) { $0 + Double($1.0) * (1 - spare[$1.1]) / need[$1.1] }
        return offered >= share - excused
    }
}

/// By when how much must be done, as a scenario's bounds have it.
private struct Deadline {
    /// Seconds after the last arrival.
    var slack: Double
    /// Requests that may miss it.
    var lateShare: Double
    var includesDecoding: Bool

    /// `nil` where the bounds set no deadline for all requests alike.
    init?(_ objectives: [ServiceObjective], longestOutput: Int) {
        guard objectives.allSatisfy({ $0.requestClass == nil }) else { return nil }
        func tightest(_ quantity: ServiceObjective.Quantity) -> ServiceObjective? {
            objectives.filter { $0.quantity == quantity }.max { $0.quantile < $1.quantile }
        }
        if let whole = tightest(.e2e) {
            (slack, lateShare, includesDecoding) = (whole.bound.seconds, 1 - whole.quantile, true)
        } else if let first = tightest(.ttft), let token = tightest(.tpot) {
            slack = first.bound.seconds + token.bound.seconds * Double(longestOutput - 1)
            (lateShare, includesDecoding) = (2 - first.quantile - token.quantile, true)
        } else if let first = tightest(.ttft) {
            (slack, lateShare, includesDecoding) = (first.bound.seconds, 1 - first.quantile, false)
        } else {
            return nil
        }
    }
}

/// The requests of one seed, weighed on every variant.
struct WorkTally: Sendable {
    let floors: [WorkFloor]
    /// Nanoseconds of single requests, by variant.
    private(set) var tails: [WorkTail]
    /// Dollars that the requests cost where each goes to the variant that does its work for the least, by the second and
    /// with nothing idle: no fleet of these variants can cost less.
    private(set) var clairvoyantCost = 0.0
    /// Of that, by variant.
    private(set) var clairvoyantShares: [Double]
    private let prices: [Double]
    private let sharesPrefixes: Bool

    /// - Parameter prices: least dollars per nanosecond of a replica, by variant.
    init(_ floors: [WorkFloor], prices: [Double], sharesPrefixes: Bool) {
        self.floors = floors
        self.prices = prices
        self.sharesPrefixes = sharesPrefixes
        tails = floors.map { _ in WorkTail() }
        clairvoyantShares = floors.map { _ in 0 }
    }

    /// Weighs a request. One that a variant refuses costs nothing: a mixed fleet may lose it.
    mutating func add(_ request: Request) {
        let use = RequestUse(request, sharesPrefixes: sharesPrefixes)
        let length = Int(request.inputTokens) + Int(request.outputTokens)
        var least = Double.infinity
        var place = 0
        var isRefused = false
        for index in floors.indices {
            guard length <= floors[index].maxModelLength else {
                isRefused = true
                continue
            }
            let work = floors[index].work(prompt: use.prompt, steps: use.steps, context: use.context)
            tails[index].add(work)
            if work * prices[index] < least { (least, place) = (work * prices[index], index) }
        }
        guard !isRefused, least.isFinite else { return }
        clairvoyantCost += least
        clairvoyantShares[place] += least
    }
}

/// Works of requests in sixteenths of powers of two.
struct WorkTail: Sendable {
    private var counts = [UInt64](repeating: 0, count: 1_024)
    private var sums = [Double](repeating: 0, count: 1_024)

    mutating func add(_ work: Double) {
        let index = min(1_023, max(0, Int(work.bitPattern >> 48) - (1_023 << 4)))
        counts[index] += 1
        sums[index] += work
    }

    /// At least the sum of the `count` largest: whole bins, from the top.
    func largest(_ count: UInt64) -> Double {
        var (taken, sum) = (UInt64(0), 0.0)
        for index in counts.indices.reversed() where taken < count {
            taken += counts[index]
            sum += sums[index]
        }
        return sum
    }
}
