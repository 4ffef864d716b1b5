import Primitives
import SimulationCore
import Testing
import Workloads

/// Small scenarios of vLLM V1's scheduler worked out by hand. A step takes 100 ns and 10 ns per prompt token; steps are
/// listed as [prompt tokens, decoding sequences]. Requests arrive at 0 unless said otherwise.
@Suite struct SchedulingTableTests {
    private func engine(
        budget: Int = 1_000, sequences: Int = 16, blocks: Int = 1_000, chunked: Bool = true, caching: Bool = false
    ) -> EngineConfiguration {
        EngineConfiguration(
            maxBatchedTokens: budget, maxSequences: sequences, maxModelLength: 100, blockSize: 4, kvBlocks: blocks,
            chunkedPrefill: chunked, prefixCaching: caching)
    }

    private func prioritised(_ engine: EngineConfiguration) -> EngineConfiguration {
        var engine = engine
        engine.queueOrder = .priority
        return engine
    }

    /// Budget 8: A's 5 tokens leave 3 for B; A's decode leaves 7 for the rest of B; both decode.
    @Test func promptsAreChunkedToTheBudget() throws {
        let run = try LoggedRun(engine(budget: 8), [Request(0, input: 5, output: 3), Request(1, input: 10, output: 2)])
        #expect(run.steps == [[8, 0], [7, 1], [0, 2]])
        #expect([run.ttft(0), run.e2e(0)] == [180, 450])
        #expect([run.ttft(1), run.e2e(1)] == [350, 450])
        #expect(run.queue(1) == 0, "B was scheduled in the first step")
        #expect(run.record.latency.itl.total == 170 + 100 + 100)
        #expect(run.record.latency.itl.maximum == 170)
    }

    /// A threshold of 4 cuts a prompt of 10 into 4, 4, 2, and leaves room for another's 4 beside it.
    @Test func longPromptsAreCutByTheThreshold() throws {
        var threshold = engine(budget: 8)
        threshold.longPrefillThreshold = 4
        #expect(try LoggedRun(threshold, [Request(0, input: 10, output: 1)]).steps == [[4, 0], [4, 0], [2, 0]])
        let two = try LoggedRun(threshold, [Request(0, input: 10, output: 1), Request(1, input: 6, output: 1)])
        #expect(two.steps == [[8, 0], [6, 0], [2, 0]])
        #expect([two.e2e(0), two.e2e(1)] == [460, 340])
    }

    /// Without chunking B's 5 tokens do not fit beside A's 5 in a budget of 8; beside A's decode they do.
    @Test func unchunkedPromptsWaitForRoom() throws {
        let run = try LoggedRun(
            engine(budget: 8, chunked: false), [Request(0, input: 5, output: 2), Request(1, input: 5, output: 2)])
        #expect(run.steps == [[5, 0], [5, 1], [0, 1]])
        #expect([run.queue(0), run.queue(1)] == [0, 150])
    }

    @Test func theThirdOfTwoSequencesWaits() throws {
        let requests = (0..<3).map { Request($0, input: 4, output: 2) }
        let run = try LoggedRun(engine(sequences: 2), requests)
        #expect(run.steps == [[8, 0], [0, 2], [4, 0], [0, 1]])
        #expect((0..<3).map(run.queue) == [0, 0, 280])
        #expect((0..<3).map(run.e2e) == [280, 280, 520])
        #expect(run.record.replicas[0].peakRunning == 2)
    }

    /// Five blocks of 4. A takes 2, and grows to 4 by its end. B needs 4 and waits; C would fit but does not overtake.
    @Test func aBlockedHeadBlocksTheLine() throws {
        let run = try LoggedRun(
            engine(blocks: 5),
            [Request(0, input: 8, output: 6), Request(1, input: 16, output: 1), Request(2, input: 4, output: 1)])
        #expect(run.steps == [[8, 0], [0, 1], [0, 1], [0, 1], [0, 1], [0, 1], [20, 0]])
        #expect((0..<3).map(run.queue) == [0, 680, 680])
        #expect((0..<3).map(run.e2e) == [680, 980, 980])
        #expect(run.record.replicas[0].peakBlocks == 5)
        #expect(run.record.preemptions == 0)
    }

    /// Four blocks of 4, budget 9. A and B fill them at 8 tokens each (580 ns). A's next block costs B, the last: B's 8
    /// computed tokens are lost. B stands before C, who arrived at 500, and computes 4 + 5 tokens at once.
    private let tight = [
        Request(0, input: 4, output: 6), Request(1, input: 4, output: 6), Request(2, at: 500, input: 4, output: 1),
    ]

    @Test func theLastRunningIsPreemptedAndGoesFirst() throws {
        let run = try LoggedRun(engine(budget: 9, blocks: 4), tight)
        #expect(run.steps == [[8, 0], [0, 2], [0, 2], [0, 2], [0, 2], [0, 1], [9, 0], [4, 0]])
        #expect((0..<3).map(run.e2e) == [680, 870, 510])
        #expect((0..<3).map { run.outcomes[$0].preemptions } == [0, 1, 0])
        #expect([run.queue(1), run.queue(2)] == [0, 370])
        #expect(run.record.recomputedTokens == 8)
        #expect(run.record.latency.itl.maximum == 290, "B's tokens at 580 and 870")
    }

    /// With a cache, A takes B's second block, freed first; B finds its first one again and computes 5 tokens, so that
    /// C's 4 fit in the same step.
    @Test func aPreemptedSequenceFindsWhatIsLeftOfIt() throws {
        let run = try LoggedRun(engine(budget: 9, blocks: 4, caching: true), tight)
        #expect(run.steps == [[8, 0], [0, 2], [0, 2], [0, 2], [0, 2], [0, 1], [9, 0]])
        #expect(run.record.recomputedTokens == 4)
        #expect(run.record.cachedTokens == 0 && run.outcomes[1].cachedTokens == 0, "the prompt found nothing")
        #expect((0..<3).map(run.e2e) == [680, 870, 370])
    }

    /// The same whether blocks are counted or real: B named by a content that nobody shares.
    @Test func countedAndRealBlocksAgree() throws {
        let own = Dictionary(
            uniqueKeysWithValues: tight.map { ($0.id, ([PromptSegment(key: 50 + $0.id, tokens: 4)], false)) })
        let counted = try LoggedRun(engine(budget: 9, blocks: 4, caching: true), tight)
        let named = try LoggedRun(engine(budget: 9, blocks: 4, caching: true), tight, prompts: own)
        #expect(counted.steps == named.steps)
        #expect(counted.outcomes == named.outcomes)
        #expect(counted.record.recomputedTokens == named.record.recomputedTokens)
    }

    /// B, more urgent, needs a block in the third step: A gives its two back though it stands first and was already
    /// given this step. First come, first served would send B away itself.
    @Test func theLeastUrgentIsPreempted() throws {
        let requests = [
            Request(0, input: 4, output: 5, priority: 1), Request(1, at: 1, input: 8, output: 2, priority: 0),
        ]
        let run = try LoggedRun(prioritised(engine(blocks: 4)), requests)
        #expect(run.steps == [[4, 0], [8, 1], [0, 1], [6, 0], [0, 1], [0, 1]])
        #expect((0..<2).map(run.e2e) == [780, 419])
        #expect((0..<2).map { run.outcomes[$0].preemptions } == [1, 0])
        #expect(run.record.latency.itl.maximum == 260, "A's tokens at 320 and 580")
        #expect(run.record.recomputedTokens == 5)

        let patient = try LoggedRun(engine(blocks: 4), requests)
        #expect((0..<2).map { patient.outcomes[$0].preemptions } == [0, 1])
    }

    /// A is the least urgent and itself the one without a block: it stops the step, which is empty and takes no time,
    /// and waits for two free blocks to become three.
    @Test func whoPreemptsItselfStopsTheStep() throws {
        let run = try LoggedRun(
            prioritised(engine(blocks: 4)),
            [Request(0, input: 4, output: 6, priority: 1), Request(1, at: 1, input: 4, output: 6, priority: 0)])
        #expect(run.steps == [[4, 0], [4, 1], [0, 2], [0, 2], [0, 2], [0, 1], [0, 1], [9, 0]])
        #expect((0..<2).map(run.e2e) == [970, 779])
        #expect(run.record.preemptions == 1)
    }

    /// The more urgent of two waiting is admitted first, whenever it came.
    @Test func theMostUrgentIsAdmittedFirst() throws {
        let run = try LoggedRun(
            prioritised(engine(sequences: 1)),
            [
                Request(0, input: 4, output: 1, priority: 5), Request(1, at: 1, input: 4, output: 1, priority: 5),
                Request(2, at: 2, input: 4, output: 1, priority: 1),
            ])
        #expect((0..<3).map(run.e2e) == [140, 419, 278])
    }

    @Test func aStaticBatchIsClosed() throws {
        var still = engine(sequences: 2)
        still.batching = .static
        let run = try LoggedRun(
            still, [Request(0, input: 4, output: 3), Request(1, input: 4, output: 1), Request(2, input: 4, output: 1)])
        #expect(run.steps == [[8, 0], [0, 1], [0, 1], [4, 0]])
        #expect((0..<3).map(run.e2e) == [380, 180, 520])
    }

    @Test func simultaneousArrivalsAreServedById() throws {
        let run = try LoggedRun(engine(sequences: 1), (0..<4).map { Request($0, at: 7, input: 4, output: 1) })
        #expect((0..<4).map(run.queue) == [0, 140, 280, 420])
    }

    @Test func whatCanNeverFitIsRefused() throws {
        // 100 tokens in all at most; 4 blocks hold 16, and the last token is never fed back.
        let long = try LoggedRun(engine(), [Request(0, input: 60, output: 40), Request(1, input: 60, output: 41)])
        #expect(long.outcomes.map(\.failure) == [nil, .tooLong])
        let large = try LoggedRun(
            engine(blocks: 4), [Request(0, input: 10, output: 7), Request(1, input: 10, output: 8)])
        #expect(large.outcomes.map(\.failure) == [nil, .tooLargeForCache])
        #expect(large.record.failures == [.tooLargeForCache: 1])
        #expect(large.record.completed == 1 && large.record.classes[0].failed == 1)
    }

    /// Without chunks a whole sequence must fit one step, for it may have to be computed again.
    @Test func unchunkedSequencesMustFitAStep() throws {
        let run = try LoggedRun(
            engine(budget: 8, chunked: false), [Request(0, input: 5, output: 3), Request(1, input: 5, output: 4)])
        #expect(run.outcomes.map(\.failure) == [nil, .tooLong])
    }
}
