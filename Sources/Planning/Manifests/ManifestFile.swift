/// Finds the autoscaler in a file of Kubernetes manifests.
enum ManifestFile {
    static let scaledObject = "ScaledObject"
    private static let kinds = ["HorizontalPodAutoscaler", scaledObject]

    /// The one autoscaler of the file at `path`, and what else is in it, in words.
    static func autoscaler(
        _ path: Located<String>, in folder: String
    ) throws -> (document: SettingNode, others: [String]) {
        let file = try FileLocation.existing(path, in: folder, called: "manifest")
        let text = try ScenarioFile.read(file)
        let source = SettingSource(name: path.value, text: text)
        let documents = try documents(of: text, in: source)
        let objects = try documents.filter { !$0.isEmpty }.flatMap { try Self.objects(in: $0) }
        guard let first = objects.first else {
            throw path.error(.missingKey, "the manifest `\(path.value)` is empty")
        }
        let found = objects.filter { kinds.contains($0.manifestKind ?? "") }
        guard let autoscaler = found.first else {
            let others = objects.compactMap(\.manifestKind).unique.map { "`\($0)`" }.joined(separator: ", ")
            throw first.error(
                .missingKey,
                "the manifest has no HorizontalPodAutoscaler and no ScaledObject, but \(others)")
        }
        guard found.count == 1 else {
            throw found[1].error(
                .conflict,
                "the manifest has a second autoscaler\(found[1].manifestName.map { " `\($0)`" } ?? ""): keep "
                    + "each in a file of its own")
        }
        let others = objects.filter { !kinds.contains($0.manifestKind ?? "") }
        return (autoscaler, others.map { "the \($0.manifestKind ?? "object") \($0.manifestName ?? "without a name")" })
    }

    /// - Throws: ``ScenarioError``, which says so where the text is a template that makes manifests.
    private static func documents(of text: String, in source: SettingSource) throws -> [SettingNode] {
        do {
            return try ScenarioFile.documents(of: text, in: source, label: "the manifest")
        } catch {
            guard let line = source.lines.firstIndex(where: { $0.contains("{{") }),
                let start = source.lines[line].firstRange(of: "{{")?.lowerBound
            else { throw error }
            let column = source.lines[line][..<start].unicodeScalars.count + 1
            throw ScenarioError(
                .syntax, "this is a template, not a manifest: take what `helm template` makes of it",
                at: SettingPosition(source: source, line: line + 1, column: column))
        }
    }

    /// A document, or what is in a `List`.
    private static func objects(in document: SettingNode) throws -> [SettingNode] {
        guard case .map = document.content else {
            throw document.error(.wrongType, "a manifest must be a mapping, not \(document.shown)")
        }
        guard let kind = document.manifestKind else {
            throw document.error(.missingKey, "the manifest needs the key `kind`, such as `HorizontalPodAutoscaler`")
        }
        guard kind == "List" else { return [document] }
        guard let items = document.manifestEntry("items") else { return [] }
        return try items.items().flatMap { try objects(in: $0) }
    }
}

extension SettingNode {
    /// What sort of object it is; `nil` where it does not say so.
    var manifestKind: String? { try? manifestEntry("kind")?.string() }
    /// `metadata.name`.
    var manifestName: String? { try? manifestEntry("metadata")?.manifestEntry("name")?.string() }

    /// The value of `key`, of a mapping that has it.
    func manifestEntry(_ key: String) -> SettingNode? {
        guard case .map(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }
}
