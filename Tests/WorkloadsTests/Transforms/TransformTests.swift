import Primitives
import Testing

@testable import Workloads

@Suite struct TransformTests {
    private static let synthetic = Workload.synthetic(
        SyntheticWorkload(
            arrivals: .poisson(rate: 10),
            classes: [
                RequestClass(
                    name: "chat",
                    lengths: .independent(input: .uniform(low: 1, high: 100), output: .uniform(low: 1, high: 9)),
                    prefixes: SharedPrefixes(groups: 3, tokens: .fixed(32)),
                    conversation: Conversation(turns: .fixed(2), thinkTime: .constant(1))),
                RequestClass(name: "batch", lengths: .independent(input: .fixed(500), output: .fixed(50))),
            ], limit: 1_000))

    private func stream(_ workload: Workload, seed: UInt64 = 1, batch: Int = 64) throws -> [Request] {
        try requests(of: try workload.open(seed: seed), batch: batch)
    }

    private func transformed(_ transforms: WorkloadTransform..., seed: UInt64 = 1) throws -> [Request] {
        try stream(.transformed(Self.synthetic, transforms), seed: seed)
    }

    /// The same in all but contents' handles.
    private func bare(_ requests: [Request]) -> [Request] {
        requests.map { request in
            var request = request
            request.content = .unique
            return request
        }
    }

    @Test func noTransformChangesNothing() throws {
        #expect(try transformed() == stream(Self.synthetic))
    }

    @Test func rateAndStretchScaleTimesAndKeepRequests() throws {
        let original = try stream(Self.synthetic)
        let fast = try transformed(.rate(2))
        let slow = try transformed(.stretch(2))
        #expect(fast.map(\.inputTokens) == original.map(\.inputTokens))
        for (one, other) in zip(fast, original) {
            #expect(abs(one.arrival.nanoseconds * 2 - other.arrival.nanoseconds) <= 1)
        }
        #expect(slow.map(\.arrival.nanoseconds) == original.map { $0.arrival.nanoseconds * 2 })
        #expect(try transformed(.stretch(2), .rate(2)) == original)
    }

    /// Prompts that share content keep the length that their content has.
    @Test(arguments: [0.001, 0.5, 1, 2.5])
    func lengthsScaleInWholeTokens(factor: Double) throws {
        let original = try stream(Self.synthetic)
        let source = try Self.synthetic.open(seed: 1).atLength(factor)
        let scaled = try requests(of: source, batch: 64)
        func resized(_ tokens: Int32) -> Int32 { max(1, Int32((Double(tokens) * factor).rounded())) }
        #expect(scaled.map(\.outputTokens) == original.map { resized($0.outputTokens) })
        #expect(
            scaled.map(\.inputTokens) == original.map { $0.content.isUnique ? resized($0.inputTokens) : $0.inputTokens }
        )
        #expect(scaled.map(\.arrival) == original.map(\.arrival))
        #expect(original.contains { $0.content.isUnique } && original.contains { !$0.content.isUnique })
    }

    @Test func stretchingOutOfRangeIsAnError() throws {
        let text = "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,1\n9000000000,1,1\n"
        let folder = try TemporaryFolder()
        let trace = Workload.trace(path: try folder.file("t", text), options: TraceOptions())
        #expect(throws: WorkloadError.self) { try stream(.transformed(trace, [.stretch(10)])) }
    }

    @Test func slicesStartAtZeroAndRenumber() throws {
        let original = try stream(Self.synthetic)
        let from = SimulatedTime(nanoseconds: 10_000_000_000)
        let to = SimulatedTime(nanoseconds: 20_000_000_000)
        let slice = try transformed(.slice(from: from, to: to))
        let expected = original.filter { $0.arrival >= from && $0.arrival < to }
        #expect(slice.count == expected.count)
        #expect(slice.count > 50)
        #expect(slice.map(\.id) == Array(0..<UInt64(slice.count)))
        #expect(slice.map(\.arrival.nanoseconds) == expected.map { $0.arrival.nanoseconds - from.nanoseconds })
        #expect(slice.map(\.outputTokens) == expected.map(\.outputTokens))
        #expect(try transformed(.slice(from: from, to: nil)).count == original.count { $0.arrival >= from })
        #expect(try transformed(.slice(from: SimulatedTime(nanoseconds: .max - 1), to: nil)).isEmpty)
    }

    @Test func limitsCut() throws {
        let original = try stream(Self.synthetic)
        #expect(try transformed(.limitRequests(10)) == Array(original.prefix(10)))
        #expect(try transformed(.limitRequests(1_000_000)) == original)
        let short = try transformed(.limitDuration(.seconds(5)))
        #expect(bare(short) == bare(original.filter { $0.arrival.seconds < 5 }))
        #expect(try transformed(.limitDuration(SimulatedDuration(nanoseconds: .max))).count == original.count)
    }

    @Test func transformsApplyInOrder() throws {
        let limitedThenFast = try transformed(.limitDuration(.seconds(10)), .rate(2))
        let fastThenLimited = try transformed(.rate(2), .limitDuration(.seconds(10)))
        #expect(limitedThenFast.allSatisfy { $0.arrival.seconds <= 5 })
        #expect(fastThenLimited.count > limitedThenFast.count + 50)
    }

    @Test func slicesForgetWhatTheyDrop() throws {
        let source = try Workload.transformed(
            Self.synthetic, [.slice(from: SimulatedTime(nanoseconds: 30_000_000_000), to: nil)]
        ).open(seed: 1)
        var batch: [Request] = []
        try source.read(into: &batch, limit: 10)
        // The contents of some 300 requests were dropped: their slots are free again.
        let handle = source.contents.insert([PromptSegment(key: 1, tokens: 1)])
        let next = source.contents.insert([PromptSegment(key: 1, tokens: 1)])
        #expect(Set(batch.map(\.content)).isDisjoint(with: [handle, next]))
        for request in batch where !request.content.isUnique {
            let covered = source.contents.segments(of: request.content).reduce(0) { $0 + $1.tokens }
            #expect(covered == request.inputTokens)
        }
    }

    @Test func classesAndPrioritiesAreAssigned() throws {
        let source = try Workload.transformed(Self.synthetic, [.assignClass("all"), .assignPriority(-7)]).open(seed: 1)
        #expect(source.classes == ["all"])
        let all = try requests(of: source, batch: 64)
        #expect(all.allSatisfy { $0.classIndex == 0 && $0.priority == -7 })
        #expect(all.map(\.inputTokens) == (try stream(Self.synthetic)).map(\.inputTokens))
    }

    // MARK: Resampling

    @Test func resamplingKeepsLengthsTogether() throws {
        let resampling = WorkloadTransform.Resampling(arrivals: .constant(rate: 100), limit: 20_000)
        let all = try transformed(.resample(resampling))
        #expect(all.count == 20_000)
        #expect(all.prefix(3).map(\.arrival.nanoseconds) == [0, 10_000_000, 20_000_000])
        #expect(all.map(\.id) == Array(0..<20_000))
        let original = try stream(Self.synthetic)
        struct Shape: Hashable { var input, output: Int32; var kind: UInt16 }
        func shapes(_ requests: [Request]) -> Set<Shape> {
            Set(requests.map { Shape(input: $0.inputTokens, output: $0.outputTokens, kind: $0.classIndex) })
        }
        #expect(shapes(all).isSubset(of: shapes(original)))
        #expect(all.allSatisfy { $0.content.isUnique && $0.session == 0 })
        let expected = moments(original.map { Double($0.inputTokens) })
        let found = moments(all.map { Double($0.inputTokens) })
        #expect(abs(found.mean - expected.mean) < 4 * expected.deviation / 20_000.0.squareRoot())
    }

    @Test func aSmallPoolIsAUniformSample() throws {
        // 1,000 numbered requests; the mean number of pools of 20 over 60 seeds is 499.5 ± 289 ÷ √1200.
        let rows = (0..<1_000).map { "\($0),\($0 + 1),1\n" }.joined()
        let folder = try TemporaryFolder()
        let path = try folder.file("t", "arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows)
        let resampling = WorkloadTransform.Resampling(arrivals: .constant(rate: 100), limit: 400, pool: 20)
        var numbers: [Double] = []
        for seed in 0..<60 as Range<UInt64> {
            let trace = Workload.trace(path: path, options: TraceOptions())
            let pool = Set(try stream(.transformed(trace, [.resample(resampling)]), seed: seed).map(\.inputTokens))
            #expect(pool.count == 20)
            numbers += pool.map { Double($0 - 1) }
        }
        #expect(abs(moments(numbers).mean - 499.5) < 4 * 289 / 1_200.0.squareRoot())
    }

    // MARK: Repetition

    @Test func repetitionContinuesAtTheMeanGap() throws {
        let text = "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,1\n1,2,1\n4,3,1\n"
        let folder = try TemporaryFolder()
        let trace = Workload.trace(path: try folder.file("t", text), options: TraceOptions())
        let all = try stream(.transformed(trace, [.repeated(until: .seconds(14))]))
        // Span 4 s, mean gap 2 s: cycles of 6 s.
        #expect(all.map(\.arrival.seconds) == [0, 1, 4, 6, 7, 10, 12, 13])
        #expect(all.map(\.inputTokens) == [1, 2, 3, 1, 2, 3, 1, 2])
        #expect(all.map(\.id) == Array(0..<8))
        #expect(try stream(.transformed(trace, [.repeated(until: .seconds(1))])).count == 1)
        #expect(try stream(.transformed(trace, [.repeated(until: .seconds(14))]), batch: 1) == all)
    }

    @Test func repetitionSharesWithinACycleOnly() throws {
        let source = try Workload.transformed(
            .trace(path: Corpus.path("mooncake-valid.jsonl"), options: TraceOptions()), [.repeated(until: .seconds(9))]
        ).open(seed: 1)
        let all = try requests(of: source)
        #expect(all.count == 6)
        let first = all.map { source.contents.segments(of: $0.content).first?.key }
        #expect(first[0] == first[1])
        #expect(first[3] == first[4])
        #expect(first[0] != first[3])
    }

    @Test func repetitionsOfOneInstantMoveOn() throws {
        let text = "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,1\n"
        let folder = try TemporaryFolder()
        let trace = Workload.trace(path: try folder.file("t", text), options: TraceOptions())
        let all = try stream(.transformed(trace, [.repeated(until: SimulatedDuration(nanoseconds: 5))]))
        #expect(all.map(\.arrival.nanoseconds) == [0, 1, 2, 3, 4])
        let empty = try folder.file("e", "arrived_at,num_prefill_tokens,num_decode_tokens\n")
        let none = Workload.trace(path: empty, options: TraceOptions())
        #expect(try stream(.transformed(none, [.repeated(until: .seconds(5))])).isEmpty)
    }

    @Test func repeatedSyntheticCyclesDrawAfresh() throws {
        let all = try transformed(.repeated(until: .hours(1)))
        let cycle = Array(all.prefix(1_000))
        #expect(all.count > 10_000)
        #expect(cycle.map(\.arrival) == (try stream(Self.synthetic)).map(\.arrival))
        #expect(all[1_000..<2_000].map(\.inputTokens) != cycle.map(\.inputTokens))
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    }

    @Test func skippedRowsAddUpOverCycles() throws {
        let trace = Workload.trace(path: Corpus.path("burstgpt-six.csv"), options: TraceOptions())
        let source = try Workload.transformed(trace, [.repeated(until: .seconds(1_000))]).open(seed: 1)
        let all = try requests(of: source)
        // Cycles of 133 + 66.5 s: five whole ones and the first request of a sixth.
        #expect(all.count == 16)
        #expect(source.skipped == [SkippedRows(reason: "output of zero tokens", count: 6)])
    }

    @Test func badTransformsAreRefused() {
        let point = SimulatedTime(nanoseconds: 5)
        let bad: [WorkloadTransform] = [
            .rate(0), .rate(-1), .rate(.nan), .stretch(1e9), .slice(from: point, to: point),
            .slice(from: SimulatedTime(nanoseconds: -1), to: nil), .limitRequests(0), .limitDuration(.zero),
            .repeated(until: .zero), .resample(.init(arrivals: .poisson(rate: 1))),
            .resample(.init(arrivals: .poisson(rate: 0), limit: 1)),
            .resample(.init(arrivals: .poisson(rate: 1), limit: 1, pool: 0)),
        ]
        for transform in bad {
            #expect(throws: WorkloadError.self, "\(transform)") { try transformed(transform) }
        }
        #expect(throws: WorkloadError.self) { try stream(.mix([])) }
    }
}
