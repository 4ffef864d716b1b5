#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// One line without its terminator. Valid until the reader moves on. The byte after the last is never a digit, and
/// at least 16 bytes after it may be loaded.
struct Row {
    let bytes: UnsafePointer<UInt8>
    let count: Int

    subscript(offset: Int) -> UInt8 { bytes[offset] }
    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: bytes, count: count) }
}

/// Splits a file into lines: LF or CRLF, a UTF-8 byte order mark, blank lines at the end, a last line without
/// terminator. Reads 1 MiB at a time and holds no more unless one line is longer.
struct LineReader: ~Copyable {
    let input: ByteInput
    /// Number of the line last returned, from 1.
    private(set) var line = 0
    /// Whether the line last returned was the file's last and had no terminator.
    private(set) var isUnterminated = false
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    private var firstBlank = 0
    /// Set by ``pushBack()``: the next call returns the same line again.
    private var lineStart = 0
    private var isPushedBack = false

    static let longestLine = 64 << 20
    private static let padding = 32

    private init(input: ByteInput, capacity: Int) {
        self.input = input
        self.capacity = capacity
        buffer = .allocate(capacity: capacity + Self.padding)
        buffer.initialize(repeating: 0, count: capacity + Self.padding)
    }

    static func open(path: String, chunk: Int = 1 << 20) throws(TraceError) -> LineReader {
        var reader = LineReader(input: try ByteInput(path: path), capacity: chunk)
        try reader.begin()
        return reader
    }

    /// Reads the first bytes and passes over a UTF-8 byte order mark.
    private mutating func begin() throws(TraceError) {
        while end < 3, !isAtEnd { try fill() }
        if end >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { start = 3 }
        if end >= 2, (buffer[0] == 0xFF && buffer[1] == 0xFE) || (buffer[0] == 0xFE && buffer[1] == 0xFF) {
            throw TraceError(file: path, line: 1, column: 1, message: "UTF-16 text is not read; save it as UTF-8")
        }
    }

    deinit { buffer.deallocate() }

    var path: String { input.path }

    /// How much of the file lies before the next line, 0 to 1; `nil` for a pipe. In a gzip file it may run ahead by the
    /// mebibyte that is held decompressed.
    var shareRead: Double? { input.share(unread: end - start) }

    /// The next line that is not blank; `nil` at the end. A blank line with more lines after it is an error.
    mutating func next() throws(TraceError) -> Row? {
        if isPushedBack {
            isPushedBack = false
            start = lineStart
            line -= 1
        }
        while true {
            guard let row = try nextLine() else { return nil }
            if row.count > 0 {
                guard firstBlank == 0 else {
                    throw TraceError(
                        file: path, line: firstBlank, column: 1, message: "a blank line stands between rows")
                }
                return row
            }
            if firstBlank == 0 { firstBlank = line }
        }
    }

    /// Makes ``next()`` return the line it returned last.
    mutating func pushBack() { isPushedBack = true }

    private mutating func nextLine() throws(TraceError) -> Row? {
        var searched = start
        while true {
            if let found = memchr(buffer + searched, 0x0A, end - searched) {
                let stop = found.assumingMemoryBound(to: UInt8.self) - buffer
                return take(upTo: stop, next: stop + 1)
            }
            if isAtEnd {
                guard start < end else { return nil }
                isUnterminated = true
                return take(upTo: end, next: end)
            }
            let pending = end - start
            try makeRoom()
            searched = start + pending
            try fill()
        }
    }

    private mutating func take(upTo stop: Int, next: Int) -> Row {
        lineStart = start
        var count = stop - start
        if count > 0, buffer[stop - 1] == 0x0D { count -= 1 }
        line += 1
        defer { start = next }
        return Row(bytes: UnsafePointer(buffer + start), count: count)
    }

    /// Moves the unfinished line to the front, into a buffer twice the size if it fills this one.
    private mutating func makeRoom() throws(TraceError) {
        let pending = end - start
        if pending == capacity {
            guard capacity < Self.longestLine else {
                throw TraceError(file: path, line: line + 1, column: 1, message: "a line is longer than 64 MiB")
            }
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + Self.padding)
            larger.initialize(repeating: 0, count: capacity * 2 + Self.padding)
            larger.update(from: buffer + start, count: pending)
            buffer.deallocate()
            buffer = larger
            capacity *= 2
        } else if start > 0 {
            memmove(buffer, buffer + start, pending)
        }
        start = 0
        end = pending
    }

    private mutating func fill() throws(TraceError) {
        let room = UnsafeMutableRawBufferPointer(start: buffer + end, count: capacity - end)
        let count: Int
        do { count = try input.read(into: room) } catch {
            var located = error
            if located.kind == .malformed { located.line = line + 1 }
            throw located
        }
        end += count
        if count == 0 { isAtEnd = true }
        buffer[end] = 0
    }
}
