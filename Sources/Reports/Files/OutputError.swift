import Foundation

/// A result that could not be written. Printed, it is one sentence that names the file and the reason.
public struct OutputError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The file or folder concerned, as the user named it.
    public var path: String
    /// What was being done: `create`, `write`, `finish`.
    public var action: String
    /// The operating system's reason, or ours.
    public var reason: String

    public init(path: String, action: String, reason: String) {
        self.path = path
        self.action = action
        self.reason = reason
    }

    /// The error of the system call that just failed.
    init(path: String, action: String, errno code: Int32) {
        self.init(path: path, action: action, reason: String(cString: strerror(code)).lowercased())
    }

    public var description: String { "Cannot \(action) \(path): \(reason)." }
}
