import Primitives

/// Mooncake's JSON lines. `hash_ids` become one segment per block, keyed by the id, the last holding what remains
/// of the input. A trace that hashes full blocks only leaves a rest that nobody shares.
struct MooncakeParser: RowParser {
    let classes: [String]
    let regions: [String]
    let contents = PromptContentStore()
    var sharesPrefixes: Bool { true }
    var skipped: [SkippedRows] { skips.rows }
    private let blockTokens: Int64
    private let zeroOutput: ZeroOutputPolicy
    private var skips = SkipCounter()
    private var rowNumber: UInt64 = 0
    private var timeField = FieldSpan(offset: 0, length: 0)
    private var hashIDs: [UInt64] = []

    init(options: TraceOptions) {
        classes = [options.className]
        regions = [options.regionName]
        blockTokens = Int64(options.hashBlockTokens ?? 512)
        zeroOutput = options.zeroOutput ?? .refuse
    }

    private struct Fields {
        var time: Int64?
        var input: FieldSpan?
        var output: FieldSpan?
        var hashes: FieldSpan?
        var session: UInt32 = 0
        var hasDelay = false
    }

    mutating func parse(_ row: Row, into request: inout Request) throws(RowError) -> Bool {
        rowNumber &+= 1
        let fields = try scan(row)
        guard let input = fields.input else { throw missing("input_length", row) }
        guard let output = fields.output else { throw missing("output_length", row) }
        guard let time = fields.time else {
            throw fields.hasDelay
                ? RowError(
                    offset: 0, length: row.count,
                    message: "a row that starts some delay after another ends has no timestamp to replay")
                : missing("timestamp", row)
        }
        request.arrival.nanoseconds = time
        let generated = try NumberParsing.integer(row, output, "output_length", in: 0...Int64(Int32.max))
        if generated == 0, zeroOutput == .skip {
            skips.count("output of zero tokens")
            return false
        }
        guard generated > 0 || zeroOutput == .keepAsOneToken else {
            throw output.error("output_length must be at least 1")
        }
        request.inputTokens = Int32(
            try NumberParsing.integer(row, input, "input_length", in: 1...Int64(Int32.max)))
        request.outputTokens = Int32(max(1, generated))
        request.session = fields.session
        request.content = try content(fields.hashes, input: Int64(request.inputTokens))
        return true
    }

    private func missing(_ key: String, _ row: Row) -> RowError {
        RowError(offset: 0, length: row.count, message: "the object has no `\(key)`")
    }

    private mutating func scan(_ row: Row) throws(RowError) -> Fields {
        var scanner = JSONScanner(row)
        var fields = Fields()
        var hashes: [UInt64] = []
        swap(&hashes, &hashIDs)
        hashes.removeAll(keepingCapacity: true)
        var timeField = FieldSpan(offset: 0, length: row.count)
        guard try scanner.peek() == 0x7B else { throw scanner.error("invalid JSON: an object was expected") }
        try scanner.object { (scanner, key) throws(RowError) in
            if scanner.matches(key, "timestamp") {
                timeField = try scanner.number()
                fields.time = try NumberParsing.decimal(row, timeField, "timestamp", exponent: 6)
            } else if scanner.matches(key, "input_length") {
                fields.input = try scanner.number()
            } else if scanner.matches(key, "output_length") {
                fields.output = try scanner.number()
            } else if scanner.matches(key, "hash_ids") {
                fields.hashes = try Self.readHashes(&scanner, row, into: &hashes)
            } else if scanner.matches(key, "session_id") {
                fields.session = try Self.readSession(&scanner, row)
            } else {
                if scanner.matches(key, "delay") || scanner.matches(key, "delay_ms") { fields.hasDelay = true }
                try scanner.skipValue()
            }
        }
        try scanner.expectEnd()
        hashIDs = hashes
        self.timeField = timeField
        return fields
    }

    private static func readHashes(
        _ scanner: inout JSONScanner, _ row: Row, into hashes: inout [UInt64]
    ) throws(RowError) -> FieldSpan {
        _ = try scanner.peek()
        let first = scanner.at
        hashes.removeAll(keepingCapacity: true)
        var ids: [UInt64] = []
        swap(&ids, &hashes)
        try scanner.array { (scanner) throws(RowError) in
            let field = try scanner.number()
            guard let id = unsigned(row, field) else { throw field.error("a hash id is not a 64-bit whole number") }
            ids.append(id)
        }
        swap(&ids, &hashes)
        return FieldSpan(offset: first, length: scanner.at - first)
    }

    private static func unsigned(_ row: Row, _ field: FieldSpan) -> UInt64? {
        var value: UInt64 = 0
        for offset in field.offset..<(field.offset + field.length) {
            let digit = row[offset] &- 0x30
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            guard digit <= 9, !overflow else { return nil }
            let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
            guard !carry else { return nil }
            value = sum
        }
        return value
    }

    private static func readSession(_ scanner: inout JSONScanner, _ row: Row) throws(RowError) -> UInt32 {
        switch try scanner.peek() {
        case 0x22: return DelimitedParser.session(row, try scanner.string())
        case 0x6E:
            try scanner.skipValue()
            return 0
        default: return DelimitedParser.session(row, try scanner.number())
        }
    }

    private func content(_ field: FieldSpan?, input: Int64) throws(RowError) -> PromptContentHandle {
        guard let field, !hashIDs.isEmpty else { return .unique }
        let full = input / blockTokens
        let rest = input % blockTokens
        let count = Int64(hashIDs.count)
        guard count == full || (rest > 0 && count == full + 1) else {
            let needed = rest > 0 ? full + 1 : full
            throw field.error(
                "input_length \(input) makes \(needed) blocks of \(blockTokens) tokens, but hash_ids names \(count)")
        }
        var segments = hashIDs.map { PromptSegment(key: $0, tokens: Int32(blockTokens)) }
        if rest > 0 {
            if count == full {
                // Never equal to an id by more than chance.
                let key = combineHashes(0x7265_7374, rowNumber)
                segments.append(PromptSegment(key: key, tokens: Int32(rest)))
            } else {
                segments[segments.count - 1].tokens = Int32(rest)
            }
        }
        return contents.insert(segments)
    }

    mutating func arrivalField(of row: Row) -> FieldSpan { timeField }
}
