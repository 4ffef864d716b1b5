public import PerformanceModel
import Primitives

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A request that a server is to answer.
public struct LiveRequest: Hashable, Sendable {
    /// Seconds since the server's start.
    public var arrival: Double
    /// Prompt tokens, at least one.
    public var inputTokens: Int
    /// Tokens to answer, at least one.
    public var outputTokens: Int

    /// All parts; see the properties.
    public init(arrival: Double, inputTokens: Int, outputTokens: Int) {
        self.arrival = arrival
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
    }
}

/// When a request was answered, in seconds since the server's start.
public struct LiveAnswer: Hashable, Sendable {
    /// When it arrived, as asked.
    public var arrival: Double
    /// When its first token was there.
    public var firstToken: Double
    /// When its last token was there.
    public var lastToken: Double
    /// Tokens answered.
    public var outputTokens: Int

    /// All parts; see the properties.
    public init(arrival: Double, firstToken: Double, lastToken: Double, outputTokens: Int) {
        self.arrival = arrival
        self.firstToken = firstToken
        self.lastToken = lastToken
        self.outputTokens = outputTokens
    }
}

/// How a ``LiveServer`` forms its steps.
public struct LiveLimits: Hashable, Sendable {
    /// Tokens that one step may compute.
    public var batchedTokens: Int
    /// Sequences that may run at once, at most ``batchedTokens``.
    public var sequences: Int
    /// Longest prompt and answer together.
    public var length: Int

    /// All limits; see the properties.
    public init(batchedTokens: Int, sequences: Int, length: Int) {
        self.batchedTokens = batchedTokens
        self.sequences = sequences
        self.length = length
    }

    /// Blocks in which as many sequences of that length fit, so that none ever waits for one.
    public var blocks: Int {
        sequences * ((length + KeyValueBlocks.blockSize - 1) / KeyValueBlocks.blockSize)
    }
}

/// A model server with continuous batching over the real kernels, in real time: what a simulated replica is held
/// against.
///
/// Every step takes the running sequences first, in order of admission, one token each or the next chunk of their
/// prompts, then waiting requests while tokens and places last, as vLLM V1 does; prompts may be split over steps.
/// Tokens count as answered at the end of their step. Nothing is preempted, because there are blocks for everybody.
public final class LiveServer {
    private let model: DecoderModel
    private let pass: ForwardPass
    private let blocks: KeyValueBlocks
    private let limits: LiveLimits
    private let clock: Clock

    /// The time that a server lives in, in seconds.
    package struct Clock {
        /// Seconds from anywhere.
        package var now: () -> Double
        /// Waits for so many seconds.
        package var sleep: (Double) -> Void

        package init(now: @escaping () -> Double, sleep: @escaping (Double) -> Void) {
            self.now = now
            self.sleep = sleep
        }

        /// The system's, which wakes a little late from long sleeps and not at all from short ones.
        package static var system: Clock {
            Clock(now: { Sampler.now() * 1e-9 }, sleep: { if $0 > 0.0002 { usleep(UInt32($0 * 1e6) - 100) } })
        }
    }

    /// A server of `shape` with random weights in `format`.
    /// - Throws: ``KernelError`` for a format that the kernels lack or more threads than processors.
    public convenience init(
        _ shape: DecoderShape, format: NumberFormat, limits: LiveLimits, threads: Int? = nil
    ) throws(KernelError) {
        guard WeightLayout.formats.contains(format) else {
            throw KernelError("the kernels of this host have no \(format.rawValue) weights")
        }
        let team = ThreadTeam(threads: try HostMachine.current().threads(threads))
        self.init(
            DecoderModel(shape, key: RandomKey(seed: 1), format: format), limits: limits, team: team, clock: .system)
    }

    package init(_ model: DecoderModel, limits: LiveLimits, team: ThreadTeam, clock: Clock) {
        self.model = model
        self.limits = limits
        self.clock = clock
        pass = ForwardPass(
            model.shape, maximumTokens: limits.batchedTokens, context: limits.length, team: team)
        blocks = KeyValueBlocks(model.shape, count: limits.blocks)
    }

    /// A request that has a place.
    private struct Sequence {
        let index: Int
        let cache: KeyValueCache
        let prompt: Int
        let output: Int
        /// Tokens of which keys and values are, or in this step become, cached.
        var computed = 0
        var answered = 0
        var lastToken = 0
        /// Tokens of this step.
        var scheduled = 0

        /// Tokens that are known and not yet computed.
        var left: Int { answered == 0 ? prompt - computed : 1 }
    }

    /// Serves `requests`, in order of arrival, and returns when all are answered.
    /// - Precondition: no request is longer than the limits.
    public func serve(_ requests: [LiveRequest]) -> [LiveAnswer] {
        precondition(
            requests.allSatisfy { $0.inputTokens + $0.outputTokens <= limits.length && $0.inputTokens > 0 },
            "a request outgrows the server")
        var answers = requests.map {
            LiveAnswer(arrival: $0.arrival, firstToken: 0, lastToken: 0, outputTokens: $0.outputTokens)
        }
        var (running, next) = ([Sequence](), 0)
        let start = clock.now()
        while next < requests.count || !running.isEmpty {
            let time = clock.now() - start
            let arrived = requests[next...].prefix { $0.arrival <= time }.endIndex
            schedule(&running, requests, next: &next, arrived: arrived)
            guard !running.isEmpty else {
                clock.sleep(requests[next].arrival - (clock.now() - start))
                continue
            }
            step(&running, at: { self.clock.now() - start }, &answers)
        }
        return answers
    }

    /// Deals the step's tokens.
    private func schedule(
        _ running: inout [Sequence], _ requests: [LiveRequest], next: inout Int, arrived: Int
    ) {
        var budget = limits.batchedTokens
        for index in running.indices {
            running[index].scheduled = min(running[index].left, budget)
            budget -= running[index].scheduled
        }
        while next < arrived, budget > 0, running.count < limits.sequences {
            let request = requests[next]
            let cache = KeyValueCache(in: blocks)
            precondition(cache.reserve(request.inputTokens + request.outputTokens), "there are blocks for everybody")
            var sequence = Sequence(
                index: next, cache: cache, prompt: request.inputTokens, output: request.outputTokens)
            sequence.scheduled = min(sequence.left, budget)
            budget -= sequence.scheduled
            running.append(sequence)
            next += 1
        }
    }

    /// Runs the step and notes who has been answered.
    private func step(_ running: inout [Sequence], at now: () -> Double, _ answers: inout [LiveAnswer]) {
        let batch = running.indices.filter { running[$0].scheduled > 0 }
        let inputs = batch.map { index -> DecoderModel.Input in
            let sequence = running[index]
            let tokens =
                sequence.answered > 0
                ? [sequence.lastToken]
                : (0..<sequence.scheduled).map { (sequence.computed + $0) * 7 % model.shape.vocabularySize }
            return .init(
                tokens: tokens, cache: sequence.cache,
                isSampled: sequence.computed + sequence.scheduled >= sequence.prompt)
        }
        let sampled = Sampling.greedy(model.forward(inputs, pass: pass), on: pass.team)
        let time = now()
        var row = 0
        for (index, input) in zip(batch, inputs) {
            running[index].computed += running[index].scheduled
            guard input.isSampled else { continue }
            let request = running[index].index
            if running[index].answered == 0 { answers[request].firstToken = time }
            answers[request].lastToken = time
            running[index].answered += 1
            running[index].lastToken = sampled[row]
            row += 1
        }
        running.removeAll { $0.answered == $0.output }
    }
}
