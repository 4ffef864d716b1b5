public import Primitives

/// A row-major matrix of 32-bit floats on 64-byte aligned memory that it owns.
///
/// A reference type, because kernels write through its pointer from several threads at once; each kernel
/// documents which rows or columns it touches. Row *r*, column *c* is `pointer[r * columns + c]`.
public final class Matrix: @unchecked Sendable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns, and elements from one row to the next.
    public let columns: Int
    /// The first element. Valid as long as the matrix lives.
    package let pointer: UnsafeMutablePointer<Float>

    /// A matrix of zeros.
    /// - Precondition: `rows` and `columns` are not negative.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix has no negative side")
        self.rows = rows
        self.columns = columns
        pointer = LargeMemory.allocate(rows * columns * MemoryLayout<Float>.stride)
            .bindMemory(to: Float.self, capacity: rows * columns)
    }

    /// A matrix whose elements are uniform in (−`scale`, `scale`): element *i* is draw *i* of `key`.
    public convenience init(rows: Int, columns: Int, key: RandomKey, scale: Float) {
        self.init(rows: rows, columns: columns)
        for index in 0..<count { pointer[index] = Self.draw(key, index, scale: scale) }
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    /// Number of elements.
    public var count: Int { rows * columns }

    /// The element of `row` and `column`.
    /// - Precondition: both are inside the matrix.
    public subscript(row: Int, column: Int) -> Float {
        get {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
            return pointer[row * columns + column]
        }
        set {
            precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
            pointer[row * columns + column] = newValue
        }
    }

    /// The first element of `row`.
    @inline(__always) package func row(_ row: Int) -> UnsafeMutablePointer<Float> { pointer + row * columns }

    /// Draw `index` of `key`, uniform in (−`scale`, `scale`).
    @inline(__always) package static func draw(_ key: RandomKey, _ index: Int, scale: Float) -> Float {
        Float(2 * key.uniform(UInt64(index)) - 1) * scale
    }
}
