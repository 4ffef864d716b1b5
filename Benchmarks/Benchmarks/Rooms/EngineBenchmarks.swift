import Benchmark
import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// 8 replicas, least outstanding first, of a server whose steps cost what an 8-billion-parameter model costs on one
/// accelerator, to the digit that matters here: the share of decode steps in a run.
private let fleet = FleetConfiguration(
    pools: [
        PoolConfiguration(
            name: "servers", replicas: 8, engine: EngineConfiguration(kvBlocks: 28_000),
            stepCost: LinearStepCost(
                perStep: 6_000_000, perPrefillToken: 40_000, perDecodeSequence: 20_000, perContextToken: 40))
    ], router: .leastOutstanding)

private let requests = 100_000

/// Requests shaped like a conversation trace, made beforehand so that only the engine is timed.
private func conversation() throws -> [Request] {
    let key = RandomKey(seed: 3).derived("benchmark")
    var now = 0.0
    return (0..<UInt64(requests)).map { id in
        let draw = key.bits(id)
        now += Double(draw & 0xF_FFFF) / 524_288 * 25_000_000
        return Request(
            id: id, arrival: SimulatedTime(nanoseconds: Int64(now)), inputTokens: Int32(1 + (draw >> 20) % 2_300),
            outputTokens: Int32(1 + (draw >> 40) % 420))
    }
}

/// Requests that lie in memory.
private final class StoredSource: RequestSource {
    let classes = ["default"]
    let regions = ["anywhere"]
    let contents = PromptContentStore()
    let sharesPrefixes = false
    let skipped: [SkippedRows] = []
    private let requests: [Request]
    private var cursor = 0

    init(_ requests: [Request]) { self.requests = requests }

    func read(into batch: inout [Request], limit: Int) {
        let end = min(cursor + limit, requests.count)
        batch.append(contentsOf: requests[cursor..<end])
        cursor = end
    }
}

private func run(_ requests: [Request], _ stepping: SimulationOptions.Stepping) throws -> (RunRecord, Duration) {
    let clock = ContinuousClock()
    let start = clock.now
    let simulation = try Simulation(
        fleet: fleet, source: StoredSource(requests), options: SimulationOptions(stepping: stepping))
    let record = try simulation.run()
    return (record, clock.now - start)
}

/// Events and requests per second, leaping and stepping, and how many times faster leaping is on the same requests.
func benchmarkEngine() {
    let eventRate = BenchmarkMetric.custom("events per second", polarity: .prefersLarger, useScalingFactor: false)
    let requestRate = BenchmarkMetric.custom("requests per second", polarity: .prefersLarger, useScalingFactor: false)
    for stepping in SimulationOptions.Stepping.allCases {
        Benchmark(
            "engine, \(stepping.rawValue), \(requests) requests",
            configuration: .init(metrics: [.wallClock, .instructions, .peakMemoryResident, eventRate, requestRate])
        ) { benchmark, stored in
            let (record, elapsed) = try run(stored, stepping)
            benchmark.measurement(eventRate, Int(Double(record.events) * 1e9 / elapsed.nanoseconds))
            benchmark.measurement(requestRate, Int(Double(record.offered) * 1e9 / elapsed.nanoseconds))
        } setup: {
            try conversation()
        }
    }
    let ratio = BenchmarkMetric.custom("stepping ÷ leaping (%)", polarity: .prefersLarger, useScalingFactor: false)
    Benchmark("engine, gain of leaping", configuration: .init(metrics: [ratio])) { benchmark, stored in
        let (leapt, leaping) = try run(stored, .leaping)
        let (stepped, stepping) = try run(stored, .single)
        precondition(leapt.fingerprint == stepped.fingerprint, "leaping and stepping must agree to the nanosecond")
        benchmark.measurement(ratio, Int(100 * stepping.nanoseconds / leaping.nanoseconds))
    } setup: {
        try conversation()
    }
}
