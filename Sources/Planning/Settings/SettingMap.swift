/// A mapping being decoded: knows which keys it may have, and which have been read.
///
/// Opening it refuses unknown keys; ``finish()`` refuses keys that are known but that this combination of settings
/// never looked at. Between the two, no setting can be accepted and ignored.
package final class SettingMap {
    package let node: SettingNode
    private let entries: [SettingEntry]
    private let known: [String]
    private var read: Set<String> = []

    /// - Parameters:
    ///   - keys: every key this version carries out, in the order they should be listed.
    ///   - refused: keys that people look for here and that are refused, with what completes the sentence "`key` …".
    /// - Throws: ``ScenarioError`` where the node is no mapping, or has an unknown or refused key.
    package init(_ node: SettingNode, keys: [String], refused: [String: String] = [:]) throws {
        guard case .map(let entries) = node.content else {
            throw node.error(.wrongType, "\(node.label) must be a mapping, not \(node.shown)")
        }
        self.node = node
        self.entries = entries
        known = keys
        for entry in entries where !keys.contains(entry.key) { throw Self.refusal(of: entry, in: node, keys, refused) }
    }

    private static func refusal(
        of entry: SettingEntry, in node: SettingNode, _ keys: [String], _ refused: [String: String]
    ) -> ScenarioError {
        if let reason = refused[entry.key] {
            return ScenarioError(.unsupported, "`\(entry.key)` \(reason)", at: entry.keyPosition)
        }
        return ScenarioError(
            .unknownKey, "unknown key `\(entry.key)` in \(node.label)\(suggestion(for: entry.key, among: keys))",
            at: entry.keyPosition)
    }

    /// The value of `key`, marked as read; `nil` where it is absent.
    /// - Precondition: `key` was declared.
    package subscript(key: String) -> SettingNode? {
        precondition(known.contains(key), "undeclared key \(key)")
        read.insert(key)
        return entries.first { $0.key == key }?.value
    }

    /// The value of `key`, which must be there.
    package func required(_ key: String) throws -> SettingNode {
        guard let value = self[key] else {
            throw node.error(.missingKey, "\(node.label) needs the key `\(key)`")
        }
        return value
    }

    /// Whether `key` is present, without marking it as read.
    package func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    /// The one of `keys` that is present, with its value.
    /// - Throws: ``ScenarioError`` where none or several are.
    package func exactlyOne(of keys: [String]) throws -> (key: String, value: SettingNode) {
        let present = entries.filter { keys.contains($0.key) }
        let list = keys.map { "`\($0)`" }.joined(separator: ", ")
        guard let first = present.first else {
            throw node.error(.missingKey, "\(node.label) needs one of \(list)")
        }
        guard present.count == 1 else {
            throw ScenarioError(
                .conflict, "\(node.label) takes one of \(list), not both `\(first.key)` and `\(present[1].key)`",
                at: present[1].keyPosition)
        }
        read.insert(first.key)
        return (first.key, first.value)
    }

    /// Refuses what was written but never read.
    /// - Parameter why: completes the sentence "`key` has no effect …".
    package func finish(because why: String = "here") throws {
        for entry in entries where !read.contains(entry.key) {
            throw ScenarioError(.conflict, "`\(entry.key)` has no effect \(why)", at: entry.keyPosition)
        }
    }
}
