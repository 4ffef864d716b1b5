/// One `--set key.path=value`.
///
/// The path names keys and list items from the top, joined by dots: `workload.scale.limit`, `strategies.0.router`.
/// Square brackets hold what has dots or blanks in it, or a list item's `name`: `slo.ttft[p99.9]`,
/// `strategies[on demand].pools[0].replicas`. Missing mappings on the way are made; whether the keys exist in the
/// format is decided where the scenario is decoded. The value is YAML.
package struct SettingOverride: Sendable {
    private struct Step {
        var name: String
        /// From 1 in the argument.
        var column: Int
    }

    private let source: SettingSource
    private let steps: [Step]
    private let value: SettingNode

    /// - Throws: ``ScenarioError`` with the position within the argument.
    package init(_ argument: String) throws {
        let source = SettingSource(name: "--set", text: argument)
        func fault(_ message: String, _ column: Int) -> ScenarioError {
            ScenarioError(.syntax, message, at: SettingPosition(source: source, line: 1, column: column))
        }
        let scalars = Array(argument.unicodeScalars)
        var steps: [Step] = []
        var position = 0
        while position < scalars.count, scalars[position] != "=" {
            let bracketed = scalars[position] == "["
            if bracketed || scalars[position] == "." { position += 1 }
            let start = position
            while position < scalars.count,
                bracketed ? scalars[position] != "]" : !".[=".unicodeScalars.contains(scalars[position])
            {
                position += 1
            }
            guard position > start else { throw fault("the path needs a key here", start + 1) }
            guard !bracketed || position < scalars.count else { throw fault("the bracket is not closed", start) }
            steps.append(Step(name: Self.text(scalars[start..<position]), column: start + 1))
            if bracketed { position += 1 }
        }
        guard let last = steps.last else { throw fault("`--set` needs `key.path=value`", 1) }
        guard position < scalars.count else {
            throw fault("`--set` needs `=` and a value after the path", scalars.count + 1)
        }
        self.source = source
        self.steps = steps
        value = try ScenarioFile.tree(
            of: Self.text(scalars[(position + 1)...]), in: source, column: position + 2, label: "`\(last.name)`")
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// `root` with the value in its place.
    /// - Throws: ``ScenarioError`` where the path leads through a scalar or to a list item that is not there.
    package func applied(to root: SettingNode) throws -> SettingNode { try applied(to: root, step: 0) }

    private func applied(to node: SettingNode, step index: Int) throws -> SettingNode {
        guard index < steps.count else { return value }
        var node = node
        switch node.content {
        case .map(var entries):
            let step = steps[index]
            if let existing = entries.firstIndex(where: { $0.key == step.name }) {
                entries[existing].value = try applied(to: entries[existing].value, step: index + 1)
            } else {
                entries.append(try newEntry(index))
            }
            node.content = .map(entries)
        case .list(var items):
            let item = try item(of: items, step: steps[index], in: node)
            items[item] = try applied(to: items[item], step: index + 1)
            node.content = .list(items)
        case .scalar:
            guard node.isEmpty else {
                throw fault(
                    .wrongType, "\(node.label) is \(node.shown), which has no `\(steps[index].name)`", steps[index])
            }
            node.content = .map([try newEntry(index)])
        }
        return node
    }

    private func newEntry(_ index: Int) throws -> SettingEntry {
        let step = steps[index]
        let position = SettingPosition(source: source, line: 1, column: step.column)
        let nothing = SettingNode(.scalar("", quoted: false), at: position, label: "`\(step.name)`")
        return SettingEntry(key: step.name, keyPosition: position, value: try applied(to: nothing, step: index + 1))
    }

    private func item(of items: [SettingNode], step: Step, in node: SettingNode) throws -> Int {
        if let number = Int(step.name) {
            guard items.indices.contains(number) else {
                throw fault(.outOfRange, "\(node.label) has items 0 to \(items.count - 1), not `\(step.name)`", step)
            }
            return number
        }
        let names = items.map(\.itemName)
        if let found = names.firstIndex(of: step.name) { return found }
        throw fault(
            .unknownName,
            "\(node.label) has no item `\(step.name)`\(suggestion(for: step.name, among: names.compactMap { $0 }))",
            step)
    }

    private func fault(_ kind: ScenarioError.Kind, _ message: String, _ step: Step) -> ScenarioError {
        ScenarioError(kind, message, at: SettingPosition(source: source, line: 1, column: step.column))
    }
}

extension SettingNode {
    /// The scalar under `name`, by which a list item may be addressed.
    fileprivate var itemName: String? {
        guard case .map(let entries) = content, let entry = entries.first(where: { $0.key == "name" }),
            case .scalar(let text, _) = entry.value.content
        else { return nil }
        return text
    }
}
