/// Choosing the next token.
public enum Sampling {
    /// The index of the largest logit of each row; of equal ones the first. Rows are divided over the team.
    public static func greedy(_ logits: Matrix, on team: ThreadTeam) -> [Int] {
        let chosen = UnsafeMutablePointer<Int>.allocate(capacity: logits.rows)
        defer { chosen.deallocate() }
        team.split(logits.rows) { part in
            for row in part { (chosen + row).initialize(to: largest(logits.row(row), count: logits.columns)) }
        }
        return Array(UnsafeBufferPointer(start: chosen, count: logits.rows))
    }

    private static func largest(_ values: UnsafePointer<Float>, count: Int) -> Int {
        let largest = VectorMath.maximum(values, count: count)
        return (0..<count).first { values[$0] == largest } ?? 0
    }
}
