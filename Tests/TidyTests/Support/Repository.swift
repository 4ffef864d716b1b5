import Foundation
import Testing

/// The repository these tests lie in, read as text once.
enum Repository {
    /// Three folders above this file, links resolved.
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Everything written by hand: sources, tests, benchmarks, documentation, scenarios and the build's own files.
    static let files = paths.compactMap { path in
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)).map { SourceFile(path: path, text: $0) }
    }

    static let sources = files.filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }
    static let tests = files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }
    static let swift = files.filter { $0.path.hasSuffix(".swift") }

    private static let kinds: Set<String> = [
        "swift", "md", "yaml", "yml", "sh", "h", "c", "modulemap", "svg", "css", "js", "html", "toml", "swift-format",
    ]

    /// Corpora are left out: they hold malformed files on purpose. So is what is built, downloaded or reported.
    private static let paths: [String] = {
        let skipped: Set<String> = [".git", ".build", "Corpus", "reports", "shared", ".swiftpm", "DerivedData"]
        var found: [String] = []
        func visit(_ folder: String) {
            let path = folder.isEmpty ? root.path : root.appending(path: folder).path
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] {
                let inside = folder.isEmpty ? name : "\(folder)/\(name)"
                var isFolder: ObjCBool = false
                let full = root.appending(path: inside).path
                guard !skipped.contains(name), FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
                else { continue }
                if isFolder.boolValue {
                    visit(inside)
                } else if kinds.contains(String(name.split(separator: ".").last ?? "")) || name == "Makefile" {
                    found.append(inside)
                }
            }
        }
        visit("")
        return found
    }()
}

/// Fails once with every offence, a line each.
func expectNone(_ offences: [Offence], _ rule: String, sourceLocation: SourceLocation = #_sourceLocation) {
    guard !offences.isEmpty else { return }
    let list = offences.map { "  \($0)" }.joined(separator: "\n")
    Issue.record("\(rule): \(offences.count)\n\(list)", sourceLocation: sourceLocation)
}
