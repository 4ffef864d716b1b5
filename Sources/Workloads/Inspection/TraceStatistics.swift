public import Primitives

/// What a stream of requests looks like, gathered in one reading with memory that does not grow with its length
/// (except for prefix sharing, which is capped).
public struct TraceStatistics: Sendable {
    /// Requests in all.
    public let requests: UInt64
    /// From the first arrival to the last.
    public let span: SimulatedDuration
    /// Arrival of the first request.
    public let firstArrival: SimulatedTime
    /// (requests − 1) ÷ span in requests per second; `nil` without a span.
    public let meanRate: Double?
    /// The most requests in a minute counted from the first arrival.
    public let peakMinute: UInt64
    /// Standard deviation ÷ mean of the gaps between arrivals; 1 for Poisson.
    public let gapVariation: Double?
    /// Variance ÷ mean of the counts in windows of 1 s, 10 s and 60 s; 1 for Poisson.
    public let dispersion: (oneSecond: Double?, tenSeconds: Double?, oneMinute: Double?)
    /// Prompt lengths in tokens.
    public let input: TokenCounts
    /// Output lengths in tokens.
    public let output: TokenCounts
    /// Requests of each class, in the order of the source's classes.
    public let classes: [(name: String, requests: UInt64)]
    /// Share of all prompt tokens that an unlimited prefix cache would have seen before; `nil` where prompts share
    /// nothing that is known.
    public let sharedPrefixShare: Double?
    /// Whether ``sharedPrefixShare`` is only a lower bound, the memory for it having run out.
    public let isSharedPrefixShareLowerBound: Bool
    /// Rows left out, by reason.
    public let skipped: [SkippedRows]

    /// Reads a source to its end.
    /// - Throws: what the source throws.
    public init(of source: any RequestSource) throws {
        var moments = ArrivalMoments()
        var input = TokenCounts()
        var output = TokenCounts()
        var perClass = [UInt64](repeating: 0, count: source.classes.count)
        var sharing = PrefixSharing()
        let contents = source.contents
        var batch: [Request] = []
        while true {
            batch.removeAll(keepingCapacity: true)
            try source.read(into: &batch, limit: 4_096)
            if batch.isEmpty { break }
            for request in batch {
                moments.record(request.arrival.nanoseconds)
                input.record(Int64(request.inputTokens))
                output.record(Int64(request.outputTokens))
                perClass[Int(request.classIndex)] += 1
                guard !request.content.isUnique else { continue }
                sharing.record(request, in: contents)
                contents.release(request.content)
            }
        }
        requests = moments.count
        span = SimulatedDuration(nanoseconds: moments.last - moments.first)
        firstArrival = SimulatedTime(nanoseconds: moments.first)
        meanRate = span > .zero ? Double(moments.count - 1) / span.seconds : nil
        peakMinute = moments.minutes.peak
        gapVariation = moments.gapVariation
        dispersion = (moments.seconds.dispersion, moments.tenSeconds.dispersion, moments.minutes.dispersion)
        sharedPrefixShare =
            source.sharesPrefixes && input.total > 0 ? Double(sharing.sharedTokens) / Double(input.total) : nil
        isSharedPrefixShareLowerBound = sharing.isLowerBound
        self.input = input
        self.output = output
        classes = zip(source.classes, perClass).map { ($0, $1) }
        skipped = source.skipped
    }
}
