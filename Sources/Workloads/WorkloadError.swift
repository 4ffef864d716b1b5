/// A workload described in a way that cannot be run. Prints as one sentence.
public struct WorkloadError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The setting at fault, dotted, e.g. `classes.chat.lengths`; empty when it is the whole.
    public var setting: String
    /// What is wrong, a sentence without its full stop.
    public var message: String

    /// An error about one setting, or about the whole.
    public init(setting: String = "", message: String) {
        self.setting = setting
        self.message = message
    }

    /// `setting: message`, or the message alone.
    public var description: String { setting.isEmpty ? message : "\(setting): \(message)" }

    /// The same error one level further in.
    func within(_ outer: String) -> WorkloadError {
        WorkloadError(setting: setting.isEmpty ? outer : "\(outer).\(setting)", message: message)
    }
}
