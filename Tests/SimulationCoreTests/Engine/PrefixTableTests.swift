import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

/// Shared prompts and network delays, worked out by hand. Blocks hold 4 tokens.
@Suite struct PrefixTableTests {
    private func engine(blocks: Int, caching: Bool = true) -> EngineConfiguration {
        EngineConfiguration(maxModelLength: 200, blockSize: 4, kvBlocks: blocks, prefixCaching: caching)
    }

    /// One request after the other, 10 µs apart: (shared key, shared tokens, all tokens).
    private func sequential(_ prompts: [(key: UInt64, shared: Int32, input: Int32)], blocks: Int) throws -> LoggedRun {
        var requests: [Request] = []
        var contents: [UInt64: ([PromptSegment], Bool)] = [:]
        for (index, prompt) in prompts.enumerated() {
            let id = UInt64(index)
            requests.append(Request(id, at: Int64(index) * 10_000, input: prompt.input, output: 1))
            var segments = [PromptSegment(key: prompt.key, tokens: prompt.shared)]
            if prompt.input > prompt.shared {
                segments.append(PromptSegment(key: 1_000 + id, tokens: prompt.input - prompt.shared))
            }
            contents[id] = (segments, false)
        }
        return try LoggedRun(engine(blocks: blocks), requests, prompts: contents)
    }

    private func cached(_ run: LoggedRun) -> [Int32] { run.outcomes.map(\.cachedTokens) }

    /// An equal prompt of 8 finds 1 block: the last token is computed, and with it its block. One token more, and both
    /// are found.
    @Test func atLeastOneTokenIsComputed() throws {
        let run = try sequential([(7, 8, 8), (7, 8, 8), (7, 8, 9), (7, 7, 12)], blocks: 100)
        #expect(cached(run) == [0, 4, 8, 4])
        #expect(run.steps == [[8, 0], [4, 0], [1, 0], [8, 0]])
        #expect(run.record.cachedTokens == 16 && run.record.prefixQueries == 8 + 8 + 9 + 12)
    }

    /// Blocks are findable as soon as they are scheduled: a twin in the same step computes its own tokens only.
    @Test func twinsShareWithinAStep() throws {
        let twins = [Request(0, input: 9, output: 1), Request(1, input: 9, output: 1)]
        let contents: [UInt64: ([PromptSegment], Bool)] = [
            0: ([PromptSegment(key: 7, tokens: 8), PromptSegment(key: 1, tokens: 1)], false),
            1: ([PromptSegment(key: 7, tokens: 8), PromptSegment(key: 2, tokens: 1)], false),
        ]
        let run = try LoggedRun(engine(blocks: 100), twins, prompts: contents)
        #expect(run.steps == [[10, 0]])
        #expect(cached(run) == [0, 8])
        #expect(run.record.replicas[0].peakBlocks == 4, "2 shared and 1 of each")
        let without = try LoggedRun(engine(blocks: 100, caching: false), twins, prompts: contents)
        #expect(without.steps == [[18, 0]])
    }

    /// Four blocks. X leaves [free, free, x1, x0], Y takes the free ones and leaves [x1, x0, y1, y0]; Z takes x1.
    /// Then X finds x0 alone, Y still both.
    @Test func theEndOfTheOldestGoesFirst() throws {
        let history: [(key: UInt64, shared: Int32, input: Int32)] = [(1, 8, 8), (2, 8, 8), (3, 4, 4)]
        #expect(cached(try sequential(history + [(1, 8, 9)], blocks: 4)) == [0, 0, 0, 4])
        #expect(cached(try sequential(history + [(2, 8, 9)], blocks: 4)) == [0, 0, 0, 8])
        #expect(cached(try sequential(history + [(3, 4, 5)], blocks: 4)) == [0, 0, 0, 4])
    }

    /// A hit renews: X is asked for again before Z comes, so Z takes Y's end. X's second asking takes y1 for its
    /// ninth token (the queue is [y1, y0] while x0, x1 are held) and leaves [y0, own, x1, x0].
    @Test func aHitMovesToTheBack() throws {
        let history: [(key: UInt64, shared: Int32, input: Int32)] = [(1, 8, 8), (2, 8, 8), (1, 8, 9), (3, 4, 4)]
        #expect(cached(try sequential(history + [(1, 8, 9)], blocks: 4)) == [0, 0, 8, 0, 8])
        #expect(cached(try sequential(history + [(2, 8, 9)], blocks: 4)) == [0, 0, 8, 0, 0])
    }

    /// A conversation: what was generated is found by the next turn, but for the last token, which was never fed back.
    @Test func generatedTokensAreFoundByTheNextTurn() throws {
        let requests = [Request(0, input: 6, output: 7), Request(1, at: 100_000, input: 20, output: 1)]
        for (continues, found) in [(true, 12), (false, 4)] as [(Bool, Int32)] {
            let contents: [UInt64: ([PromptSegment], Bool)] = [
                0: ([PromptSegment(key: 5, tokens: 6)], continues), 1: ([PromptSegment(key: 5, tokens: 20)], false),
            ]
            #expect(cached(try LoggedRun(engine(blocks: 100), requests, prompts: contents)) == [0, found])
        }
    }

    // MARK: Delays

    @Test func delaysAddExactly() throws {
        let requests = (0..<6).map { Request($0, at: Int64($0) * 1_000_000, input: 4, output: 3) }
        func outcomes(classDelay: Int64, poolDelay: Int64) throws -> [RequestOutcome] {
            let pool = PoolConfiguration(
                name: "one", replicas: 1, engine: engine(blocks: 100),
                stepCost: LinearStepCost(perStep: 100, perPrefillToken: 10),
                oneWayDelay: .milliseconds(poolDelay))
            let fleet = FleetConfiguration(
                pools: [pool], router: .roundRobin, classDelays: [.milliseconds(classDelay)])
            let collector = Collector()
            _ = try Simulation(fleet: fleet, source: ListSource(requests), observer: collector).run()
            return collector.outcomes
        }
        let near = try outcomes(classDelay: 0, poolDelay: 0)
        for (classDelay, poolDelay) in [(3, 0), (0, 5), (3, 5)] as [(Int64, Int64)] {
            let far = try outcomes(classDelay: classDelay, poolDelay: poolDelay)
            let added = SimulatedDuration.milliseconds(2 * (classDelay + poolDelay))
            for (a, b) in zip(near, far) {
                #expect(b.ttft == a.ttft + added && b.e2e == a.e2e + added)
                #expect(b.network == added && b.queue == a.queue)
            }
        }
    }
}
