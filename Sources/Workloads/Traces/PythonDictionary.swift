import Primitives

/// The text of a Python dictionary `{value: probability, …}`, parsed and never evaluated.
enum PythonDictionary {
    /// - Returns: `nil` for `{}`.
    static func parse(_ row: Row, _ field: FieldSpan) throws(RowError) -> ServeGenDistribution? {
        var cursor = Cursor(row: row, at: field.offset, stop: field.offset + field.length)
        var values: [Int32] = []
        var weights: [Double] = []
        guard cursor.take(0x7B) else { throw cursor.error("a dictionary `{value: probability}` was expected") }
        if !cursor.take(0x7D) {
            repeat {
                if cursor.peek() == 0x7D { break }
                let entry = try cursor.entry()
                values.append(entry.value)
                weights.append(entry.weight)
            } while cursor.take(0x2C)
            guard cursor.take(0x7D) else { throw cursor.error("`,` or `}` was expected") }
        }
        guard cursor.reachedEnd() else { throw cursor.error("text follows the dictionary") }
        guard !values.isEmpty else { return nil }
        guard let choice = WeightedChoice(weights: weights) else {
            throw field.error("the probabilities do not add up to a positive number")
        }
        return ServeGenDistribution(values: values, choice: choice)
    }

    private struct Cursor {
        let row: Row
        var at: Int
        let stop: Int

        func error(_ message: String) -> RowError {
            RowError(offset: at, length: min(20, stop - at), message: message)
        }

        mutating func peek() -> UInt8? {
            while at < stop, row[at] == 0x20 { at += 1 }
            return at < stop ? row[at] : nil
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard peek() == byte else { return false }
            at += 1
            return true
        }

        /// Whether nothing but space remains.
        mutating func reachedEnd() -> Bool { peek() == nil }

        mutating func entry() throws(RowError) -> (value: Int32, weight: Double) {
            let key = numberSpan()
            let value = try NumberParsing.decimal(row, key, "a length", exponent: 0)
            guard value <= Int64(Int32.max) else { throw key.error("a length is too large") }
            guard take(0x3A) else { throw error("`:` was expected") }
            let field = numberSpan()
            guard let weight = Double(FieldSplitter.text(row, field)), weight.isFinite, weight >= 0 else {
                throw field.error("a probability is not a number from 0 up")
            }
            return (Int32(value), weight)
        }

        private mutating func numberSpan() -> FieldSpan {
            _ = peek()
            let first = at
            while at < stop, "+-.0123456789eE".utf8.contains(row[at]) { at += 1 }
            return FieldSpan(offset: first, length: at - first)
        }
    }
}
