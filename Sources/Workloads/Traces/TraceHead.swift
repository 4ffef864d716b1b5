/// Isocost's own format: three marked lines, a header, rows.
enum IsocostFormat {
    static let mark = "#isocost-trace-1"
    static let classesMark = "#classes"
    static let regionsMark = "#regions"
    static let columns = [
        "arrival_s", "input_tokens", "output_tokens", "class", "region", "priority", "session", "images", "content",
    ]
}

/// The first line of a trace, from which its format and columns are told.
struct TraceHead {
    let fields: [String]
    /// The whole line as text fit for an error.
    let text: String
    let path: String
    let line: Int

    init(row: Row, path: String, line: Int) {
        self.path = path
        self.line = line
        text = printable(row.buffer)
        fields = (try? FieldSplitter.texts(row)) ?? [String(decoding: row.buffer, as: UTF8.self)]
    }

    func error(_ message: String) -> TraceError {
        TraceError(file: path, line: line, column: 1, text: text, message: message)
    }

    static let azureLLM = ["TIMESTAMP", "ContextTokens", "GeneratedTokens"]
    static let azureMultimodal = ["TIMESTAMP", "NumImages", "ContextTokens", "GeneratedTokens"]
    static let burstGPT = ["Timestamp", "Model", "Request tokens", "Response tokens", "Total tokens", "Log Type"]
    static let burstGPTSessions = [
        "Timestamp", "Session ID", "Elapsed time", "Model", "Request tokens", "Response tokens", "Total tokens",
        "Log Type",
    ]
    static let vidur = ["arrived_at", "num_prefill_tokens", "num_decode_tokens"]

    func recognised(hasColumns: Bool) throws(TraceError) -> TraceFormat {
        if hasColumns { return .csv }
        if fields.first == IsocostFormat.mark { return .isocost }
        if text.first(where: { $0 != " " }) == "{" { return .mooncake }
        if fields == Self.azureLLM { return .azureLLM }
        if fields == Self.azureMultimodal { return .azureMultimodal }
        if fields == Self.burstGPT || fields == Self.burstGPTSessions { return .burstGPT }
        if Self.vidur.allSatisfy(fields.contains) { return .vidur }
        throw error("the header is of no known trace format; name the format, or the columns of a generic CSV")
    }

    func layout(for format: TraceFormat, _ columns: TraceColumns?) throws(TraceError) -> ColumnLayout {
        switch format {
        case .azureLLM: return try fixed(TraceHead.azureLLM, unit: .timestamp)
        case .azureMultimodal:
            var layout = try fixed(TraceHead.azureMultimodal, unit: .timestamp)
            layout.images = 1
            return layout
        case .burstGPT: return try burstGPTLayout()
        case .vidur: return try fixed(TraceHead.vidur, unit: .seconds)
        case .isocost: return try isocostLayout()
        case .csv, .mooncake, .serveGen:
            guard let columns else { throw error("the columns are not named") }
            return try layout(for: columns)
        }
    }

    private func index(_ name: String) throws(TraceError) -> Int {
        guard let index = fields.firstIndex(of: name) else { throw error("the header has no column `\(name)`") }
        guard fields.lastIndex(of: name) == index else { throw error("the header has two columns `\(name)`") }
        return index
    }

    private func optionalIndex(_ name: String?) throws(TraceError) -> Int? {
        guard let name else { return nil }
        return try index(name)
    }

    /// A format whose first name is the arrival and whose last two are input and output. Azure's files have exactly
    /// these columns; Vidur's may have more.
    private func fixed(_ names: [String], unit: ArrivalUnit) throws(TraceError) -> ColumnLayout {
        guard unit == .seconds || fields == names else {
            throw error("the header of this format is `\(names.joined(separator: ","))`")
        }
        return ColumnLayout(
            fieldCount: fields.count, arrival: try index(names[0]), arrivalUnit: unit,
            input: try index(names[names.count - 2]), output: try index(names[names.count - 1]))
    }

    private func burstGPTLayout() throws(TraceError) -> ColumnLayout {
        guard fields == Self.burstGPT || fields == Self.burstGPTSessions else {
            throw error("the header of this format is `\(Self.burstGPT.joined(separator: ","))`")
        }
        return ColumnLayout(
            fieldCount: fields.count, arrival: 0, arrivalUnit: .seconds, input: try index("Request tokens"),
            output: try index("Response tokens"), classFields: [try index("Model"), try index("Log Type")],
            session: fields.firstIndex(of: "Session ID"))
    }

    private func isocostLayout() throws(TraceError) -> ColumnLayout {
        guard fields == IsocostFormat.columns else {
            throw error("the header of this format is `\(IsocostFormat.columns.joined(separator: ","))`")
        }
        return ColumnLayout(
            fieldCount: 9, arrival: 0, arrivalUnit: .seconds, input: 1, output: 2, classFields: [3], region: 4,
            priority: 5, session: 6, images: 7, content: 8)
    }

    private func layout(for columns: TraceColumns) throws(TraceError) -> ColumnLayout {
        var layout = ColumnLayout(
            fieldCount: fields.count, arrival: try index(columns.arrival), arrivalUnit: columns.arrivalUnit,
            input: try index(columns.input), output: try index(columns.output))
        if let name = columns.requestClass { layout.classFields = [try index(name)] }
        layout.region = try optionalIndex(columns.region)
        layout.priority = try optionalIndex(columns.priority)
        layout.session = try optionalIndex(columns.session)
        layout.images = try optionalIndex(columns.images)
        return layout
    }
}
