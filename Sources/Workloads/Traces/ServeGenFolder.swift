import Primitives

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads the files of a ServeGen folder.
enum ServeGenFolder {
    /// The N of every `chunk-N-trace.csv`, rising.
    static func chunkNumbers(in folder: String) throws(TraceError) -> [UInt64] {
        guard let directory = opendir(folder) else { throw ByteInput.failure(errno, "open", folder) }
        defer { closedir(directory) }
        var numbers: [UInt64] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            guard name.hasPrefix("chunk-"), name.hasSuffix("-trace.csv"),
                let number = UInt64(name.dropFirst(6).dropLast(10)), "chunk-\(number)-trace.csv" == name
            else { continue }
            numbers.append(number)
        }
        guard !numbers.isEmpty else { throw .file(.malformed, folder, "the folder holds no chunk-N-trace.csv") }
        return numbers.sorted()
    }

    /// Rows `start (s), rate (1/s), cv, pattern, arg1, arg2`, without header.
    static func windows(_ path: String) throws(TraceError) -> [ServeGenChunk.Window] {
        var lines = try LineReader.open(path: path)
        var splitter = FieldSplitter()
        var windows: [ServeGenChunk.Window] = []
        while let row = try lines.next() {
            do throws(RowError) {
                try splitter.split(row)
                let window = try window(row, splitter.fields)
                if let last = windows.last, window.start <= last.start {
                    throw splitter.fields[0].error("the window starts no later than the one before")
                }
                windows.append(window)
            } catch {
                throw error.located(in: row, file: path, line: lines.line)
            }
        }
        guard !windows.isEmpty else { throw TraceError(file: path, line: 1, column: 1, message: "the file is empty") }
        return windows
    }

    private static func window(_ row: Row, _ fields: [FieldSpan]) throws(RowError) -> ServeGenChunk.Window {
        guard fields.count == 6 else {
            throw RowError(offset: 0, length: row.count, message: "a window has 6 fields, not \(fields.count)")
        }
        let start = try NumberParsing.decimal(row, fields[0], "the window's start", exponent: 9)
        guard start <= Int64.max / 4 else { throw fields[0].error("the window's start is too large") }
        let rate = try number(row, fields[1], "the rate")
        let cv = try number(row, fields[2], "the coefficient of variation")
        let shape = fields[4].length == 0 ? 0 : try number(row, fields[4], "the first argument")
        if fields[5].length > 0 { _ = try number(row, fields[5], "the second argument") }
        guard rate > 0 else { return ServeGenChunk.Window(start: start, gaps: nil) }
        guard rate <= 1e9 else { throw fields[1].error("the rate is above a request per nanosecond") }
        let gaps: Distribution
        switch FieldSplitter.text(row, fields[3]) {
        case "": return ServeGenChunk.Window(start: start, gaps: nil)
        case "Gamma" where shape > 0: gaps = .gamma(shape: shape, scale: 1 / (rate * shape))
        case "Gamma" where cv > 0: gaps = .gamma(mean: 1 / rate, cv: cv)
        case "Weibull" where shape >= 0.05: gaps = .weibull(mean: 1 / rate, shape: shape)
        case "Weibull" where cv > 0: gaps = .weibull(mean: 1 / rate, cv: cv)
        case "Gamma", "Weibull": throw fields[3].error("the pattern needs a shape or a coefficient of variation")
        default: throw fields[3].error("the arrival pattern is neither Gamma, Weibull nor empty")
        }
        guard gaps.isValid else { throw fields[4].error("the window's arrival process has no finite parameters") }
        return ServeGenChunk.Window(start: start, gaps: gaps)
    }

    private static func number(_ row: Row, _ field: FieldSpan, _ what: String) throws(RowError) -> Double {
        let text = FieldSplitter.text(row, field)
        guard let value = Double(text), value.isFinite else { throw field.error("\(what) is not a number") }
        guard value >= 0 else { throw field.error("\(what) is negative") }
        return value
    }

    // MARK: Datasets

    /// An object keyed by window start; each value an object of fields whose text is a Python dictionary.
    static func datasets(_ path: String) throws(TraceError) -> [ServeGenLengths] {
        let bytes = try wholeFile(path)
        return try bytes.withUnsafeBufferPointer { buffer throws(TraceError) in
            guard let base = buffer.baseAddress else {
                throw TraceError(file: path, line: 1, column: 1, message: "the file is empty")
            }
            let row = Row(bytes: base, count: bytes.count - 1)
            do throws(RowError) { return try datasets(row) } catch {
                throw locate(error, row, path)
            }
        }
    }

    private static func locate(_ error: RowError, _ row: Row, _ path: String) -> TraceError {
        let offset = min(error.offset, row.count)
        let before = UnsafeBufferPointer(start: row.bytes, count: offset)
        let lineStart = (before.lastIndex(of: 0x0A) ?? -1) + 1
        var located = error.located(in: row, file: path, line: 1 + before.count { $0 == 0x0A })
        located.column = offset - lineStart + 1
        return located
    }

    /// The file's bytes and a zero after them, so that a number at the very end has a byte behind it.
    private static func wholeFile(_ path: String) throws(TraceError) -> [UInt8] {
        let input = try ByteInput(path: path)
        var bytes: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let count = try input.read(into: chunk)
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        bytes.append(0)
        return bytes
    }

    private static func datasets(_ row: Row) throws(RowError) -> [ServeGenLengths] {
        var scanner = JSONScanner(row)
        var result: [ServeGenLengths] = []
        guard try scanner.peek() == 0x7B else { throw scanner.error("invalid JSON: an object was expected") }
        try scanner.object { (scanner, key) throws(RowError) in
            let start = try NumberParsing.decimal(row, key, "the window's start", exponent: 9)
            if let last = result.last, start <= last.start {
                throw key.error("the window starts no later than the one before")
            }
            result.append(try lengths(&scanner, row, start, key))
        }
        try scanner.expectEnd()
        return result
    }

    private static func lengths(
        _ scanner: inout JSONScanner, _ row: Row, _ start: Int64, _ key: FieldSpan
    ) throws(RowError) -> ServeGenLengths {
        var lengths = ServeGenLengths(start: start)
        var hasInput = false
        var hasOutput = false
        try scanner.object { (scanner, field) throws(RowError) in
            if scanner.matches(field, "input_tokens") {
                lengths.input = try PythonDictionary.parse(row, try scanner.string())
                hasInput = true
            } else if scanner.matches(field, "output_tokens") {
                lengths.output = try PythonDictionary.parse(row, try scanner.string())
                hasOutput = true
            } else if scanner.matches(field, "reason_ratio") {
                // The share of the output that is reasoning; output_tokens already holds both.
                try scanner.skipValue()
            } else {
                throw field.error("only language and reasoning data are read, with input_tokens and output_tokens")
            }
        }
        guard hasInput, hasOutput else { throw key.error("the window lacks input_tokens or output_tokens") }
        return lengths
    }
}
