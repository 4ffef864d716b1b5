/// A text that settings were read from: a scenario file, or one `--set` argument.
package final class SettingSource: Sendable {
    /// What errors call it: the path as the user wrote it, or `--set`.
    package let name: String
    package let lines: [String]

    /// Splits `text` at LF, CRLF or CR.
    package init(name: String, text: String) {
        self.name = name
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    /// Line `number`, from 1; empty beyond the end.
    package func line(_ number: Int) -> String {
        lines.indices.contains(number - 1) ? lines[number - 1] : ""
    }
}

/// A place in a ``SettingSource``.
package struct SettingPosition: Sendable {
    package let source: SettingSource
    /// From 1.
    package let line: Int
    /// In Unicode scalars, from 1.
    package let column: Int

    package init(source: SettingSource, line: Int, column: Int) {
        self.source = source
        self.line = max(1, line)
        self.column = max(1, column)
    }
}

/// A value and where the user wrote it, so that a fault found much later still points at its cause.
package struct Located<Value: Sendable>: Sendable {
    package var value: Value
    package var position: SettingPosition

    package init(_ value: Value, at position: SettingPosition) {
        self.value = value
        self.position = position
    }

    /// The error `message` about this value.
    package func error(_ kind: ScenarioError.Kind, _ message: String) -> ScenarioError {
        ScenarioError(kind, message, at: position)
    }
}
