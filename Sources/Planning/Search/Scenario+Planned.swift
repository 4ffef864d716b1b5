extension Scenario {
    /// The scenario with the fleets of a plan in place of the plan, the first as baseline, its own strategies after them:
    /// text that runs. Paths of files are made absolute, so that it runs from anywhere.
    func planned(_ fleets: [TriedFleet], replications: Int) -> String {
        guard case .map(let entries) = tree.content else { return text }
        func node(_ content: SettingNode.Content) -> SettingNode {
            SettingNode(content, at: position, label: "the plan")
        }
        func entry(_ key: String, _ content: SettingNode.Content) -> SettingEntry {
            SettingEntry(key: key, keyPosition: position, value: node(content))
        }
        var own: [SettingNode] = []
        if case .list(let items)? = entries.first(where: { $0.key == "strategies" })?.value.content { own = items }
        let kept = entries.filter { !["plan", "strategies", "compare"].contains($0.key) }
        let strategies = fleets.map(\.candidate.node) + own
        let compare = node(
            .map([
                entry("baseline", .scalar(fleets[0].candidate.name, quoted: true)),
                entry("replications", .scalar(String(replications), quoted: false)),
            ]))
        let root = node(
            .map(
                kept + [
                    entry("strategies", .list(strategies)),
                    SettingEntry(key: "compare", keyPosition: position, value: compare),
                ]))
        return "# Found by `isocost plan`: the first strategy is the cheapest that meets the SLO.\n"
            + root.withAbsolutePaths(in: folder).yaml
    }
}

extension SettingNode {
    /// The tree with relative paths of files that are there made absolute.
    fileprivate func withAbsolutePaths(in folder: String) -> SettingNode {
        var copy = self
        switch content {
        case .scalar: break
        case .list(let items): copy.content = .list(items.map { $0.withAbsolutePaths(in: folder) })
        case .map(let entries):
            copy.content = .map(
                entries.map { entry in
                    var entry = entry
                    entry.value = entry.value.withAbsolutePaths(in: folder)
                    guard Self.fileKeys.contains(entry.key), case .scalar(let text, _) = entry.value.content else {
                        return entry
                    }
                    let path = FileLocation.resolved(text, in: folder)
                    if FileLocation.kind(of: path) != .nothing { entry.value.content = .scalar(path, quoted: true) }
                    return entry
                })
        }
        return copy
    }

    /// Keys whose value may be a file.
    private static let fileKeys = ["path", "profile", "manifest", "model", "trace", "hosts", "rtt", "file"]
}
