import Foundation
import Reports

/// Forces what was printed out of its buffer: results that did not reach their file on a full disk are no success.
/// - Throws: `OutputError`.
func flushStandardOutput() throws {
    // All open streams: naming `stdout`, a mutable global of C, is not allowed in Swift 6.
    guard fflush(nil) == 0 else {
        throw OutputError(
            path: "standard output", action: "write", reason: String(cString: strerror(errno)).lowercased())
    }
}
