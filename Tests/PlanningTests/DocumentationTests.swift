import Foundation
import Testing

@testable import Planning

/// What the documentation says of the keys, held against the readers of the keys.
@Suite struct DocumentationTests {
    private static let page: String = {
        let here = URL(fileURLWithPath: #filePath)
        let root = (0..<3).reduce(here) { url, _ in url.deletingLastPathComponent() }
        return (try? String(contentsOf: root.appendingPathComponent("Documentation/Scenarios.md"), encoding: .utf8))
            ?? ""
    }()

    /// Words in back quotes; what stands in one pair is split at spaces and punctuation.
    private static func words(_ text: Substring) -> Set<String> {
        let quoted = text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map(\.element)
        return Set(quoted.flatMap { $0.split { !($0.isLetter || $0.isNumber || $0 == "-") } }.map(String.init))
    }

    @Test(arguments: AutoscalerSettings.Kind.allCases)
    func everyParameterOfEveryAutoscalerIsListed(kind: AutoscalerSettings.Kind) throws {
        let row = try #require(Self.page.split(separator: "\n").first { $0.hasPrefix("| `\(kind.rawValue)` |") })
        var listed = Self.words(row)
        if kind == .keda { listed.formUnion(["scale-down", "sync-period", "metrics-delay", "rate-window"]) }
        #expect(Set(kind.keys).subtracting(listed) == [], "not in the documentation")
    }

    /// A key that the documentation invents would be refused: everything in a row is a key or a value of one.
    @Test(arguments: AutoscalerSettings.Kind.allCases)
    func nothingIsListedThatIsNotRead(kind: AutoscalerSettings.Kind) throws {
        let row = try #require(Self.page.split(separator: "\n").first { $0.hasPrefix("| `\(kind.rawValue)` |") })
        let values: Set = [
            "pods", "percent", "per", "select", "max", "min", "disabled", "stabilization", "limits", "external-average",
            "external-value", "not-ready", "failure-threshold", "replicas", "behavior", "at", "hpa",
        ]
        #expect(Self.words(row).subtracting(kind.keys).subtracting(values).subtracting([kind.rawValue]) == [])
    }

    @Test(arguments: [
        "autoscaler", "start", "replicas", "min", "initial", "provision", "image-pull", "weight-load", "compile",
        "warm-up", "prices", "hash-block", "zero-output", "kv-blocks", "long-prefill-threshold",
    ])
    func theKeysOfOtherSectionsAreListed(key: String) { #expect(Self.words(Self.page[...]).contains(key)) }
}
