import Planning
import Workloads

/// A source that ends with ``RunError/cancelled`` once the user has interrupted, so that the file being written from it
/// is discarded like any other that failed.
final class CancellableSource: RequestSource {
    private let source: any RequestSource
    private let cancellation: CancellationFlag

    init(_ source: any RequestSource, _ cancellation: CancellationFlag) {
        self.source = source
        self.cancellation = cancellation
    }

    var classes: [String] { source.classes }
    var regions: [String] { source.regions }
    var contents: PromptContentStore { source.contents }
    var sharesPrefixes: Bool { source.sharesPrefixes }
    var skipped: [SkippedRows] { source.skipped }

    func read(into batch: inout [Request], limit: Int) throws {
        if cancellation.isCancelled { throw RunError.cancelled }
        try source.read(into: &batch, limit: limit)
    }
}
