import PerformanceModel
import SimulationCore
import Testing

@testable import Planning

/// Sets that replay recorded arrivals, on samples of a few lines.
@Suite struct RecordedRunTests {
    private let cost = LinearStepCost(perStep: 1e6, perPrefillToken: 1e3, perDecodeSequence: 10, perContextToken: 2)

    /// A host that works between steps adds its time to each, and the line still says what a step costs.
    @Test(arguments: [HostTimed.Engine.v0(launching: 0), .synchronous])
    func hostsThatWorkBetweenStepsAddTheirTime(engine: HostTimed.Engine) {
        let timed = HostTimed(base: cost, engine: engine)
        var shape = StepShape()
        shape.decodeSequences = 7
        shape.decodeContext = 900
        let line = timed.decodeLine(sequences: 7, context: 900)
        let decode = timed.stepTime(shape)
        #expect(decode == line.fixed + line.perContextToken * 900)
        #expect(decode > cost.stepTime(shape))
        shape.addChunk(new: 100, cached: 0)
        #expect(timed.stepTime(shape) > decode + 99_000)
    }

    /// Kernels launched one by one: a short prompt takes as long as its launches, a long one as long as its work.
    @Test(arguments: [(1, 30e6), (50_000, 51e6)])
    func launchesBoundShortPrompts(tokens: Int, device: Double) {
        var shape = StepShape()
        shape.addChunk(new: tokens, cached: 0)
        let timed = HostTimed(base: cost, engine: .v0(launching: 30e6))
        #expect(abs(timed.stepTime(shape) - device - 3_060_000) < 2)
    }

    @Test func successesAreCountedAmongAllThatWereOffered() {
        let served = (0..<3).map { index in
            ServedRequest(
                start: Double(index), firstToken: Double(index) + 1, lastToken: Double(index) + 8, outputTokens: 50)
        }
        #expect(OverloadSet.value("success rate", of: served, offered: 12) == 25)
        #expect(OverloadSet.value("output tokens/s", of: served, offered: 12) == 15)
        #expect(OverloadSet.value("output tokens/s", of: [], offered: 12) == nil)
    }

    /// A failed request's prompt was not recorded: another of its kind tells its length, else the client's settings.
    @Test func promptsOfFailedRequestsTakeTheLengthOfTheirKind() throws {
        let table = try MeasuredTable(
            "arrival_s,prompt_toks,prompt_id,error\n0,1083,0,0\n1,0,1,1\n2,0,0,1\n", name: "r.csv")
        let record = OverloadRecord(
            run: "r", model: "meta-llama/Llama-2-7b-hf", tp: 1, workload: "reasoning", maxModelLen: 4_096,
            maxNumBatchedTokens: 2_048, maxNumSeqs: 128, kvBlocksGpu: 7_462,
            configured: .init(systemPromptLen: 100, questionLen: 934), trueOutputToks: 1_448, nError: 2)
        let prompts = try record.prompts(table.rows)
        #expect(prompts.map(\.inputTokens) == [1_083, 1_034, 1_083])
        #expect(prompts[0].segments == prompts[2].segments && prompts[0].segments[1] != prompts[1].segments[1])
        #expect(try record.replay().engine.kvBlocks == 7_462 && record.replay().engine.asynchronousScheduling)
    }

    /// Weights of 70B in 16 bits take each of two GPUs 21 ms to read; nothing else comes near that.
    @Test func aReplicaRunComparesTwoMeans() throws {
        let results = try MeasuredTable(
            "run,model,tp,mean_ttft_ms,mean_tpot_ms\nx,Llama-3.1-70B,2,50,30\n", name: "results.csv")
        let requests = try MeasuredTable("arrival_s,prompt_toks,output_toks\n9,60,40\n0,70,0\n", name: "x.csv")
        var costs = StepCostCache()
        let run = try ReplicaRun(results.rows[0])
        #expect(run.maxBatchedTokens == 512)
        let compared = try run.compare(requests, &costs)
        #expect(compared.map(\.statistic) == ["mean ttft", "mean tpot"])
        #expect(compared.map(\.measured) == [50, 30])
        #expect(compared.allSatisfy { $0.simulated > 21 && $0.simulated < 70 })
    }

    /// Engines before 0.15 schedule between steps; others, and those not recorded, ahead.
    @Test func aClosedLoopMaySeeArrivalsAtOnce() {
        let works = Array(repeating: ClosedLoop.Work(inputTokens: 100, outputTokens: 10), count: 4)
        var loop = ClosedLoop(cost: cost, users: 2, maxBatchedTokens: 150, maxSequences: 8, kvTokens: 10_000)
        let ahead = loop.serve(works)
        loop.schedulesAhead = false
        let between = loop.serve(works)
        #expect(ahead.count == 4 && between.count == 4)
        #expect((between.map(\.lastToken).max() ?? 0) < (ahead.map(\.lastToken).max() ?? 0))
    }
}
