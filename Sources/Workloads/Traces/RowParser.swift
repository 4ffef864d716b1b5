import Primitives

/// Turns rows of one format into requests. Used as a generic parameter only, so that no row pays for dispatch.
protocol RowParser {
    var classes: [String] { get }
    var regions: [String] { get }
    var contents: PromptContentStore { get }
    var sharesPrefixes: Bool { get }
    var skipped: [SkippedRows] { get }

    /// Fills every field of `request` but its id, with the file's own time as arrival. `false`: the row was counted
    /// in ``skipped``.
    mutating func parse(_ row: Row, into request: inout Request) throws(RowError) -> Bool

    /// Where the arrival stands in a row that has been parsed, for an error about its order.
    mutating func arrivalField(of row: Row) -> FieldSpan

    /// The file's own zero for a first row at `time` (nanoseconds).
    func fileOrigin(firstRowAt time: Int64) -> Int64
}

extension RowParser {
    func fileOrigin(firstRowAt time: Int64) -> Int64 { 0 }
}

/// Counts skipped rows by reason, in order of first occurrence.
struct SkipCounter {
    private(set) var rows: [SkippedRows] = []

    mutating func count(_ reason: String, _ number: Int = 1) {
        if let index = rows.firstIndex(where: { $0.reason == reason }) {
            rows[index].count += number
        } else {
            rows.append(SkippedRows(reason: reason, count: number))
        }
    }
}

/// A trace file as a source of requests: a line reader and a parser, both specialised.
final class RowSource<Parser: RowParser>: RequestSource {
    private var loop: RowLoop<Parser>
    let classes: [String]
    let regions: [String]
    let contents: PromptContentStore
    let sharesPrefixes: Bool

    init(_ lines: consuming LineReader, _ parser: Parser, origin: TraceOrigin) {
        classes = parser.classes
        regions = parser.regions
        contents = parser.contents
        sharesPrefixes = parser.sharesPrefixes
        loop = RowLoop(lines: lines, parser: parser, origin: origin)
    }

    var skipped: [SkippedRows] { loop.parser.skipped }
    var shareRead: Double? { loop.lines.shareRead }

    func read(into batch: inout [Request], limit: Int) throws { try loop.read(into: &batch, limit: limit) }
}

/// The state of a ``RowSource``, a struct so that a batch costs one access check, not several per row.
private struct RowLoop<Parser: RowParser>: ~Copyable {
    var lines: LineReader
    var parser: Parser
    let origin: TraceOrigin
    private var zero: Int64?
    private var previous: Int64 = 0
    private var nextID: UInt64 = 0
    private var failure: TraceError?

    init(lines: consuming LineReader, parser: Parser, origin: TraceOrigin) {
        self.lines = lines
        self.parser = parser
        self.origin = origin
    }

    mutating func read(into batch: inout [Request], limit: Int) throws(TraceError) {
        if let failure { throw failure }
        do { try readRows(into: &batch, limit: limit) } catch {
            failure = error
            throw error
        }
    }

    private mutating func readRows(into batch: inout [Request], limit: Int) throws(TraceError) {
        var request = Request(id: 0, arrival: .start, inputTokens: 1, outputTokens: 1)
        var room = limit
        while room > 0, let row = try lines.next() {
            do throws(RowError) {
                guard try parser.parse(row, into: &request) else { continue }
            } catch {
                throw located(error, in: row)
            }
            let time = request.arrival.nanoseconds
            if time < previous { throw outOfOrder(row) }
            previous = time
            request.arrival.nanoseconds = time - (zero ?? setZero(time))
            request.id = nextID
            nextID &+= 1
            room -= 1
            batch.append(request)
        }
    }

    private mutating func setZero(_ time: Int64) -> Int64 {
        let value = origin == .firstArrival ? time : parser.fileOrigin(firstRowAt: time)
        zero = value
        return value
    }

    private func located(_ error: RowError, in row: Row) -> TraceError {
        var error = error
        if lines.isUnterminated { error.message = "the file ends within a row: " + error.message }
        return error.located(in: row, file: lines.path, line: lines.line)
    }

    private mutating func outOfOrder(_ row: Row) -> TraceError {
        let field = parser.arrivalField(of: row)
        let before = SimulatedTime(nanoseconds: previous - (zero ?? 0)).decimalSeconds
        let message = "the row arrives before the previous one (which is at \(before) s); sort the trace by time"
        return field.error(message).located(in: row, file: lines.path, line: lines.line)
    }
}

extension SimulatedTime {
    /// Exact seconds without trailing zeros, e.g. `12.0000001`.
    var decimalSeconds: String { decimal(nanoseconds, places: 9) }
}

/// `value` ÷ 10^`places` exactly, without trailing zeros. `value` ≥ 0.
func decimal(_ value: Int64, places: Int) -> String {
    var text = Array(String(value).utf8)
    while text.count <= places { text.insert(0x30, at: 0) }
    var fraction = text[(text.count - places)...]
    while fraction.last == 0x30 { fraction.removeLast() }
    let whole = String(decoding: text[..<(text.count - places)], as: UTF8.self)
    return fraction.isEmpty ? whole : whole + "." + String(decoding: fraction, as: UTF8.self)
}
