/// One value of a scenario: a scalar, a list or a mapping, with its position. The whole of Planning reads settings
/// through this tree; only the file that builds it knows YAML.
package struct SettingNode: Sendable {
    package indirect enum Content: Sendable {
        /// `quoted` text is never a number, a boolean or nothing.
        case scalar(String, quoted: Bool)
        case list([SettingNode])
        case map([SettingEntry])
    }

    package var content: Content
    package var position: SettingPosition
    /// What errors call it: its key in back quotes, or `item 2 of …`.
    package var label: String

    package init(_ content: Content, at position: SettingPosition, label: String) {
        self.content = content
        self.position = position
        self.label = label
    }

    /// Whether the value was left out: nothing after the colon, `~` or `null`.
    package var isEmpty: Bool {
        guard case .scalar(let text, quoted: false) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The error `message` at this value's place.
    package func error(_ kind: ScenarioError.Kind, _ message: String) -> ScenarioError {
        ScenarioError(kind, message, at: position)
    }

    /// `value` together with this node's place.
    package func located<Value: Sendable>(_ value: Value) -> Located<Value> { Located(value, at: position) }

    /// The value as the user sees it in an error: its text in back quotes, or what it is.
    package var shown: String {
        switch content {
        case .scalar(let text, _): isEmpty ? "nothing" : "`\(text.count > 60 ? text.prefix(57) + "…" : text[...])`"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

/// One key of a mapping with its value.
package struct SettingEntry: Sendable {
    package var key: String
    package var keyPosition: SettingPosition
    package var value: SettingNode

    package init(key: String, keyPosition: SettingPosition, value: SettingNode) {
        self.key = key
        self.keyPosition = keyPosition
        self.value = value
    }
}
