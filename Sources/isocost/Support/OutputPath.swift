import Foundation
import Reports

/// Checks of where a file goes, made before any work is done for it.
enum OutputPath {
    /// Files are written beside their name and renamed over it, which would replace a device or a pipe (`/dev/stdout`)
    /// by a file; and a folder that is not there fails at the end of a long job. Both are refused here.
    /// - Throws: `OutputError`.
    static func check(_ path: String) throws {
        let url = URL(fileURLWithPath: path)
        var status = stat()
        if stat(url.path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw OutputError(path: path, action: "write", reason: "it is not a regular file")
        }
        guard stat(url.deletingLastPathComponent().path, &status) == 0 else {
            throw OutputError(path: path, action: "create", reason: String(cString: strerror(errno)).lowercased())
        }
    }
}
