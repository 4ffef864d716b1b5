/// Which tokens visit which experts: the softmax over a token's best scores (Jiang et al. 2024, arXiv 2401.04088).
enum ExpertRouting {
    /// A token at an expert, and the share of the answer that it takes from there.
    struct Visit: Hashable {
        var token: Int
        var weight: Float
    }

    /// The visits of each expert, tokens ascending. `scores` has a row for each of `tokens` and a column per expert;
    /// a token visits the `perToken` with its largest scores, of equal ones the first, and their weights sum to 1.
    static func visits(_ scores: Matrix, tokens: Int, perToken: Int) -> [[Visit]] {
        var visits = [[Visit]](repeating: [], count: scores.columns)
        for token in 0..<tokens {
            let row = scores.row(token)
            let best = (0..<scores.columns).sorted { (row[$0], $1) > (row[$1], $0) }.prefix(perToken)
            let weights = softmax(best.map { row[$0] })
            for (expert, weight) in zip(best, weights) { visits[expert].append(Visit(token: token, weight: weight)) }
        }
        return visits
    }

    private static func softmax(_ scores: [Float]) -> [Float] {
        var weights = scores
        weights.withUnsafeMutableBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            Attention.softmax(first, visible: buffer.count, of: buffer.count)
        }
        return weights
    }
}
