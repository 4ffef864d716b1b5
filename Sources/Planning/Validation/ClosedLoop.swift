import PerformanceModel

/// A fixed number of users who each send a request, wait for its last token and send the next one at once.
///
/// The engine's sources are open-loop, so this is a continuous-batching loop of its own over a step cost: decodes
/// first, then prompts in order of arrival, cut at the token budget. A request waits until the cache holds room for its
/// prompt; growth beyond the cache is not preempted.
struct ClosedLoop {
    var cost: any StepCostModel
    var users: Int
    var maxBatchedTokens: Int
    var maxSequences: Int
    var kvTokens: Int
    /// Nanoseconds between client and engine, both ways together.
    var pathDelay: Double = 0
    /// Whether a step is chosen while the one before it runs.
    var schedulesAhead = true
    /// When users send their first requests, in nanoseconds, ascending; empty = all at once.
    var starts: [Double] = []

    /// Prompt and output tokens of one request.
    struct Work: Hashable, Sendable {
        var inputTokens: Int
        var outputTokens: Int
    }

    /// Serves `requests` in order; times in the order of completion, seconds since the start.
    func serve(_ requests: [Work]) -> [ServedRequest] {
        var state = ClosedLoopState(loop: self, requests: requests)
        while state.step() {}
        return state.served
    }
}

/// The loop's state between two steps.
private struct ClosedLoopState {
    private struct Waiting {
        var request: Int
        var sent: Double
        var computed = 0
    }
    private struct Finish {
        var request: Int
        var sent: Double
        var first: Double
    }

    private let loop: ClosedLoop
    private let requests: [ClosedLoop.Work]
    private var next = 0
    private var started = 0
    private var now = 0.0
    private var steps = 0
    private var waiting: [Waiting] = []
    private var head = 0
    /// Requests taken in when the running step was already chosen.
    private var arriving: [Waiting] = []
    private var finishing: [Int: [Finish]] = [:]
    private var decoding = 0
    private var context = 0
    private var partial: Waiting?
    private var admitted = 0
    /// Prompt tokens of admitted requests that do not decode yet.
    private var joining = 0
    private(set) var served: [ServedRequest] = []

    init(loop: ClosedLoop, requests: [ClosedLoop.Work]) {
        self.loop = loop
        self.requests = requests
        while started < loop.users, loop.starts.isEmpty { start() }
        waiting = arriving
        arriving = []
    }

    /// The first request of one more user.
    private mutating func start() {
        send(at: loop.starts.isEmpty ? 0 : loop.starts[started])
        started += 1
    }

    private mutating func send(at time: Double) {
        guard next < requests.count else { return }
        arriving.append(Waiting(request: next, sent: time))
        next += 1
    }

    private var nextStart: Double { started < loop.starts.count ? loop.starts[started] : .infinity }

    /// One step; `false` when nothing is left to do.
    mutating func step() -> Bool {
        var shape = StepShape()
        shape.decodeSequences = decoding
        shape.decodeContext = context + decoding
        shape.sampledSequences = decoding
        let completed = schedulePrompts(&shape)
        guard shape.tokens > 0 else {
            if arriving.isEmpty, nextStart.isFinite {
                now = max(now, nextStart)
                start()
            }
            guard !arriving.isEmpty else { return false }
            waiting += arriving
            arriving = []
            return true
        }
        now += loop.cost.stepTime(shape)
        steps += 1
        context += decoding
        // With scheduling ahead, what came in during this step joins the step after the next.
        waiting += arriving
        arriving = []
        while nextStart <= now { start() }
        finish()
        for prompt in completed { startDecoding(prompt) }
        if !loop.schedulesAhead {
            waiting += arriving
            arriving = []
        }
        return true
    }

    /// Fills the step with prompts; those it completes.
    private mutating func schedulePrompts(_ shape: inout StepShape) -> [Waiting] {
        var budget = loop.maxBatchedTokens - decoding
        var completed: [Waiting] = []
        while budget > 0, var prompt = partial ?? admit() {
            let left = requests[prompt.request].inputTokens - prompt.computed
            let chunk = min(left, budget)
            shape.addChunk(new: chunk, cached: prompt.computed)
            prompt.computed += chunk
            budget -= chunk
            partial = chunk < left ? prompt : nil
            if chunk == left {
                shape.sampledSequences += 1
                completed.append(prompt)
            }
        }
        return completed
    }

    private mutating func admit() -> Waiting? {
        guard head < waiting.count, admitted < loop.maxSequences else { return nil }
        let work = requests[waiting[head].request]
        guard admitted == 0 || context + joining + work.inputTokens <= loop.kvTokens else { return nil }
        joining += work.inputTokens
        admitted += 1
        head += 1
        return waiting[head - 1]
    }

    private mutating func startDecoding(_ prompt: Waiting) {
        let work = requests[prompt.request]
        joining -= work.inputTokens
        let finish = Finish(request: prompt.request, sent: prompt.sent, first: now)
        guard work.outputTokens > 1 else { return end(finish) }
        decoding += 1
        context += work.inputTokens
        finishing[steps + work.outputTokens - 1, default: []].append(finish)
    }

    private mutating func finish() {
        for sequence in finishing.removeValue(forKey: steps) ?? [] {
            let work = requests[sequence.request]
            decoding -= 1
            context -= work.inputTokens + work.outputTokens - 1
            end(sequence)
        }
    }

    private mutating func end(_ sequence: Finish) {
        let work = requests[sequence.request]
        admitted -= 1
        served.append(
            ServedRequest(
                start: sequence.sent / 1e9, firstToken: (sequence.first + loop.pathDelay) / 1e9,
                lastToken: (now + loop.pathDelay) / 1e9, outputTokens: work.outputTokens))
        send(at: now)
    }
}
