import CZlib

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file's bytes, decompressed if they are gzip (told by the first two bytes, never by the name). Several gzip
/// members in a row read as one stream. Holds at most 256 KiB of compressed bytes.
final class ByteInput {
    let path: String
    private let descriptor: CInt
    private let stream: UnsafeMutablePointer<z_stream>
    private let compressed: UnsafeMutableRawBufferPointer
    private var isGzip = false
    /// Whether the inflater is within a member (the end of the file is an error there).
    private var isInsideMember = false
    private var isInflating = false
    private var isAtEnd = false
    /// Bytes taken from the file so far.
    private var taken: Int64 = 0

    init(path: String) throws(TraceError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        let failure = errno
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        compressed = .allocate(byteCount: 256 << 10, alignment: 16)
        guard descriptor >= 0 else { throw Self.failure(failure, "open", path) }
        try detectGzip()
    }

    deinit {
        if isInflating { inflateEnd(stream) }
        if descriptor >= 0 { close(descriptor) }
        stream.deinitialize(count: 1)
        stream.deallocate()
        compressed.deallocate()
    }

    /// Fills the front of `target`; 0 means the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
        guard target.count > 0 else { return 0 }
        return isGzip ? try inflateSome(into: target) : try readPlain(into: target)
    }

    /// How much of the file has been handed out, less `unread` bytes of it, as a share; `nil` for what has no size.
    func share(unread: Int) -> Double? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
            return nil
        }
        let waiting = Int64(stream.pointee.avail_in) + (isGzip ? 0 : Int64(unread))
        return min(1, max(0, Double(taken - waiting) / Double(status.st_size)))
    }

    // MARK: Plain

    private func readPlain(into target: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
        let pending = Int(stream.pointee.avail_in)
        guard pending > 0 else { return try systemRead(into: target) }
        let count = min(pending, target.count)
        target.copyMemory(from: UnsafeRawBufferPointer(start: stream.pointee.next_in, count: count))
        stream.pointee.next_in += count
        stream.pointee.avail_in -= UInt32(count)
        return count
    }

    private func systemRead(into target: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, target.baseAddress, target.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, target.baseAddress, target.count)
            #else
                let count = Glibc.read(descriptor, target.baseAddress, target.count)
            #endif
            if count >= 0 {
                taken += Int64(count)
                return count
            }
            if errno != EINTR { throw Self.failure(errno, "read", path) }
        }
    }

    // MARK: Gzip

    private func detectGzip() throws(TraceError) {
        try refill()
        while stream.pointee.avail_in == 1 {
            // One byte cannot tell; a pipe may deliver so little at first.
            let rest = UnsafeMutableRawBufferPointer(rebasing: compressed[1...])
            let count = try systemRead(into: rest)
            if count == 0 { break }
            stream.pointee.avail_in += UInt32(count)
        }
        guard stream.pointee.avail_in >= 2, compressed[0] == 0x1F, compressed[1] == 0x8B else { return }
        isGzip = true
        // 15 window bits, + 16 for the gzip wrapper.
        let status = inflateInit2_(stream, 31, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .file(.inputOutput, path, "cannot start decompressing") }
        isInflating = true
    }

    private func refill() throws(TraceError) {
        let count = try systemRead(into: compressed)
        stream.pointee.next_in = compressed.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        if count == 0 { isAtEnd = true }
    }

    private func inflateSome(into target: UnsafeMutableRawBufferPointer) throws(TraceError) -> Int {
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(min(target.count, 1 << 30))
        let room = stream.pointee.avail_out
        while stream.pointee.avail_out == room {
            if stream.pointee.avail_in == 0, !isAtEnd { try refill() }
            if stream.pointee.avail_in == 0, isAtEnd {
                guard !isInsideMember else {
                    throw malformed("the gzip stream is cut short before its end marker")
                }
                return 0
            }
            try inflateStep()
        }
        return Int(room - stream.pointee.avail_out)
    }

    private func inflateStep() throws(TraceError) {
        isInsideMember = true
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: return
        case Z_STREAM_END:
            isInsideMember = false
            inflateReset(stream)
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "unknown trouble"
            throw malformed("the gzip stream is damaged (\(reason))")
        }
    }

    /// The reader that knows the line replaces the position.
    private func malformed(_ message: String) -> TraceError {
        TraceError(file: path, line: 1, column: 1, message: message)
    }

    static func failure(_ code: CInt, _ action: String, _ path: String) -> TraceError {
        let reason = String(cString: strerror(code))
        return .file(code == ENOENT ? .missing : .inputOutput, path, "cannot \(action) the file: \(reason)")
    }
}
