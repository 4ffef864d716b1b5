/// A stream of requests in order of arrival (ties in order of ``Request/id``), read in batches so that memory stays
/// bounded. A source is used once, by one simulation, on one thread.
public protocol RequestSource: AnyObject {
    /// Names of the request classes; ``Request/classIndex`` points here. Known before the first batch.
    var classes: [String] { get }
    /// Names of the users' regions; ``Request/regionIndex`` points here. Known before the first batch.
    var regions: [String] { get }
    /// Where the prompts' shared contents live.
    var contents: PromptContentStore { get }
    /// Whether any prompt may share a prefix with another (if not, a prefix cache is simulated by counting alone).
    var sharesPrefixes: Bool { get }
    /// Rows read but not turned into requests so far, with the reason; reported, never silent.
    var skipped: [SkippedRows] { get }
    /// How much of what there is to read has been read, 0 to 1; `nil` where that is not known. For a progress bar only:
    /// it runs ahead of the requests handed out by what is buffered.
    var shareRead: Double? { get }

    /// Appends up to `limit` further requests to `batch`. Appending none means the end.
    /// - Throws: ``TraceError`` on malformed input, with its position.
    func read(into batch: inout [Request], limit: Int) throws
}

extension RequestSource {
    /// Not known.
    public var shareRead: Double? { nil }
}

/// Trace rows left out, and why.
public struct SkippedRows: Sendable, Equatable {
    /// Why, in a few words, e.g. `output of zero tokens`.
    public var reason: String
    /// How many rows.
    public var count: Int
    /// A count of rows left out for one reason.
    public init(reason: String, count: Int) {
        self.reason = reason
        self.count = count
    }
}
