import Primitives
import Testing
import Workloads

/// The real public traces, where they are at hand; their published counts, means and percentiles.
@Suite(.enabled(if: RealTraces.arePresent, "real traces are not here: set ISOCOST_SHARED to their folder"))
struct RealTraceTests {
    @Test func azureConversation() throws {
        let statistics = try TraceStatistics(of: try openTrace(at: RealTraces.path("azure-2023-conv.csv")))
        #expect(statistics.requests == 19_366)
        // 18:15:46.6805900 to 19:14:08.4025270.
        #expect(statistics.span.nanoseconds == 3_501_721_937_000)
        #expect(Int(statistics.input.mean ?? 0) == 1_154)
        #expect(statistics.input.quantile(0.5) == 1_020)
        #expect(statistics.input.quantile(0.99) == 4_142)
        #expect(Int((statistics.output.mean ?? 0).rounded()) == 211)
        #expect(statistics.output.quantile(0.5) == 129)
        #expect(statistics.output.quantile(0.99) == 601)
        #expect(statistics.skipped.isEmpty)
    }

    @Test func azureCode() throws {
        let statistics = try TraceStatistics(of: try openTrace(at: RealTraces.path("azure-2023-code.csv")))
        #expect(statistics.requests == 8_819)
        // 18:17:03.9799600 to 19:14:19.9280160.
        #expect(statistics.span.nanoseconds == 3_435_948_056_000)
        #expect(Int((statistics.input.mean ?? 0).rounded()) == 2_048)
        #expect(statistics.input.quantile(0.5) == 1_469)
        #expect(statistics.input.quantile(0.99) == 7_436)
        #expect(Int((statistics.output.mean ?? 0).rounded()) == 28)
        #expect(statistics.output.quantile(0.5) == 13)
        #expect(statistics.output.quantile(0.99) == 252)
        #expect(statistics.peakMinute == 632)
        #expect(abs((statistics.gapVariation ?? 0) - 13.152) < 0.001)
    }

    @Test func mooncakeConversation() throws {
        let statistics = try TraceStatistics(of: try openTrace(at: RealTraces.path("mooncake-conversation.jsonl")))
        #expect(statistics.requests == 12_031)
        #expect(statistics.span.seconds > 3_536 && statistics.span.seconds < 3_538)
        #expect(Int((statistics.input.mean ?? 0).rounded()) == 12_035)
        #expect(statistics.input.quantile(0.5) == 6_909)
        #expect(statistics.input.quantile(0.99) == 85_401)
        #expect(Int((statistics.output.mean ?? 0).rounded()) == 343)
        #expect(statistics.output.quantile(0.5) == 350)
        #expect(statistics.output.quantile(0.99) == 1_120)
        let share = try #require(statistics.sharedPrefixShare)
        #expect(share > 0.3 && share < 0.5)
    }

    @Test func serveGenFollowsItsRates() throws {
        let source = try openTrace(at: RealTraces.path("servegen-m-small"), options: TraceOptions(origin: .file))
        var seen = 0
        var batch: [Request] = []
        repeat {
            batch.removeAll(keepingCapacity: true)
            try source.read(into: &batch, limit: 8_192)
            seen += batch.count
        } while !batch.isEmpty
        // Σ rate × 600 s over the three clients' windows is about 908,000; the windows with CV above 40 make the
        // spread wide.
        #expect(seen > 700_000 && seen < 1_200_000)
    }

    @Test(arguments: ["azure-2023-conv.csv", "azure-2023-code.csv", "mooncake-conversation.jsonl"])
    func convertingAndReadingAgainIsTheSame(name: String) throws {
        let folder = try TemporaryFolder()
        let path = RealTraces.path(name)
        try writeTrace(try openTrace(at: path), to: folder.path + "/t", format: .isocost)
        let original = try openTrace(at: path)
        let copy = try openTrace(at: folder.path + "/t")
        let expected = try requests(of: original, batch: 4_096)
        let found = try requests(of: copy, batch: 4_096)
        #expect(found.count == expected.count)
        var differences = 0
        for (one, other) in zip(found, expected) {
            let isSame =
                one.arrival == other.arrival && one.inputTokens == other.inputTokens
                && one.outputTokens == other.outputTokens
                && copy.contents.segments(of: one.content) == original.contents.segments(of: other.content)
            if !isSame { differences += 1 }
        }
        #expect(differences == 0)
    }

    @Test func presetsMatchTheTracesTheyComeFrom() throws {
        let pairs: [(WorkloadPreset, String)] = [
            (.azureConversation2023, "azure-2023-conv.csv"), (.azureCode2023, "azure-2023-code.csv"),
        ]
        for (preset, name) in pairs {
            let real = try TraceStatistics(of: try openTrace(at: RealTraces.path(name)))
            let drawn = try TraceStatistics(of: try preset.workload.source(seed: 11))
            #expect(isNear(Double(drawn.requests), Double(real.requests), within: 0.04))
            #expect(isNear(drawn.input.mean ?? 0, real.input.mean ?? 0, within: 0.03))
            #expect(isNear(drawn.output.mean ?? 0, real.output.mean ?? 0, within: 0.10))
            for quantile in [0.5, 0.9, 0.99] {
                let input = Double(drawn.input.quantile(quantile) ?? 0)
                #expect(isNear(input, Double(real.input.quantile(quantile) ?? 0), within: 0.06), "\(name) \(quantile)")
                let output = Double(drawn.output.quantile(quantile) ?? 0)
                #expect(
                    isNear(output, Double(real.output.quantile(quantile) ?? 0), within: 0.12), "\(name) \(quantile)")
            }
        }
    }

    private func isNear(_ value: Double, _ target: Double, within share: Double) -> Bool {
        near(value, target, within: share * target)
    }
}
