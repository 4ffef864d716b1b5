import PerformanceModel
import Primitives
import Testing
import Workloads

@testable import SimulationCore

/// Cancellations, losses and resumptions worked out by hand. A step takes 100 ns and 10 ns per prompt token; blocks hold
/// 4 tokens. A has 8 prompt tokens and makes its 9 at 180, 280, … 980.
@Suite struct OperationTableTests {
    private let a = Request(0, input: 8, output: 9)

    private func replica(
        blocks: Int = 100, caching: Bool = false, log: StepLog? = nil, prompts: [UInt64: ([PromptSegment], Bool)] = [:]
    ) -> ReplicaOnTrial {
        let engine = EngineConfiguration(blockSize: 4, kvBlocks: blocks, prefixCaching: caching)
        let cost: any StepCostModel = log ?? LinearStepCost(perStep: 100, perPrefillToken: 10)
        let pool = PoolConfiguration(name: "one", replicas: 1, engine: engine, stepCost: cost)
        let fleet = FleetConfiguration(pools: [pool], router: .roundRobin)
        return ReplicaOnTrial(fleet, source: ListSource([], prompts: prompts), stepping: .leaping)
    }

    /// Handles the ends of steps up to `time`, that instant included.
    private func run(_ replica: ReplicaOnTrial, to time: Int64 = .max - 1) -> [Finish] {
        while replica.wakeTime <= time { replica.wake(at: replica.wakeTime) }
        return replica.takeFinished()
    }

    private func started(_ replica: ReplicaOnTrial, to time: Int64) -> ReplicaOnTrial {
        replica.deliver(a, at: 0, resuming: nil, afterSteps: false)
        _ = run(replica, to: time)
        return replica
    }

    /// (when, tokens made, last token, tokens computed, being computed, the end of the step).
    @Test(
        arguments: [
            (0, 0, -1, 0, 8, 180), (179, 0, -1, 0, 8, 180), (180, 1, 180, 8, 1, 280), (279, 1, 180, 8, 1, 280),
            (280, 2, 280, 9, 1, 380), (330, 2, 280, 9, 1, 380), (880, 8, 880, 15, -1, 980), (979, 8, 880, 15, -1, 980),
        ] as [(Int64, Int32, Int64, Int, Int, Int64)])
    func aRunningRequestLeavesAtTheEndOfTheStep(row: (Int64, Int32, Int64, Int, Int, Int64)) {
        let (now, made, last, computed, underway, end) = row
        let replica = started(replica(), to: now)
        let progress = Progress(generated: made, firstToken: made > 0 ? 180 : -1, cached: 0, lastToken: last)
        #expect(replica.progress(of: 0, at: now) == progress)
        let left = replica.withdraw(0, at: now)
        if underway < 0 {
            #expect(left == nil, "the step makes its last token")
            #expect(run(replica).map(\.last) == [980])
            return
        }
        #expect(
            left
                == Withdrawal(
                    request: a, progress: progress, computed: computed, underway: underway, resident: computed,
                    scheduled: 0))
        #expect(replica.wakeTime == end)
        #expect(replica.withdraw(0, at: now) == nil && replica.progress(of: 0, at: now) == nil)
        #expect(run(replica) == [])
        #expect(replica.isEmpty)
        #expect(replica.replica.tally.busy.nanoseconds == end)
        let gaps = replica.recorder.finished().latency.itl
        #expect(gaps.count == UInt64(max(0, made - 1)) && gaps.total == Int128(max(0, made - 1)) * 100)
    }

    /// Whoever waits leaves at once; an idle replica that was to begin has nothing to begin.
    @Test func aWaitingRequestLeavesAtOnce() {
        let replica = replica()
        replica.deliver(a, at: 70, resuming: nil, afterSteps: true)
        #expect(replica.wakeTime == 70)
        #expect(
            replica.withdraw(0, at: 70)
                == Withdrawal(request: a, progress: .none, computed: 0, delivered: 70))
        #expect(replica.wakeTime == .max && replica.isEmpty)
        #expect(replica.withdraw(7, at: 70) == nil, "unknown here")
    }

    /// Five blocks: A holds 2 and grows to 4; B needs 4 and blocks C, which would fit. B gives up at 300: C joins at 380.
    @Test func aBlockedHeadThatGivesUpMakesWay() {
        let replica = replica(blocks: 5)
        replica.deliver(Request(0, input: 8, output: 6), at: 0, resuming: nil, afterSteps: false)
        replica.deliver(Request(1, input: 16, output: 1), at: 0, resuming: nil, afterSteps: false)
        replica.deliver(Request(2, input: 4, output: 1), at: 0, resuming: nil, afterSteps: false)
        _ = run(replica, to: 300)
        #expect(replica.withdraw(1, at: 300)?.computed == 0)
        #expect(run(replica).map { [Int64($0.id), $0.scheduled, $0.last] } == [[2, 380, 520], [0, 0, 720]])
    }

    /// Whoever joins after the ends of steps at 380 joins at 480; before them, at 380.
    @Test(arguments: [(false, 380), (true, 480)] as [(Bool, Int64)])
    func theEndOfAStepCountsOnce(afterSteps: Bool, joins: Int64) {
        let replica = started(replica(), to: 180)
        replica.deliver(Request(1, input: 4, output: 1), at: 380, resuming: nil, afterSteps: afterSteps)
        #expect(run(replica)[0].scheduled == joins)
    }

    /// The first token of a watched request is told once; one that leaves before it is not.
    @Test func watchedFirstTokensAreTold() {
        let replica = replica()
        for id in 0..<3 as Range<UInt64> {
            replica.deliver(Request(id, input: 4, output: 3), at: 0, resuming: nil, afterSteps: false)
            if id != 1 { replica.watch(id) }
        }
        _ = run(replica, to: 0)
        #expect(replica.withdraw(2, at: 100) != nil)
        #expect(replica.takeFirstTokens() == [])
        _ = run(replica)
        #expect(replica.takeFirstTokens() == [0] && replica.replica.watched.isEmpty)
    }

    /// Lost at 330: 2 blocks for 180 ns, then 3; two tokens made, the third under way. The replica is as new.
    @Test func aLostMachineIsEmpty() {
        let replica = started(replica(caching: true), to: 330)
        let waits = Request(1, input: 5, output: 1)
        replica.deliver(waits, at: 330, resuming: nil, afterSteps: false)
        let left = replica.evacuate(at: 330)
        let progress = Progress(generated: 2, firstToken: 180, cached: 0, lastToken: 280)
        #expect(
            left == [
                Withdrawal(request: a, progress: progress, computed: 9, underway: 1, resident: 9, scheduled: 0),
                Withdrawal(request: waits, progress: .none, computed: 0, delivered: 330),
            ])
        #expect(replica.isEmpty)
        #expect(replica.replica.tally.busy.nanoseconds == 330 && replica.replica.tally.steps == 2)
        let record = replica.recorder.finished()
        #expect(record.latency.itl.count == 1 && record.latency.itl.total == 100)
        #expect(record.timeline.bins.reduce(0) { $0 + $1.kvBlockTime } == 2 * 180 + 3 * 150)
        replica.deliver(a, at: 1_000, resuming: nil, afterSteps: false)
        #expect(run(replica).map { [$0.first, $0.last] } == [[1_180, 1_980]])
    }

    /// (tokens that came along, first step, its end, the end): 10 tokens are known, 7 to make.
    @Test(
        arguments: [
            (0, [10, 0], 1_200, 1_800), (4, [6, 0], 1_160, 1_760), (8, [2, 0], 1_120, 1_720),
            (9, [0, 1], 1_100, 1_700),
            (10, [0, 1], 1_100, 1_700),
        ] as [(Int32, [Int], Int64, Int64)])
    func anAnswerGoesOnElsewhere(cached: Int32, step: [Int], third: Int64, last: Int64) {
        let log = StepLog()
        let replica = replica(log: log)
        let progress = Progress(generated: 2, firstToken: 180, cached: cached, lastToken: 280)
        replica.deliver(a, at: 1_000, resuming: progress, afterSteps: false)
        #expect(
            run(replica) == [Finish(id: 0, scheduled: 1_000, first: 180, last: last, cached: 0, preemptions: 0)])
        #expect(log.steps[0] == step && log.steps.count == 7)
        let record = replica.recorder.finished()
        #expect(record.recomputedTokens == UInt64(9 - min(cached, 9)))
        #expect(record.latency.itl.maximum == third - 280 && record.latency.itl.count == 7)
        #expect(record.latency.itl.total == Int128(last - 280), "the gaps fill the time since the second token")
        #expect(replica.isEmpty)
    }

    /// A resumed answer takes its turn, and its time at this replica counts from its first scheduling here.
    @Test func aResumedAnswerWaitsItsTurn() {
        let replica = started(replica(), to: 180)
        let progress = Progress(generated: 1, firstToken: 50, cached: 0, lastToken: 50)
        replica.deliver(Request(1, input: 4, output: 1), at: 200, resuming: nil, afterSteps: false)
        replica.deliver(Request(2, input: 4, output: 2), at: 210, resuming: progress, afterSteps: false)
        let ends = run(replica)
        // Both are computed in the step from 280 on: 4 + 5 prompt tokens.
        #expect(ends.map(\.id) == [1, 2, 0] && ends[1].scheduled == 280 && ends[1].last == 280 + 190)
    }

    /// Half the speed: twice each step, leapt over or not.
    @Test func aSlowMachineTakesLonger() {
        let replica = replica()
        replica.slowdown = 2
        _ = started(replica, to: 0)
        #expect(run(replica).map { [$0.first, $0.last] } == [[360, 1_960]])
    }

    /// A client that asks again finds what its first attempt left: one block of its prompt, whether blocks are counted
    /// or real. 4 tokens are left to compute.
    @Test func aRetryFindsItsPrompt() {
        let own = [0 as UInt64: ([PromptSegment(key: 9, tokens: 8)], false)]
        for prompts in [[:], own] {
            let replica = started(replica(caching: true, prompts: prompts), to: 330)
            #expect(replica.withdraw(0, at: 330) != nil)
            _ = run(replica, to: 400)
            replica.deliver(a, at: 500, resuming: nil, afterSteps: false)
            #expect(run(replica).map { [Int64($0.cached), $0.first, $0.last] } == [[4, 640, 1_440]])
        }
    }

    /// Sent away in the order of the queue; what runs stays.
    @Test func theQueueIsSentAway() {
        let replica = replica(blocks: 2)
        for id in 0..<4 as Range<UInt64> {
            replica.deliver(Request(id, input: 4, output: 5), at: 0, resuming: nil, afterSteps: false)
        }
        _ = run(replica, to: 0)
        #expect(replica.withdrawWaiting(at: 10).map(\.request.id) == [2, 3])
        #expect(run(replica).map(\.id) == [0, 1], "the second is preempted meanwhile, and served")
    }
}
