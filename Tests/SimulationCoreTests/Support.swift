import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// Requests from a list.
final class ListSource: RequestSource {
    let classes: [String]
    let regions = ["anywhere"]
    let contents = PromptContentStore()
    let sharesPrefixes: Bool
    let skipped: [SkippedRows] = []
    private let list: [Request]
    private var cursor = 0

    /// `prompts`: segments per request, for those that share prefixes.
    init(_ list: [Request], classes: [String] = ["default"], prompts: [UInt64: ([PromptSegment], Bool)] = [:]) {
        self.classes = classes
        sharesPrefixes = !prompts.isEmpty
        let store = contents
        self.list = list.map { request in
            guard let (segments, continues) = prompts[request.id] else { return request }
            var copy = request
            copy.content = store.insert(segments, outputContinuesLastSegment: continues)
            return copy
        }
    }

    func read(into batch: inout [Request], limit: Int) throws {
        let end = min(cursor + limit, list.count)
        batch.append(contentsOf: list[cursor..<end])
        cursor = end
    }
}

/// Keeps every outcome.
final class Collector: RunObserver {
    var outcomes: [RequestOutcome] = []
    let wantsOutcomes = true
    func finished(_ outcomes: [RequestOutcome]) { self.outcomes += outcomes }
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool { true }
}

/// A cost whose decode line changes slope with the context, to try leaps across pieces.
struct KinkedCost: StepCostModel {
    let base: LinearStepCost
    let kink: Int

    func stepTime(_ shape: StepShape) -> Double {
        let line = decodeLine(sequences: shape.decodeSequences, context: shape.decodeContext)
        let decode = line.fixed + line.perContextToken * Double(shape.decodeContext)
        return shape.prefillTokens == 0 ? decode : decode + base.perPrefillToken * Double(shape.prefillTokens)
    }

    func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        let line = base.decodeLine(sequences: sequences, context: context)
        guard context > kink else {
            return DecodeLine(fixed: line.fixed, perContextToken: line.perContextToken, contextLimit: kink)
        }
        return DecodeLine(fixed: line.fixed * 1.5, perContextToken: line.perContextToken * 2)
    }
}

/// A small random world: engine, fleet and workload, all from one seed.
struct RandomWorld {
    let seed: UInt64
    let fleet: FleetConfiguration
    let requests: [Request]
    let prompts: [UInt64: ([PromptSegment], Bool)]
    let classes = ["gold", "silver", "bronze"]

    func source() -> ListSource { ListSource(requests, classes: classes, prompts: prompts) }

    func run(_ stepping: SimulationOptions.Stepping) throws -> (record: RunRecord, outcomes: [RequestOutcome]) {
        let collector = Collector()
        let simulation = try Simulation(
            fleet: fleet, source: source(), options: .init(seed: seed, stepping: stepping), observer: collector)
        let record = try simulation.run()
        return (record, collector.outcomes)
    }

    init(seed: UInt64, replicas: ClosedRange<Int> = 1...4) {
        self.seed = seed
        var dice = RandomKey(seed: seed).derived("world").generator()
        func pick<T>(_ values: [T]) -> T { values[Int(dice.next() % UInt64(values.count))] }
        func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(dice.next() % UInt64(range.count)) }
        func chance(_ p: Double) -> Bool { dice.uniform() < p }

        let longest = pick([40, 200, 1_000])
        let blockSize = pick([1, 4, 16, 16, 16, 32])
        let tightness = pick([1, 2, 3, 20])
        let chunked = chance(0.85)
        let sequences = pick([1, 2, 5, 16, 64])
        let engine = EngineConfiguration(
            maxBatchedTokens: chunked ? max(sequences, pick([16, 64, 256, 2_048])) : max(sequences, longest * 2 + 2),
            maxSequences: sequences, maxModelLength: longest * 2 + 2 - (chance(0.2) ? longest / 2 : 0),
            blockSize: blockSize, kvBlocks: max(1, longest * 2 * tightness / blockSize / pick([1, 2])),
            chunkedPrefill: chunked, longPrefillThreshold: chunked && chance(0.25) ? pick([8, 32, 100]) : 0,
            prefixCaching: chance(0.7), queueOrder: chance(0.3) ? .priority : .fcfs,
            batching: chance(0.1) ? .static : .continuous,
            asynchronousScheduling: RandomKey(seed: seed).derived("asynchronous").uniform(0) < 0.3)
        let base = LinearStepCost(
            perStep: Double(pick([1_000, 77_777, 5_000_000])) + 0.37, perPrefillToken: Double(pick(10...9_999)) + 0.11,
            perDecodeSequence: Double(pick(0...99_999)), perContextToken: Double(pick(0...300)) * 0.513)
        let cost: any StepCostModel = chance(0.3) ? KinkedCost(base: base, kink: pick([100, 1_000, 5_000])) : base
        let pools = (0..<pick(1...2)).map { index in
            PoolConfiguration(
                name: "pool \(index)", replicas: pick(replicas), engine: engine, stepCost: cost,
                oneWayDelay: SimulatedDuration(nanoseconds: chance(0.3) ? Int64(pick(1...90_000_000)) : 0))
        }
        fleet = FleetConfiguration(
            pools: replicas.upperBound == 1 ? [pools[0]] : pools, router: pick(RouterPolicy.allCases),
            classDelays: chance(0.3) ? [.milliseconds(3), .zero, .milliseconds(1)] : [],
            bounds: [RequestBounds(ttft: .milliseconds(200), tpot: .milliseconds(20))])

        let meanGap = Double(pick([1_000, 1_000_000, 30_000_000, 300_000_000]))
        var now: Int64 = 0
        var list: [Request] = []
        var shared: [UInt64: ([PromptSegment], Bool)] = [:]
        let sharing = chance(0.5)
        for id in 0..<UInt64(pick(1...120)) {
            if !chance(0.2) { now += Int64(dice.uniform() * 2 * meanGap) }
            let input = pick(1...longest)
            list.append(
                Request(
                    id: id, arrival: SimulatedTime(nanoseconds: now), inputTokens: Int32(input),
                    outputTokens: Int32(chance(0.1) ? 1 : pick(1...longest)), classIndex: UInt16(pick(0...2)),
                    priority: Int32(pick(0...2))))
            guard sharing, chance(0.8) else { continue }
            let common = min(input, pick([8, 16, 64, 300]))
            var segments = [PromptSegment(key: UInt64(pick(1...3)), tokens: Int32(common))]
            if common < input {
                segments.append(PromptSegment(key: UInt64(pick(10...14)), tokens: Int32(input - common)))
            }
            shared[id] = (segments, chance(0.3))
        }
        requests = list
        prompts = shared
    }
}

extension RandomWorld {
    /// The token at `position`: shared segments give shared tokens, everything else is the request's own.
    func token(_ request: Request, _ position: Int) -> [UInt64] {
        guard let (segments, continues) = prompts[request.id] else { return [0, request.id, UInt64(position)] }
        var start = 0
        for (index, segment) in segments.enumerated() {
            let open = continues && index == segments.count - 1
            if open || position < start + Int(segment.tokens) { return [1, segment.key, UInt64(position - start)] }
            start += Int(segment.tokens)
        }
        return [0, request.id, UInt64(position)]
    }
}
