import Primitives
import Workloads

/// What a workload asks for under one seed: the sums that bounds are made of.
struct WorkloadDemand: Sendable {
    /// By class.
    var offered: [UInt64]
    var promptTokens = 0.0
    /// Steps that decode: every output token but each request's first.
    var decodeTokens = 0.0
    /// Σ over decode steps of the request's context.
    var contextTokens = 0.0
    var firstArrival = SimulatedTime.start
    var lastArrival = SimulatedTime.start
    var longestOutput = 1
    var sharesPrefixes = false
    /// Requests in each second from the run's start, as tokens they bring.
    private var tokensBySecond: [Float] = []

    var requests: UInt64 { offered.reduce(0, +) }
    var span: SimulatedDuration { lastArrival - firstArrival }

    /// Reads `source` to its end.
    /// - Parameter each: is shown every request.
    init(_ source: any RequestSource, each: (Request) -> Void = { _ in }) throws {
        offered = Array(repeating: 0, count: max(1, source.classes.count))
        sharesPrefixes = source.sharesPrefixes
        var batch: [Request] = []
        var isFirst = true
        while true {
            batch.removeAll(keepingCapacity: true)
            try source.read(into: &batch, limit: 4_096)
            guard !batch.isEmpty else { return }
            if isFirst { (firstArrival, isFirst) = (batch[0].arrival, false) }
            for request in batch {
                add(request)
                each(request)
                source.contents.release(request.content)
            }
        }
    }

    private mutating func add(_ request: Request) {
        let use = RequestUse(request, sharesPrefixes: sharesPrefixes)
        offered[Int(request.classIndex)] += 1
        promptTokens += use.prompt
        decodeTokens += use.steps
        contextTokens += use.context
        longestOutput = max(longestOutput, Int(request.outputTokens))
        lastArrival = request.arrival
        let second = Int(request.arrival.nanoseconds / 1_000_000_000)
        guard second < 40_000_000 else { return }
        if tokensBySecond.count <= second {
            tokensBySecond.append(contentsOf: repeatElement(0, count: second + 1 - tokensBySecond.count))
        }
        tokensBySecond[second] += Float(use.prompt) + 8 * Float(use.steps)
    }

    /// The part of the run, `share` of its span long, that brings the most work (a decode step counted as eight prompt
    /// tokens); `nil` where the run is too short to have parts.
    func busiest(share: Double) -> (from: SimulatedTime, to: SimulatedTime)? {
        let length = max(60, Int(span.seconds * share))
        guard tokensBySecond.count > 2 * length else { return nil }
        var sum = tokensBySecond[..<length].reduce(0.0) { $0 + Double($1) }
        var (best, start) = (sum, 0)
        for end in length..<tokensBySecond.count {
            sum += Double(tokensBySecond[end]) - Double(tokensBySecond[end - length])
            if sum > best { (best, start) = (sum, end - length + 1) }
        }
        let from = SimulatedTime.start + .seconds(Int64(start))
        return (from, from + .seconds(Int64(length)))
    }
}

/// What one request asks of a replica at least.
struct RequestUse {
    var prompt: Double
    var steps: Double
    var context: Double

    /// - Parameter sharesPrefixes: all of a prompt but its last token may be in a cache.
    @inline(__always)
    init(_ request: Request, sharesPrefixes: Bool) {
        let (input, output) = (Double(request.inputTokens), Double(request.outputTokens))
        prompt = sharesPrefixes ? 1 : input
        steps = output - 1
        context = steps * input + steps * output / 2
    }
}
