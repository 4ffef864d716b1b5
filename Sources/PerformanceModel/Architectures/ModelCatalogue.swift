/// A catalogue entry: an architecture, the names it goes by, and what its publisher says about it.
public struct CatalogueModel: Hashable, Sendable {
    /// Its shape; ``ModelArchitecture/name`` is the canonical name.
    public let architecture: ModelArchitecture
    /// Other names, as model hubs spell them.
    public let aliases: [String]
    /// Parameters the publisher states, or that the published weights hold.
    public let publishedParameters: Int
    /// Where shape and count were taken from.
    public let source: String
    /// Day of publication of the weights, `YYYY-MM-DD`.
    public let date: String

    /// Canonical name.
    public var name: String { architecture.name }
}

/// The models that have a name.
public enum ModelCatalogue {
    /// Every entry, grouped by family.
    public static let all: [CatalogueModel] = llama + mistral + qwen + others

    /// The architecture called `name`.
    ///
    /// Case, an organisation before a slash and endings such as `-instruct`, `-chat`, `-hf`, `-it` do not matter:
    /// `meta-llama/Llama-3.1-8B-Instruct` is `llama-3.1-8b`.
    /// - Throws: ``UnknownName`` with the nearest canonical name.
    public static func model(named name: String) throws(UnknownName) -> ModelArchitecture {
        try entry(named: name).architecture
    }

    /// The entry called `name`; see ``model(named:)``.
    public static func entry(named name: String) throws(UnknownName) -> CatalogueModel {
        let wanted = normalised(name)
        let found = all.first { entry in
            normalised(entry.name) == wanted || entry.aliases.contains { normalised($0) == wanted }
        }
        guard let found else { throw UnknownName(kind: "model", name: name, known: all.map(\.name)) }
        return found
    }

    /// Lower case, hyphens for underscores and spaces, without organisation and fine-tuning endings.
    static func normalised(_ name: String) -> String {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        var text = String(last.lowercased().map { $0 == "_" || $0 == " " || $0 == ":" ? "-" : $0 })
        let endings = ["-instruct", "-chat", "-hf", "-it", "-base", "-pt", "-2507", "-2407", "-v0.1", "-v0.3", "-v1.0"]
        while let ending = endings.first(where: { text.hasSuffix($0) }) { text.removeLast(ending.count) }
        return text.hasPrefix("meta-llama-") ? String(text.dropFirst(5)) : text
    }
}
