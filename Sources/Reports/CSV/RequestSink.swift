import Foundation
public import Planning
import Primitives
public import SimulationCore

/// Writes the rows of one run.
public final class RequestSink: OutcomeSink {
    private let file: AtomicFile
    private let reportedPath: String
    private let prefix: [UInt8]
    private let classes: [[UInt8]]
    private let regions: [[UInt8]]
    private var rows: [UInt8] = []

    init(file: AtomicFile, reportedPath: String, run: RunIdentity) {
        self.file = file
        self.reportedPath = reportedPath
        prefix = Array("\(CSVText.escaped(run.strategy)),\(run.replication),".utf8)
        classes = run.classes.map { Array(CSVText.escaped($0).utf8) }
        regions = run.regions.map { Array(CSVText.escaped($0).utf8) }
    }

    /// Appends one row per outcome.
    /// - Throws: ``OutputError`` naming the file that was asked for, not its part.
    public func record(_ outcomes: [RequestOutcome]) throws {
        rows.removeAll(keepingCapacity: true)
        for outcome in outcomes { append(outcome) }
        try reporting { try file.write(rows) }
    }

    /// Finishes the part; no row can follow.
    public func finish() throws { try reporting { try file.commit() } }

    private func reporting(_ body: () throws -> Void) throws {
        do { try body() } catch var error as OutputError {
            error.path = reportedPath
            throw error
        }
    }

    private func append(_ outcome: RequestOutcome) {
        rows.append(contentsOf: prefix)
        integer(outcome.id)
        name(outcome.classIndex, in: classes)
        name(outcome.regionIndex, in: regions)
        Decimal.appendExact(outcome.arrival.nanoseconds, places: 9, to: &rows)
        comma()
        integer(UInt64(max(0, outcome.inputTokens)))
        integer(UInt64(max(0, outcome.outputTokens)))
        integer(UInt64(max(0, outcome.cachedTokens)))
        let placed = outcome.replica != .max
        if placed { integer(UInt64(outcome.replica)) } else { comma() }
        integer(UInt64(outcome.attempts))
        if let failure = outcome.failure {
            rows.append(contentsOf: CSVText.escaped("failed: " + failure.rawValue).utf8)
            rows.append(contentsOf: ",,,,,,,,,".utf8)
        } else {
            rows.append(contentsOf: "completed,".utf8)
            latencies(of: outcome)
        }
        integer(UInt64(max(0, outcome.preemptions)))
        if outcome.failure == nil { Decimal.appendExact(outcome.retry.nanoseconds, places: 6, to: &rows) }
        rows.append(UInt8(ascii: "\n"))
    }

    private func latencies(of outcome: RequestOutcome) {
        milliseconds(outcome.queue)
        milliseconds(outcome.ttft)
        if let tpot = outcome.tpot { milliseconds(tpot) } else { comma() }
        milliseconds(outcome.e2e)
        milliseconds(outcome.network)
        milliseconds(outcome.coldStart)
        let (prefill, decode) = outcome.computing
        milliseconds(prefill)
        milliseconds(decode)
    }

    private func comma() { rows.append(UInt8(ascii: ",")) }

    private func integer(_ value: UInt64) {
        Decimal.appendInteger(value, to: &rows)
        comma()
    }

    private func milliseconds(_ duration: SimulatedDuration) {
        Decimal.appendExact(duration.nanoseconds, places: 6, to: &rows)
        comma()
    }

    /// An index without a name prints as itself: a row is never lost to a label.
    private func name(_ index: UInt16, in names: [[UInt8]]) {
        if Int(index) < names.count {
            rows.append(contentsOf: names[Int(index)])
            comma()
        } else {
            integer(UInt64(index))
        }
    }
}

extension RequestOutcome {
    /// Prefill and decode, so that all parts add up to the E2E: as measured where they do, else prefill takes what the
    /// others leave.
    fileprivate var computing: (prefill: SimulatedDuration, decode: SimulatedDuration) {
        let others = network + coldStart + retry + queue
        if others + prefill + decode == e2e { return (prefill, decode) }
        return (max(.zero, ttft - others), e2e - ttft)
    }
}
