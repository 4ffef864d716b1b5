import PerformanceModel
import Primitives
import Testing

@testable import Kernels

/// A live server on a clock that moves by a millisecond whenever it is read, and by what is slept.
@Suite struct LiveServerTests {
    private final class FakeTime: @unchecked Sendable {
        var now = 100.0
        var slept: [Double] = []
    }

    private func server(_ limits: LiveLimits, time: FakeTime, format: NumberFormat = .fp32) throws -> LiveServer {
        let model = DecoderModel(try tinyShape(), key: RandomKey(seed: 1), format: format)
        let clock = LiveServer.Clock {
            time.now += 0.001
            return time.now
        } sleep: {
            time.slept.append($0)
            time.now += max(0, $0)
        }
        return LiveServer(model, limits: limits, team: ThreadTeam(threads: 2), clock: clock)
    }

    private let roomy = LiveLimits(batchedTokens: 64, sequences: 8, length: 64)

    /// One request alone: a step for the prompt, and one for each further token.
    @Test func oneRequestByHand() throws {
        let time = FakeTime()
        let answers = try server(roomy, time: time).serve([.init(arrival: 0, inputTokens: 5, outputTokens: 3)])
        // Readings at 1 ms: begin; then one before and one after each step.
        #expect(answers.count == 1 && answers[0].outputTokens == 3)
        #expect(abs(answers[0].firstToken - 0.002) < 1e-9 && abs(answers[0].lastToken - 0.006) < 1e-9)
    }

    /// Nothing runs before it arrives, and the server sleeps until then.
    @Test func arrivalsAreWaitedFor() throws {
        let time = FakeTime()
        let answers = try server(roomy, time: time).serve([
            .init(arrival: 2, inputTokens: 1, outputTokens: 1), .init(arrival: 9, inputTokens: 1, outputTokens: 1),
        ])
        #expect(answers[0].firstToken > 2 && answers[0].firstToken < 2.1 && answers[1].firstToken > 9)
        #expect(time.slept.count >= 2 && abs(time.slept.reduce(0, +) - 9) < 0.1)
        #expect(answers.allSatisfy { $0.firstToken == $0.lastToken })
    }

    /// Requests together: places, prompts split over steps, and everyone answered in order.
    @Test(arguments: WeightLayout.formats)
    func everybodyIsAnswered(format: NumberFormat) throws {
        let tight = LiveLimits(batchedTokens: 7, sequences: 3, length: 40)
        let requests = (0..<12).map { LiveRequest(arrival: 0, inputTokens: 1 + 3 * $0 % 20, outputTokens: 1 + $0 % 5) }
        let answers = try server(tight, time: FakeTime(), format: format).serve(requests)
        for (request, answer) in zip(requests, answers) {
            #expect(answer.firstToken > 0 && answer.outputTokens == request.outputTokens)
            #expect((answer.lastToken > answer.firstToken) == (request.outputTokens > 1))
        }
        #expect(answers.map(\.firstToken) == answers.map(\.firstToken).sorted())
        // No step computes more than seven tokens: the prompts alone need as many steps of two readings as they fill.
        let tokens = requests.reduce(0) { $0 + $1.inputTokens + $1.outputTokens - 1 }
        #expect((answers.map(\.lastToken).max() ?? 0) >= 0.002 * Double(tokens) / 7)
    }

    /// Steps by hand: two places for three requests. The third gets the place of the first to leave.
    @Test func placesAreTakenInTurn() throws {
        let limits = LiveLimits(batchedTokens: 64, sequences: 2, length: 32)
        let answers = try server(limits, time: FakeTime()).serve([
            .init(arrival: 0, inputTokens: 4, outputTokens: 2), .init(arrival: 0, inputTokens: 4, outputTokens: 4),
            .init(arrival: 0, inputTokens: 4, outputTokens: 1),
        ])
        // Steps end at 2, 4, 6, 8 ms.
        let ends = answers.map { [$0.firstToken, $0.lastToken].map { Int(($0 * 1000).rounded()) } }
        #expect(ends == [[2, 4], [2, 8], [6, 6]])
    }

    /// A prompt longer than a step's tokens takes several, between which the others go on.
    @Test func promptsAreSplit() throws {
        let limits = LiveLimits(batchedTokens: 5, sequences: 2, length: 32)
        let answers = try server(limits, time: FakeTime()).serve([
            .init(arrival: 0, inputTokens: 2, outputTokens: 4), .init(arrival: 0, inputTokens: 9, outputTokens: 2),
        ])
        // Of the second prompt 3, 4 and 2 tokens are computed beside the first sequence.
        let ends = answers.map { [$0.firstToken, $0.lastToken].map { Int(($0 * 1000).rounded()) } }
        #expect(ends == [[2, 8], [6, 8]])
    }

    @Test func limitsAndRefusals() throws {
        #expect(LiveLimits(batchedTokens: 8, sequences: 3, length: 33).blocks == 9)
        #expect(throws: KernelError.self) {
            try LiveServer(try tinyShape(), format: .fp8, limits: roomy)
        }
        #expect(throws: KernelError.self) {
            try LiveServer(try tinyShape(), format: .fp32, limits: roomy, threads: 9_999)
        }
    }

    /// The server's text is the model's: what it feeds back is what it chose.
    @Test func unsampledChunksAreNotProjected() throws {
        let model = DecoderModel(try tinyShape(), key: RandomKey(seed: 2))
        let pass = ForwardPass(model.shape, maximumTokens: 8, context: 16, team: ThreadTeam(threads: 1))
        let (a, b) = (model.makeCache(capacity: 8), model.makeCache(capacity: 8))
        let both = model.forward([.init(tokens: [1, 2], cache: a), .init(tokens: [3], cache: b)], pass: pass)
        a.truncate(to: 0)
        b.truncate(to: 0)
        let one = model.forward(
            [.init(tokens: [1, 2], cache: a, isSampled: false), .init(tokens: [3], cache: b)], pass: pass)
        #expect(one.rows == 1 && doubles(one, row: 0) == doubles(both, row: 1))
        #expect(a.length == 2 && b.length == 1)
        let none = model.forward([.init(tokens: [4], cache: a, isSampled: false)], pass: pass)
        #expect(none.rows == 0 && Sampling.greedy(none, on: pass.team).isEmpty)
    }
}
