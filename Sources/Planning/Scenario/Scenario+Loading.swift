extension Scenario {
    /// Reads, overrides and decodes the scenario file at `path`.
    /// - Throws: ``ScenarioError``.
    public static func load(_ path: String, overrides: ScenarioOverrides = ScenarioOverrides()) throws -> Scenario {
        let text = try ScenarioFile.read(path)
        let folder = FileLocation.folder(of: path)
        return try Scenario(text: text, path: path, folder: folder, overrides: overrides)
    }

    /// Decodes a scenario from its text.
    /// - Parameters:
    ///   - path: what errors call it.
    ///   - folder: what relative paths in it are resolved against.
    /// - Throws: ``ScenarioError``.
    public init(
        text: String, path: String, folder: String, overrides: ScenarioOverrides = ScenarioOverrides()
    ) throws {
        let source = SettingSource(name: path, text: text)
        var root = try ScenarioFile.tree(of: text, in: source, label: "the scenario")
        guard !root.isEmpty else { throw root.error(.missingKey, "the scenario is empty") }
        let settings = overrides.expanded
        for setting in settings { root = try SettingOverride(setting).applied(to: root) }
        if let trace = overrides.trace { root = root.replacingWorkload(byTrace: trace) }
        root = try root.keeping(strategies: overrides.strategies)
        guard !overrides.isEmpty else {
            self = try Scenario(root, text: text, folder: folder)
            return
        }
        let notes = settings.map { "# set \($0.split(whereSeparator: \.isNewline).joined(separator: " "))\n" }
        self = try Scenario(root, text: notes.joined() + root.yaml, folder: folder)
    }
}

extension ScenarioOverrides {
    /// All but the trace and the strategies, as `--set` arguments.
    fileprivate var expanded: [String] {
        settings + (seed.map { ["seed=\($0)"] } ?? []) + (replications.map { ["compare.replications=\($0)"] } ?? [])
    }
}

extension SettingNode {
    /// The scenario with its workload's source replaced by a trace file; its `scale` stays.
    fileprivate func replacingWorkload(byTrace path: String) -> SettingNode {
        let source = SettingSource(name: "--trace", text: path)
        let place = SettingPosition(source: source, line: 1, column: 1)
        func entry(_ key: String, _ content: Content) -> SettingEntry {
            SettingEntry(key: key, keyPosition: place, value: SettingNode(content, at: place, label: "`\(key)`"))
        }
        let absolute = FileLocation.absolute(path)
        var workload = [entry("trace", .map([entry("path", .scalar(absolute, quoted: true))]))]
        guard case .map(var entries) = content else { return self }
        if let index = entries.firstIndex(where: { $0.key == "workload" }) {
            if case .map(let old) = entries[index].value.content { workload += old.filter { $0.key == "scale" } }
            entries[index].value.content = .map(workload)
        } else {
            entries.append(entry("workload", .map(workload)))
        }
        return SettingNode(.map(entries), at: position, label: label)
    }

    /// The scenario with only the named strategies; the baseline goes with its strategy.
    fileprivate func keeping(strategies wanted: [String]) throws -> SettingNode {
        guard !wanted.isEmpty, case .map(var entries) = content,
            let index = entries.firstIndex(where: { $0.key == "strategies" }),
            case .list(let items) = entries[index].value.content
        else { return self }
        let names = items.map { $0.entry("name")?.text ?? "" }
        for name in wanted where !names.contains(name) {
            throw ScenarioError(
                .unknownName, "there is no strategy `\(name)`\(suggestion(for: name, among: names))",
                at: SettingPosition(source: SettingSource(name: "--strategy", text: name), line: 1, column: 1))
        }
        entries[index].value.content = .list(zip(items, names).filter { wanted.contains($0.1) }.map(\.0))
        if let compare = entries.firstIndex(where: { $0.key == "compare" }),
            let baseline = entries[compare].value.entry("baseline")?.text, !wanted.contains(baseline),
            case .map(let old) = entries[compare].value.content
        {
            entries[compare].value.content = .map(old.filter { $0.key != "baseline" })
        }
        return SettingNode(.map(entries), at: position, label: label)
    }

    private func entry(_ key: String) -> SettingNode? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    private var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }
}
