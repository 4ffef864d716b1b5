import Workloads

/// Another source, with a count of what it has handed out: what a progress bar needs to guess a trace's length.
final class CountedSource: RequestSource {
    private let inner: any RequestSource
    private(set) var handedOut: UInt64 = 0

    init(_ inner: any RequestSource) { self.inner = inner }

    var classes: [String] { inner.classes }
    var regions: [String] { inner.regions }
    var contents: PromptContentStore { inner.contents }
    var sharesPrefixes: Bool { inner.sharesPrefixes }
    var skipped: [SkippedRows] { inner.skipped }
    var shareRead: Double? { inner.shareRead }

    /// Requests in all, if the rest of the file is like what has been read of it; `nil` before a thousandth is read.
    var expected: UInt64? {
        guard let share = shareRead, share >= 0.001, handedOut > 0 else { return nil }
        return UInt64((Double(handedOut) / share).rounded())
    }

    func read(into batch: inout [Request], limit: Int) throws {
        let before = batch.count
        try inner.read(into: &batch, limit: limit)
        handedOut += UInt64(batch.count - before)
    }
}
