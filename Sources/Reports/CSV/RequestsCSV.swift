import Foundation
public import Planning
import Synchronization

/// `requests.csv`: one row per request, written while the runs go on, so that memory never grows with the trace.
///
/// Every run writes a part of its own, possibly on its own thread; ``commit()`` joins the parts in the order of
/// strategies and replications, so the file is the same on any number of threads. Within a run rows come in order of
/// completion. An object that is never committed leaves nothing behind.
public final class RequestsCSV: Sendable {
    /// Column names, in order. `network_ms + cold_start_ms + retry_ms + queue_ms + prefill_ms + decode_ms = e2e_ms` to
    /// the last of the six decimals, which is a nanosecond. `cold_start_ms` is the time held at the gateway because no
    /// replica served, `retry_ms` that from the first sending to the sending of the attempt that was answered; queue and
    /// prefill end with the first token, and `decode_ms` is E2E − TTFT. `attempts` counts hedges, too; it is 0 for
    /// requests refused at the gateway. Latencies are empty for failed requests, TPOT also for outputs of one token.
    public static let columns = [
        "strategy", "replication", "request", "class", "region", "arrival_s", "input_tokens", "output_tokens",
        "cached_tokens", "replica", "attempts", "status", "queue_ms", "ttft_ms", "tpot_ms", "e2e_ms", "network_ms",
        "cold_start_ms", "prefill_ms", "decode_ms", "preemptions", "retry_ms",
    ]

    private struct Part {
        var order: (strategy: Int, replication: Int)
        var path: String
    }

    /// The name the file will have.
    public let path: String
    private let strategies: [String]
    private let parts = Mutex<[Part]>([])

    /// Nothing is written yet. The rows of `strategies` will come in this order, those of others after them.
    public init(path: String, strategies: [String]) {
        self.path = path
        self.strategies = strategies
    }

    deinit { discard() }

    /// Where one run's rows go; may be called by several threads.
    /// - Throws: ``OutputError`` where the folder cannot be written.
    public func sink(for run: RunIdentity) throws -> RequestSink {
        let order = (strategies.firstIndex(of: run.strategy) ?? strategies.count, run.replication)
        let part = parts.withLock { parts in
            parts.append(Part(order: order, path: "\(path).\(getpid()).\(parts.count).rows"))
            return parts[parts.count - 1].path
        }
        return try RequestSink(file: AtomicFile(path: part), reportedPath: path, run: run)
    }

    /// Joins the parts under a temporary name, to be committed by the caller. Every sink must have been closed.
    /// - Throws: ``OutputError``, after which everything is discarded.
    func joined() throws -> AtomicFile {
        defer { discard() }
        let target = try AtomicFile(path: path)
        try target.write(Self.columns.joined(separator: ",") + "\n")
        let ordered = parts.withLock { $0.sorted { $0.order < $1.order } }
        for part in ordered { try Self.append(part.path, to: target) }
        try target.flush()
        return target
    }

    /// Joins the parts, makes the file appear under its name and removes the parts.
    /// - Throws: ``OutputError``; an earlier file is still in place then.
    public func commit() throws { try joined().commit() }

    /// Removes everything that was not committed.
    public func discard() {
        parts.withLock { parts in
            for part in parts { unlink(part.path) }
            parts = []
        }
    }

    private static func append(_ part: String, to target: AtomicFile) throws {
        guard let input = FileHandle(forReadingAtPath: part) else {
            throw OutputError(path: target.path, action: "write", reason: "its part \(part) is gone")
        }
        defer { try? input.close() }
        do {
            while let chunk = try input.read(upToCount: 1 << 20), !chunk.isEmpty { try target.write(chunk) }
        } catch let error as OutputError {
            throw error
        } catch {
            throw OutputError(path: target.path, action: "write", reason: "its part \(part) cannot be read")
        }
    }
}
