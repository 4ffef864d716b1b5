import Benchmark
import PerformanceModel
import Pricing
import Primitives

/// One step's time and one decode line of Llama 3.1 8B on an H100, in batches like those of a busy server.
func benchmarkStepCost() {
    let shapes = (1...64).map { sequences in
        var shape = StepShape()
        shape.addChunk(new: 512, cached: 128 * (sequences % 5))
        shape.decodeSequences = sequences
        shape.decodeContext = 900 * sequences
        shape.sampledSequences = sequences + 1
        return shape
    }
    Benchmark(
        "step cost, mixed step", configuration: .init(metrics: [.wallClock, .instructions], scalingFactor: .kilo)
    ) {
        benchmark, cost in
        for index in benchmark.scaledIterations { blackHole(cost.stepTime(shapes[index & 63])) }
    } setup: {
        try transformer()
    }
    Benchmark(
        "step cost, decode line", configuration: .init(metrics: [.wallClock, .instructions], scalingFactor: .kilo)
    ) {
        benchmark, cost in
        for index in benchmark.scaledIterations {
            blackHole(cost.decodeLine(sequences: 1 + index & 63, context: 900 * (1 + index & 63)))
        }
    } setup: {
        try transformer()
    }
    Benchmark("step cost, tables built") { _ in blackHole(try transformer()) }
}

private func transformer() throws -> any StepCostModel {
    try TransformerStepCost(
        ModelCatalogue.model(named: "llama-3.1-8b"), .bf16, device: Device.named("H100-SXM"))
}

/// One recorded latency, and one quantile of a full histogram.
func benchmarkHistogram() {
    let key = RandomKey(seed: 1).derived("histogram benchmark")
    let values = (0..<1_024).map { Int64(key.bits($0) >> 30) }
    let configuration = Benchmark.Configuration(metrics: [.wallClock, .instructions], scalingFactor: .kilo)
    Benchmark("histogram, record", configuration: configuration) { benchmark in
        var histogram = LatencyHistogram()
        histogram.record(.max >> 20)
        benchmark.startMeasurement()
        for index in benchmark.scaledIterations { histogram.record(values[index & 1_023]) }
        benchmark.stopMeasurement()
        blackHole(histogram)
    }
    Benchmark("histogram, quantile", configuration: .init(metrics: [.wallClock, .instructions])) { benchmark in
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        benchmark.startMeasurement()
        blackHole(histogram.quantile(0.99))
    }
}

/// The bill of 10,000 rentals of four kinds: billed by the second, by the minute, with a minimum, and with disks.
func benchmarkInvoice() {
    let rentals = 10_000
    Benchmark("invoice, \(rentals) rentals") { benchmark, bill in
        blackHole(bill.ledger.invoice(pools: bill.terms))
    } setup: {
        try Bill(rentals: rentals)
    }
}

private struct Bill {
    var ledger = UsageLedger()
    var terms: [PoolTerms]

    init(rentals: Int) throws {
        let offers = ["aws", "gcp", "runpod", "vast"].compactMap { provider in
            PriceBook.bundled.offers.first { $0.provider == provider && $0.onDemandPerHour != nil }
        }
        terms = try offers.map { try PoolTerms(pool: $0.id, offer: $0, disk: ByteCount(bytes: 100_000_000_000)) }
        let key = RandomKey(seed: 1).derived("invoice benchmark")
        for instance in 0..<rentals {
            let start = SimulatedTime(nanoseconds: Int64(key.bits(UInt64(instance)) >> 18))
            let states = InstanceState.allCases.indices.map {
                Int64(key.bits(UInt64(rentals + instance * 8 + $0)) >> 22)
            }
            let end = start + SimulatedDuration(nanoseconds: states.reduce(0, +))
            ledger.rentals.append(
                Rental(pool: instance % terms.count, instance: instance, start: start, end: end, states: states))
        }
    }
}
