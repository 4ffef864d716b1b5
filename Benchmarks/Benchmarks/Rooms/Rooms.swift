import Benchmark

/// Every benchmark of the package. Times depend on the machine: compare them on one machine only; the ratio of
/// leaping to stepping and the instruction counts travel better.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .instructions, .peakMemoryResident], warmupIterations: 1, maxDuration: .seconds(3))
    benchmarkEngine()
    benchmarkTraces()
    benchmarkStepCost()
    benchmarkHistogram()
    benchmarkInvoice()
}

extension Duration {
    /// For rates; a benchmark lasts far less than 2⁵³ nanoseconds.
    var nanoseconds: Double { Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9 }
}
