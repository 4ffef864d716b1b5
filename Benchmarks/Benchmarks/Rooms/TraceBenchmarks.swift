import Benchmark
import Foundation
import Primitives
import Workloads

private let rows = 200_000

/// Nanoseconds per row of reading a trace, from the file to requests, and of making up the same requests.
func benchmarkTraces() {
    let perRow = BenchmarkMetric.custom("ns per row", polarity: .prefersSmaller, useScalingFactor: false)
    for format in [TraceFormat.azureLLM, .vidur, .isocost, .mooncake] {
        Benchmark(
            "trace, reading \(format.rawValue), \(rows) rows",
            configuration: .init(metrics: [.wallClock, .instructions, perRow])
        ) { benchmark, path in
            let elapsed = try drain { try openTrace(at: path) }
            benchmark.measurement(perRow, Int(elapsed.nanoseconds / Double(rows)))
        } setup: {
            try writtenTrace(format)
        }
    }
    Benchmark(
        "trace, synthesising azure-conv-2023, \(rows) rows", configuration: .init(metrics: [.wallClock, perRow])
    ) { benchmark in
        let elapsed = try drain(synthetic)
        benchmark.measurement(perRow, Int(elapsed.nanoseconds / Double(rows)))
    }
}

private func synthetic() throws -> any RequestSource {
    var workload = WorkloadPreset.azureConversation2023.workload(lasting: .seconds(360_000))
    workload.limit = UInt64(rows)
    return try workload.source(seed: 1)
}

private func drain(_ open: () throws -> any RequestSource) throws -> Duration {
    let clock = ContinuousClock()
    let start = clock.now
    let source = try open()
    var batch: [Request] = []
    var count = 0
    repeat {
        batch.removeAll(keepingCapacity: true)
        try source.read(into: &batch, limit: 4_096)
        count += batch.count
    } while !batch.isEmpty
    precondition(count == rows, "\(count) rows were read of \(rows) written")
    return clock.now - start
}

/// The synthetic requests in a file of the temporary folder, which the next run overwrites.
private func writtenTrace(_ format: TraceFormat) throws -> String {
    let name = "isocost-benchmark-\(format.rawValue).\(format == .mooncake ? "jsonl" : "csv")"
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    _ = try writeTrace(synthetic(), to: path, format: format)
    return path
}
