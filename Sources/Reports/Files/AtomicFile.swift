import Foundation

/// A file that appears under its name only when it is whole: bytes go to a temporary name in the same folder, and
/// ``commit()`` flushes them to the disk and renames. Discarded or failed, it leaves nothing behind and the earlier
/// file untouched. Not thread-safe: one writer owns it.
public final class AtomicFile {
    /// The name the file will have.
    public let path: String
    let temporary: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    /// The temporary name is still ours to remove.
    private var pending = true
    private static let bufferSize = 1 << 18

    /// Opens a temporary file beside `path`.
    /// - Throws: ``OutputError``.
    public convenience init(path: String) throws {
        let url = URL(fileURLWithPath: path)
        let name = ".\(url.lastPathComponent).\(getpid()).part"
        let temporary = url.deletingLastPathComponent().appendingPathComponent(name).path
        // A part left by a killed process with the same number is nobody's.
        unlink(temporary)
        try self.init(path: path, temporary: temporary)
    }

    init(path: String, temporary: String) throws {
        self.path = path
        self.temporary = temporary
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw OutputError(path: path, action: "create", errno: errno) }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { discard() }

    /// Appends `bytes`; they may stay in memory until the buffer of 256 KiB is full.
    /// - Throws: ``OutputError``, after which the file is discarded.
    public func write(_ bytes: some Sequence<UInt8>) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferSize { try drain() }
    }

    /// Appends the text as UTF-8.
    public func write(_ text: String) throws { try write(text.utf8) }

    /// Writes what is buffered and forces it to the disk, still under the temporary name.
    func flush() throws {
        try drain()
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure("write", errno) }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0 else { throw failure("write", errno) }
    }

    /// Makes the file appear under its name. Nothing can be written afterwards.
    /// - Throws: ``OutputError``, after which the file is discarded and an earlier one is still in place.
    public func commit() throws {
        if descriptor >= 0 { try flush() }
        guard rename(temporary, path) == 0 else { throw failure("finish", errno) }
        pending = false
        Self.syncFolder(of: path)
    }

    /// Removes the temporary file; harmless after ``commit()`` or twice.
    public func discard() {
        if descriptor >= 0 {
            close(descriptor)
            descriptor = -1
        }
        if pending { unlink(temporary) }
        pending = false
    }

    private func drain() throws {
        var written = 0
        while written < buffer.count {
            let count = buffer[written...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", errno) }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private func failure(_ action: String, _ code: Int32) -> OutputError {
        discard()
        return OutputError(path: path, action: action, errno: code)
    }

    /// A rename survives a power cut only when the folder itself has reached the disk; a folder that cannot be
    /// opened for that is not an error, the file is there.
    private static func syncFolder(of path: String) {
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}
