#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file being written under a temporary name next to its own, renamed when complete; removed if it never is. An
/// interrupted writer leaves whatever stood there before.
final class TraceOutput {
    let path: String
    private let temporary: String
    private let descriptor: CInt
    private var buffer: [UInt8] = []
    private var isComplete = false

    private static let bufferSize = 1 << 18

    init(path: String) throws(TraceError) {
        self.path = path
        temporary = "\(path).\(getpid()).partial"
        // Renaming would put a file in the place of a device or a pipe.
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw .file(.inputOutput, path, "this is no regular file, and is not replaced by one")
        }
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .file(.inputOutput, path, "cannot be written: \(String(cString: strerror(errno)).lowercased())")
        }
        buffer.reserveCapacity(Self.bufferSize + 4_096)
    }

    deinit {
        guard descriptor >= 0, !isComplete else { return }
        close(descriptor)
        unlink(temporary)
    }

    func write(_ text: String) throws(TraceError) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    func write(_ bytes: some Collection<UInt8>) throws(TraceError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Appends to the buffer and flushes it when it is full.
    func append(_ body: (inout [UInt8]) -> Void) throws(TraceError) {
        body(&buffer)
        if buffer.count >= Self.bufferSize { try flush() }
    }

    /// Writes what is left, to the disk, and gives the file its name.
    func finish() throws(TraceError) {
        try flush()
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw ByteInput.failure(errno, "write", path) }
        guard rename(temporary, path) == 0 else { throw ByteInput.failure(errno, "name", path) }
        close(descriptor)
        isComplete = true
    }

    private func flush() throws(TraceError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                systemWrite(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw ByteInput.failure(errno, "write", path)
            }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
