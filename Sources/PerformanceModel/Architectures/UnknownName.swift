/// A name that no catalogue entry bears, with the entry that was probably meant.
public struct UnknownName: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was looked for: `model`, `device`, `precision`.
    public let kind: String
    /// The offending text.
    public let name: String
    /// The known name at the smallest edit distance, or `nil` when none is within half of the longer name.
    public let nearest: String?

    /// Finds the nearest of `known`, ties going to the earlier.
    public init(kind: String, name: String, known: [String]) {
        self.kind = kind
        self.name = name
        let wanted = Array(name.lowercased().utf8)
        let distances = known.map { (name: $0, steps: editDistance(Array($0.lowercased().utf8), wanted)) }
        let best = distances.min { $0.steps < $1.steps }
        nearest = best.flatMap { 2 * $0.steps <= max($0.name.utf8.count, name.utf8.count) ? $0.name : nil }
    }

    /// One sentence naming the text and the nearest known name.
    public var description: String {
        let hint = nearest.map { ", did you mean `\($0)`?" } ?? ""
        return "unknown \(kind) `\(name)`\(hint)"
    }
}

/// Fewest insertions, deletions and substitutions between two strings (Levenshtein). Complexity: O(n·m).
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, right) in b.enumerated() {
            let substituted = diagonal + (left == right ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
