import Primitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Opens a trace file, plain or gzip, or a ServeGen folder, as a stream of requests in order of arrival.
///
/// Rows are read as they are asked for: memory does not grow with the file. Only class and region names, where a
/// format has a column for them, take one reading ahead. A row that is not what its format demands is an error with
/// its position when reading reaches it.
/// - Throws: ``TraceError`` for a file that is missing, unreadable, empty, of no known format, or without the columns
///   its format needs.
public func openTrace(at path: String, options: TraceOptions = TraceOptions()) throws(TraceError) -> any RequestSource {
    try check(options, path)
    if isFolder(path) {
        guard options.format ?? .serveGen == .serveGen else {
            throw .file(.inputOutput, path, "a folder is read as servegen only")
        }
        guard options.columns == nil, options.hashBlockTokens == nil else {
            throw .file(.malformed, path, "a ServeGen folder has no columns to name and no hash blocks")
        }
        return try ServeGenSource(folder: path, options: options)
    }
    var lines = try LineReader.open(path: path)
    guard let first = try lines.next() else {
        throw TraceError(file: path, line: 1, column: 1, message: "the file is empty")
    }
    let head = TraceHead(row: first, path: path, line: lines.line)
    let format: TraceFormat
    if let named = options.format {
        format = named
    } else {
        format = try head.recognised(hasColumns: options.columns != nil)
    }
    guard (format == .csv) == (options.columns != nil) else {
        throw .file(
            .malformed, path,
            format == .csv
                ? "a generic CSV needs the names of its columns"
                : "column names are for generic CSV, not \(format.rawValue)")
    }
    guard format == .mooncake || options.hashBlockTokens == nil else {
        throw .file(.malformed, path, "a hash block size is for mooncake, not \(format.rawValue)")
    }
    switch format {
    case .mooncake:
        lines.pushBack()
        return RowSource(lines, MooncakeParser(options: options), origin: options.origin ?? .firstArrival)
    case .serveGen: throw .file(.malformed, path, "servegen is a folder of chunk-N-trace.csv and chunk-N-dataset.json")
    case .isocost: return try openIsocost(lines, head, options)
    default: return try openDelimited(lines, head, format, options)
    }
}

private func check(_ options: TraceOptions, _ path: String) throws(TraceError) {
    if let tokens = options.hashBlockTokens, tokens < 1 {
        throw .file(.malformed, path, "a hash block holds at least 1 token, not \(tokens)")
    }
}

private func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

private func openDelimited(
    _ lines: consuming LineReader, _ head: TraceHead, _ format: TraceFormat, _ options: TraceOptions
) throws(TraceError) -> any RequestSource {
    let layout = try head.layout(for: format, options.columns)
    var classes = NameTable([options.className])
    var regions = NameTable([options.regionName])
    if !layout.classFields.isEmpty || layout.region != nil {
        var ahead = try LineReader.open(path: lines.path)
        _ = try ahead.next()
        let names = try DelimitedParser.collectNames(ahead, layout)
        if !layout.classFields.isEmpty, !names.classes.names.isEmpty { classes = names.classes }
        if layout.region != nil, !names.regions.names.isEmpty { regions = names.regions }
    }
    let zeroOutput = options.zeroOutput ?? (format == .burstGPT ? .skip : .refuse)
    let parser = DelimitedParser(layout, zeroOutput: zeroOutput, classes: classes, regions: regions)
    guard format == .azureLLM else { return RowSource(lines, parser, origin: options.origin ?? .firstArrival) }
    return RowSource(lines, AzureParser(general: parser), origin: options.origin ?? .firstArrival)
}

/// Isocost's own format names its classes and regions above the header, so nothing is read ahead.
private func openIsocost(
    _ lines: consuming LineReader, _ head: TraceHead, _ options: TraceOptions
) throws(TraceError) -> any RequestSource {
    guard head.fields == [IsocostFormat.mark] else {
        throw head.error("the first line of an isocost trace is `\(IsocostFormat.mark)`")
    }
    let classes = try names(&lines, IsocostFormat.classesMark)
    let regions = try names(&lines, IsocostFormat.regionsMark)
    guard let header = try lines.next() else {
        throw TraceError(file: lines.path, line: lines.line + 1, column: 1, message: "the header is missing")
    }
    let fields = TraceHead(row: header, path: lines.path, line: lines.line)
    let layout = try fields.layout(for: .isocost, nil)
    let parser = DelimitedParser(
        layout, zeroOutput: options.zeroOutput ?? .refuse, classes: NameTable(classes), regions: NameTable(regions))
    return RowSource(lines, parser, origin: options.origin ?? .file)
}

private func names(_ lines: inout LineReader, _ mark: String) throws(TraceError) -> [String] {
    guard let row = try lines.next() else {
        throw TraceError(file: lines.path, line: lines.line + 1, column: 1, message: "`\(mark)` is missing")
    }
    let head = TraceHead(row: row, path: lines.path, line: lines.line)
    guard head.fields.count >= 2, head.fields[0] == mark else {
        throw head.error("a line `\(mark),name…` was expected")
    }
    guard head.fields.count <= 65_537, Set(head.fields).count == head.fields.count else {
        throw head.error("the names are more than 65,536 or not all different")
    }
    return Array(head.fields.dropFirst())
}
