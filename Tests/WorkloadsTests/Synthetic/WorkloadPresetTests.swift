import Primitives
import Testing

@testable import Workloads

/// Presets against the statistics they are built from; against the traces themselves in `RealTraceTests`.
@Suite struct WorkloadPresetTests {
    @Test func namesAreTheDocumentedOnes() {
        #expect(WorkloadPreset.allCases.map(\.rawValue) == ["azure-conv-2023", "azure-code-2023"])
        #expect(WorkloadPreset.azureCode2023.citation.contains("CC-BY 4.0"))
    }

    @Test func theStatisticsAddUpToTheTraces() {
        #expect(AzureStatistics.conversation.requestsPerMinute.reduce(0, +) == 19_366)
        #expect(AzureStatistics.code.requestsPerMinute.reduce(0, +) == 8_819)
        #expect(AzureStatistics.conversation.requestsPerMinute.count == 59)
        #expect(AzureStatistics.code.requestsPerMinute.count == 58)
        for statistics in [AzureStatistics.conversation, .code] {
            #expect(statistics.inputs.count == AzureStatistics.inputLevels.count)
            #expect(statistics.bands.allSatisfy { $0.outputs.count == AzureStatistics.outputLevels.count })
        }
    }

    @Test(arguments: WorkloadPreset.allCases) func minutesFollowTheCounts(preset: WorkloadPreset) throws {
        let all = try requests(of: try preset.workload.source(seed: 17), batch: 4_096)
        let minutes = preset.statistics.requestsPerMinute
        var counts = [Int](repeating: 0, count: minutes.count)
        for request in all { counts[Int(request.arrival.seconds / 60)] += 1 }
        for (count, expected) in zip(counts, minutes) {
            // Poisson counts: four and a half deviations, over 117 minutes.
            #expect(abs(Double(count - expected)) <= 4.5 * Double(expected).squareRoot())
        }
        let total = minutes.reduce(0, +)
        #expect(abs(Double(all.count - total)) < 4 * Double(total).squareRoot())
    }

    @Test(arguments: WorkloadPreset.allCases) func lengthsFollowTheQuantiles(preset: WorkloadPreset) throws {
        let statistics = try TraceStatistics(of: try preset.workload.source(seed: 17))
        let count = Double(statistics.requests)
        for (level, value) in zip(AzureStatistics.inputLevels, preset.statistics.inputs) where level > 0 && level < 1 {
            // The share below a quantile is binomial; atoms make it larger, never smaller, hence one-sided twice.
            let deviation = 4 * (level * (1 - level) / count).squareRoot()
            let atMost = Double(statistics.input.count(from: 0, below: Int64(value) + 2)) / count
            let below = Double(statistics.input.count(from: 0, below: Int64(value) - 1)) / count
            #expect(atMost >= level - deviation, "\(level)")
            #expect(below <= level + deviation, "\(level)")
        }
    }

    @Test func meansAreThePublishedOnes() throws {
        // Azure LLM inference trace 2023: context and generated means of the two files.
        let published: [(WorkloadPreset, Double, Double)] = [
            (.azureConversation2023, 1_155, 211), (.azureCode2023, 2_048, 28),
        ]
        for (preset, input, output) in published {
            let statistics = try TraceStatistics(of: try preset.workload.source(seed: 17))
            #expect(abs((statistics.input.mean ?? 0) / input - 1) < 0.03)
            #expect(abs((statistics.output.mean ?? 0) / output - 1) < 0.08)
        }
    }

    @Test func aLongerRunRepeatsTheMinutes() throws {
        let workload = WorkloadPreset.azureConversation2023.workload(lasting: .hours(5))
        let statistics = try TraceStatistics(of: try workload.source(seed: 1))
        let expected = 19_366.0 * 5 * 3_600 / 3_501.721937
        #expect(abs(Double(statistics.requests) - expected) < 0.03 * expected)
        #expect(statistics.span.seconds > 17_990)
        #expect(statistics.classes.map(\.name) == ["conversation"])
    }
}
