import Primitives

/// Which field of a CSV row means what; indices from 0, `nil` where the format has no such column.
struct ColumnLayout {
    var fieldCount: Int
    var arrival: Int
    var arrivalUnit: ArrivalUnit
    var input: Int
    var output: Int
    /// Fields that together name the class, joined by `/`.
    var classFields: [Int] = []
    var region: Int?
    var priority: Int?
    var session: Int?
    var images: Int?
    /// Isocost's own column of shared contents.
    var content: Int?
}

/// Parses the rows of any CSV trace whose layout is known.
struct DelimitedParser: RowParser {
    let layout: ColumnLayout
    let zeroOutput: ZeroOutputPolicy
    let contents = PromptContentStore()
    var sharesPrefixes: Bool { layout.content != nil }
    var skipped: [SkippedRows] { skips.rows }
    var classes: [String] { classNames.names }
    var regions: [String] { regionNames.names }
    private var classNames: NameTable
    private var regionNames: NameTable
    private var skips = SkipCounter()
    private var splitter = FieldSplitter()
    private var classSpans: [FieldSpan] = []

    init(_ layout: ColumnLayout, zeroOutput: ZeroOutputPolicy, classes: NameTable, regions: NameTable) {
        self.layout = layout
        self.zeroOutput = zeroOutput
        classNames = classes
        regionNames = regions
    }

    mutating func parse(_ row: Row, into request: inout Request) throws(RowError) -> Bool {
        try split(row)
        let fields = splitter.fields
        request.arrival.nanoseconds = try arrival(row)
        let output = try NumberParsing.integer(
            row, fields[layout.output], "the output length", in: 0...Int64(Int32.max))
        if output == 0, zeroOutput == .skip {
            skips.count("output of zero tokens")
            return false
        }
        request.inputTokens = Int32(
            try NumberParsing.integer(row, fields[layout.input], "the input length", in: 1...Int64(Int32.max)))
        request.outputTokens = Int32(output)
        if output == 0 {
            guard zeroOutput == .keepAsOneToken else {
                throw fields[layout.output].error("the output length must be at least 1")
            }
            request.outputTokens = 1
        }
        try parseOptional(row, into: &request)
        return true
    }

    private mutating func split(_ row: Row) throws(RowError) {
        try splitter.split(row)
        let found = splitter.fields.count
        guard found != layout.fieldCount else { return }
        let message =
            "the row has \(found) \(found == 1 ? "field" : "fields") where the header has \(layout.fieldCount)"
        throw RowError(offset: 0, length: row.count, message: message)
    }

    private func arrival(_ row: Row) throws(RowError) -> Int64 {
        let field = splitter.fields[layout.arrival]
        if layout.arrivalUnit == .timestamp { return try CalendarTime.parse(row, field) }
        return try NumberParsing.decimal(row, field, "the arrival time", exponent: layout.arrivalUnit.exponent)
    }

    private mutating func parseOptional(_ row: Row, into request: inout Request) throws(RowError) {
        let fields = splitter.fields
        if !layout.classFields.isEmpty { request.classIndex = try classIndex(row) }
        if let region = layout.region { request.regionIndex = try regionIndex(row, fields[region]) }
        if let priority = layout.priority {
            let bounds = Int64(Int32.min)...Int64(Int32.max)
            request.priority = Int32(try NumberParsing.integer(row, fields[priority], "the priority", in: bounds))
        }
        if let session = layout.session { request.session = Self.session(row, fields[session]) }
        if let images = layout.images {
            let count = try NumberParsing.integer(row, fields[images], "the number of images", in: 0...65_535)
            request.images = UInt16(count)
        }
        request.content = .unique
        if let content = layout.content {
            request.content = try ContentText.parse(row, fields[content], request.inputTokens, into: contents)
        }
    }

    private mutating func classIndex(_ row: Row) throws(RowError) -> UInt16 {
        classSpans.removeAll(keepingCapacity: true)
        for field in layout.classFields { classSpans.append(splitter.fields[field]) }
        guard let index = classNames.index(row, classSpans) else {
            throw classSpans[0].error("the request class is not among the trace's classes")
        }
        return UInt16(index)
    }

    private mutating func regionIndex(_ row: Row, _ field: FieldSpan) throws(RowError) -> UInt16 {
        guard let index = regionNames.index(row, [field]) else {
            throw field.error("the region is not among the trace's regions")
        }
        return UInt16(index)
    }

    /// A whole number below 2³² is itself; any other text a hash with the top bit set; empty and 0 mean none.
    static func session(_ row: Row, _ field: FieldSpan) -> UInt32 {
        guard field.length > 0 else { return 0 }
        let bytes = UnsafeBufferPointer(start: row.bytes + field.offset, count: field.length)
        if field.length <= 10, bytes.allSatisfy({ $0 &- 0x30 <= 9 }),
            let number = UInt32(exactly: bytes.reduce(UInt64(0)) { $0 * 10 + UInt64($1 &- 0x30) })
        {
            return number
        }
        return UInt32(truncatingIfNeeded: stableHash(bytes)) | 0x8000_0000
    }

    mutating func arrivalField(of row: Row) -> FieldSpan {
        guard (try? splitter.split(row)) != nil, splitter.fields.indices.contains(layout.arrival) else {
            return FieldSpan(offset: 0, length: row.count)
        }
        return splitter.fields[layout.arrival]
    }

    func fileOrigin(firstRowAt time: Int64) -> Int64 {
        layout.arrivalUnit == .timestamp ? time - time % CalendarTime.nanosecondsPerDay : 0
    }

    /// Reads a whole file for the names in its class and region columns.
    /// - Returns: tables in order of first appearance; at most 65,536 names each.
    static func collectNames(
        _ lines: consuming LineReader, _ layout: ColumnLayout
    ) throws(TraceError) -> (classes: NameTable, regions: NameTable) {
        var classes = NameTable()
        var regions = NameTable()
        var splitter = FieldSplitter()
        while let row = try lines.next() {
            // A row that cannot be split is reported, with its position, by the reading proper.
            guard (try? splitter.split(row)) != nil, splitter.fields.count == layout.fieldCount else { break }
            if !layout.classFields.isEmpty { classes.insert(row, layout.classFields.map { splitter.fields[$0] }) }
            if let region = layout.region { regions.insert(row, [splitter.fields[region]]) }
            guard classes.names.count <= 65_536, regions.names.count <= 65_536 else {
                let error = RowError(offset: 0, length: row.count, message: "more than 65,536 classes or regions")
                throw error.located(in: row, file: lines.path, line: lines.line)
            }
        }
        return (classes, regions)
    }
}
