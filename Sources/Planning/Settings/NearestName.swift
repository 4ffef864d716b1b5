/// The candidate that `name` was probably meant to be: least edit distance, at most a third of the longer name's
/// length (and at least 1); ties to the first candidate. `nil` where nothing is near.
package func nearestName(to name: String, among candidates: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased().unicodeScalars)
        let limit = max(1, max(wanted.count, letters.count) / 3)
        let distance = editDistance(wanted, letters)
        if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
}

/// `; did you mean …?`, or the list of candidates where none is near (at most `limit`, then how many more).
package func suggestion(for name: String, among candidates: [String], limit: Int = 12) -> String {
    if let near = nearestName(to: name, among: candidates) { return "; did you mean `\(near)`?" }
    guard !candidates.isEmpty else { return "" }
    let shown = candidates.prefix(limit).map { "`\($0)`" }.joined(separator: ", ")
    let more = candidates.count > limit ? " and \(candidates.count - limit) more" : ""
    return "; known are \(shown)\(more)"
}

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b` (optimal string alignment).
/// Complexity: |a| · |b|.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i] + [Int](repeating: 0, count: b.count)
        for j in 1...b.count {
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                row[j] = min(row[j], beforeLast[j - 2] + 1)
            }
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
