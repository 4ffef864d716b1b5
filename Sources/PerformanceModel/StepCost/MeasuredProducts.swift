import Primitives

/// Times of matrix products as they were measured, by shape: what a law in rows, inputs and outputs can only come near
/// to, tiles and waves included.
struct MeasuredProducts: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// A weight matrix.
    struct Shape: Hashable, Sendable {
        var outputs: Int
        var inputs: Int
    }

    /// Times of one matrix by number of rows.
    struct RowTimes: Hashable, Sendable {
        /// Ascending, never empty.
        let rows: [Int]
        let microseconds: [Double]
    }

    private let times: [Shape: RowTimes]

    /// Nothing measured.
    static let none = MeasuredProducts()

    init(dictionaryLiteral elements: (Shape, RowTimes)...) {
        times = Dictionary(uniqueKeysWithValues: elements)
    }

    /// Nanoseconds of a product of `rows` ≥ 1 rows: linear between what was measured, and beyond it in proportion to
    /// `law`, nanoseconds by rows. `nil` for matrices that were not measured.
    func time(rows: Int, outputs: Int, inputs: Int, beside law: (Int) -> Double) -> Double? {
        guard let measured = times[Shape(outputs: outputs, inputs: inputs)] else { return nil }
        let above = measured.rows.firstIndex { $0 >= rows } ?? measured.rows.count
        if above == measured.rows.count {
            let last = above - 1
            return measured.microseconds[last] * 1_000 * law(rows) / law(measured.rows[last])
        }
        let end = measured.microseconds[above] * 1_000
        guard above > 0, measured.rows[above] > rows else { return end }
        let (low, high) = (measured.rows[above - 1], measured.rows[above])
        let begin = measured.microseconds[above - 1] * 1_000
        return begin + (end - begin) * Double(rows - low) / Double(high - low)
    }
}
