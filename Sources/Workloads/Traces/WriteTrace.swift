import Primitives

/// How a trace is written.
public struct TraceWriteOptions: Sendable, Equatable {
    /// Midnight from which calendar timestamps count, as days since 1970-01-01; 2000-01-01 by default.
    public var epochDay: Int64
    /// Prompt tokens per entry of `hash_ids`.
    public var hashBlockTokens: Int32

    /// Options with the defaults stated at each.
    public init(epochDay: Int64 = 10_957, hashBlockTokens: Int32 = 512) {
        self.epochDay = epochDay
        self.hashBlockTokens = hashBlockTokens
    }
}

/// Writes a stream of requests as a trace, under a temporary name renamed at the end.
///
/// Arrival times are exact to the nanosecond in every format. Isocost's own format holds everything; the others hold
/// what they have columns for: azure-llm and vidur arrivals and lengths, mooncake also the session and, block by
/// block, what prompts share.
/// - Returns: the number of requests written.
/// - Throws: ``TraceError`` when the file cannot be written or the format is not one that is written (isocost,
///   azure-llm, mooncake, vidur); whatever `source` throws.
@discardableResult
public func writeTrace(
    _ source: any RequestSource, to path: String, format: TraceFormat = .isocost,
    options: TraceWriteOptions = TraceWriteOptions()
) throws -> UInt64 {
    let writer = try RequestWriter(format, options, path: path, source: source)
    let output = try TraceOutput(path: path)
    try output.write(writer.header)
    var written: UInt64 = 0
    var batch: [Request] = []
    while true {
        batch.removeAll(keepingCapacity: true)
        try source.read(into: &batch, limit: 4_096)
        if batch.isEmpty { break }
        for request in batch {
            try output.append { writer.append(request, to: &$0) }
            source.contents.release(request.content)
        }
        written += UInt64(batch.count)
    }
    try output.finish()
    return written
}

/// Words one request in one format.
struct RequestWriter {
    private let format: TraceFormat
    private let epoch: Int64
    private let blockTokens: Int64
    private let contents: PromptContentStore
    private let classNames: [[UInt8]]
    private let regionNames: [[UInt8]]
    let header: String

    init(_ format: TraceFormat, _ options: TraceWriteOptions, path: String, source: any RequestSource)
        throws(TraceError)
    {
        guard (0...100_000).contains(options.epochDay), options.hashBlockTokens >= 1 else {
            throw .file(.malformed, path, "the epoch or the hash block size is out of bounds")
        }
        self.format = format
        epoch = options.epochDay
        blockTokens = Int64(options.hashBlockTokens)
        contents = source.contents
        classNames = source.classes.map { Array(Self.quoted($0).utf8) }
        regionNames = source.regions.map { Array(Self.quoted($0).utf8) }
        switch format {
        case .isocost:
            guard !(source.classes + source.regions).contains(where: Self.breaksLine) else {
                throw .file(.malformed, path, "a class or region whose name has a line break cannot be written")
            }
            let classes = ([IsocostFormat.classesMark] + source.classes.map(Self.quoted)).joined(separator: ",")
            let regions = ([IsocostFormat.regionsMark] + source.regions.map(Self.quoted)).joined(separator: ",")
            let columns = IsocostFormat.columns.joined(separator: ",")
            header = "\(IsocostFormat.mark)\n\(classes)\n\(regions)\n\(columns)\n"
        case .azureLLM: header = TraceHead.azureLLM.joined(separator: ",") + "\n"
        case .vidur: header = TraceHead.vidur.joined(separator: ",") + "\n"
        case .mooncake: header = ""
        case .azureMultimodal, .burstGPT, .serveGen, .csv:
            throw .file(
                .malformed, path, "a trace is written as isocost, azure-llm, mooncake or vidur, not \(format.rawValue)")
        }
    }

    private static func breaksLine(_ name: String) -> Bool { name.utf8.contains { $0 == 0x0A || $0 == 0x0D } }

    static func quoted(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C }) else { return name }
        return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    func append(_ request: Request, to bytes: inout [UInt8]) {
        switch format {
        case .azureLLM:
            appendTimestamp(request.arrival.nanoseconds, to: &bytes)
            bytes.append(contentsOf: ",\(request.inputTokens),\(request.outputTokens)\n".utf8)
        case .mooncake: appendMooncake(request, to: &bytes)
        case .isocost: appendIsocost(request, to: &bytes)
        default:
            let time = request.arrival.decimalSeconds
            bytes.append(contentsOf: "\(time),\(request.inputTokens),\(request.outputTokens)\n".utf8)
        }
    }

    private func appendIsocost(_ request: Request, to bytes: inout [UInt8]) {
        let time = request.arrival.decimalSeconds
        bytes.append(contentsOf: "\(time),\(request.inputTokens),\(request.outputTokens),".utf8)
        bytes.append(contentsOf: classNames[Int(request.classIndex)])
        bytes.append(0x2C)
        bytes.append(contentsOf: regionNames[Int(request.regionIndex)])
        let content = ContentText.text(request.content, in: contents)
        bytes.append(contentsOf: ",\(request.priority),\(request.session),\(request.images),\(content)\n".utf8)
    }

    /// Seven fractional digits as Azure has them, nine where the time is no multiple of 100 ns.
    private func appendTimestamp(_ time: Int64, to bytes: inout [UInt8]) {
        let date = CalendarTime.date(ofDay: epoch + time / CalendarTime.nanosecondsPerDay)
        let ofDay = time % CalendarTime.nanosecondsPerDay
        let second = ofDay / 1_000_000_000
        let fraction = ofDay % 1_000_000_000
        appendPadded(date.year, 4, to: &bytes)
        for (mark, value) in [(0x2D, date.month), (0x2D, date.day), (0x20, second / 3_600)] {
            bytes.append(UInt8(mark))
            appendPadded(value, 2, to: &bytes)
        }
        bytes.append(0x3A)
        appendPadded(second / 60 % 60, 2, to: &bytes)
        bytes.append(0x3A)
        appendPadded(second % 60, 2, to: &bytes)
        bytes.append(0x2E)
        if fraction % 100 == 0 {
            appendPadded(fraction / 100, 7, to: &bytes)
        } else {
            appendPadded(fraction, 9, to: &bytes)
        }
    }

    private func appendPadded(_ value: Int64, _ width: Int, to bytes: inout [UInt8]) {
        let digits = String(value).utf8
        for _ in 0..<max(0, width - digits.count) { bytes.append(0x30) }
        bytes.append(contentsOf: digits)
    }

    private func appendMooncake(_ request: Request, to bytes: inout [UInt8]) {
        let time = decimal(request.arrival.nanoseconds, places: 6)
        var line = "{\"timestamp\": \(time), \"input_length\": \(request.inputTokens)"
        line += ", \"output_length\": \(request.outputTokens)"
        if request.session != 0 { line += ", \"session_id\": \(request.session)" }
        let ids = HashBlocks.identifiers(contents.segments(of: request.content), blockTokens: blockTokens)
        if !ids.isEmpty { line += ", \"hash_ids\": [" + ids.map(String.init).joined(separator: ", ") + "]" }
        bytes.append(contentsOf: line.utf8)
        bytes.append(contentsOf: "}\n".utf8)
    }
}
