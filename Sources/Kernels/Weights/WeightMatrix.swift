public import PerformanceModel
import Primitives

/// An n × k matrix of weights in one of the formats of ``WeightLayout``. Immutable after creation.
public final class WeightMatrix: @unchecked Sendable {
    /// Format, sides and offsets.
    public let layout: WeightLayout
    private let base: UnsafeMutableRawPointer

    /// The weights that `fill` gives row by row, rounded to the nearest of `layout`'s format.
    /// - Parameter fill: writes row `row`, all columns.
    init(_ layout: WeightLayout, fill: (_ row: Int, _ values: UnsafeMutablePointer<Float>) -> Void) {
        self.layout = layout
        base = LargeMemory.allocate(layout.byteCount)
        let row = Matrix(rows: 1, columns: layout.columns)
        for index in 0..<layout.rows {
            fill(index, row.pointer)
            store(row.pointer, row: index)
        }
    }

    /// `values` in `format`.
    public convenience init(_ values: Matrix, format: NumberFormat) {
        self.init(WeightLayout(format, rows: values.rows, columns: values.columns)) { row, target in
            target.update(from: values.row(row), count: values.columns)
        }
    }

    /// Random weights, before rounding the same in every format: element *i* is draw *i* of `key`, uniform in
    /// (−`scale`, `scale`).
    convenience init(_ layout: WeightLayout, key: RandomKey, scale: Float) {
        self.init(layout) { row, target in
            for column in 0..<layout.columns {
                target[column] = Matrix.draw(key, row * layout.columns + column, scale: scale)
            }
        }
    }

    deinit { base.deallocate() }

    /// The whole matrix.
    package var slice: MatMul.WeightSlice { .init(base: base, layout: layout) }

    /// The weights of one output as the kernels multiply them.
    package func values(row: Int) -> [Float] {
        precondition(row >= 0 && row < layout.rows, "outside the matrix")
        return [Float](unsafeUninitializedCapacity: layout.columns) { buffer, count in
            if let target = buffer.baseAddress { slice.dequantise(row: row, into: target, unit: .baseline) }
            count = layout.columns
        }
    }

    private func store(_ values: UnsafePointer<Float>, row: Int) {
        let target = base + row * layout.rowBytes
        switch layout.format {
        case .bf16:
            let bits = target.assumingMemoryBound(to: UInt16.self)
            for column in 0..<layout.columns { bits[column] = BrainFloat.bits(nearest: values[column]) }
        case .int8, .int4:
            for group in 0..<layout.groups {
                let first = group * WeightLayout.group
                let members = UnsafeBufferPointer(
                    start: values + first, count: min(WeightLayout.group, layout.columns - first))
                let place = Place(group: row * layout.groups + group, offset: first, row: target)
                layout.format == .int8 ? storeBytes(members, at: place) : storeNibbles(members, at: place)
            }
        default: target.copyMemory(from: values, byteCount: layout.rowBytes)
        }
    }

    private struct Place {
        /// Which scale and zero point.
        var group: Int
        /// The group's first column.
        var offset: Int
        var row: UnsafeMutableRawPointer
    }

    /// Symmetric: the largest magnitude becomes 127 or, where its scale is rounded up, less. Off by half a scale.
    private func storeBytes(_ values: UnsafeBufferPointer<Float>, at place: Place) {
        let scale = store(scale: values.reduce(0) { max($0, abs($1)) } / 127, of: place)
        let target = (place.row + place.offset).assumingMemoryBound(to: Int8.self)
        for (column, value) in values.enumerated() { target[column] = Int8((value / scale).rounded()) }
    }

    /// From the least, at most 0, to the largest, at least 0, in fifteen steps of which one is zero. Off by half a
    /// scale.
    private func storeNibbles(_ values: UnsafeBufferPointer<Float>, at place: Place) {
        let (least, largest) = values.reduce((Float(0), Float(0))) { (min($0.0, $1), max($0.1, $1)) }
        let scale = store(scale: (largest - least) / 15, of: place)
        let zero = min(15, (-least / scale).rounded())
        (base + layout.zeroOffset).assumingMemoryBound(to: UInt8.self)[place.group] = UInt8(zero)
        let words = (place.row + place.offset / 2).assumingMemoryBound(to: UInt32.self)
        for (column, value) in values.enumerated() {
            let nibble = UInt32(min(15, max(0, (value / scale).rounded() + zero)))
            words[column % 16] |= nibble << (4 * UInt32(column / 16))
        }
    }

    /// Keeps the scale, rounded up so that nothing is clipped, and returns it; 1 where all values are zero.
    private func store(scale: Float, of place: Place) -> Float {
        let bits = BrainFloat.bits(atLeast: scale > 0 ? scale : 1)
        (base + layout.scaleOffset).assumingMemoryBound(to: UInt16.self)[place.group] = bits
        return BrainFloat.value(bits)
    }
}
