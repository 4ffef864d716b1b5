/// The keys and values of one sequence, for every layer.
///
/// Per layer and key-value head the rows of successive tokens are contiguous, so that decoding streams them. Rows
/// are padded to a multiple of four floats and the capacity to a multiple of four rows; the padding is zero and lets
/// the kernels do without remainders.
public final class KeyValueCache: @unchecked Sendable {
    /// Layers whose keys and values are held.
    public let layers: Int
    /// Key-value heads per layer.
    public let kvHeads: Int
    /// Elements of one key or value.
    public let headDim: Int
    /// Tokens that fit.
    public let capacity: Int
    /// Tokens held by every layer. Layers beyond are being written while a forward pass runs.
    public internal(set) var length = 0
    /// Elements from one token's row to the next.
    let rowStride: Int
    private let keyStore: Matrix
    private let valueStore: Matrix

    /// An empty cache.
    /// - Precondition: all sizes are positive.
    public init(layers: Int, kvHeads: Int, headDim: Int, capacity: Int) {
        precondition(layers > 0 && kvHeads > 0 && headDim > 0 && capacity > 0, "a cache has no empty side")
        self.layers = layers
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.capacity = capacity
        rowStride = (headDim + 3) / 4 * 4
        let rows = (capacity + 3) / 4 * 4
        keyStore = Matrix(rows: layers * kvHeads, columns: rows * rowStride)
        valueStore = Matrix(rows: layers * kvHeads, columns: rows * rowStride)
    }

    /// Bytes of keys and values, padding included.
    public var byteCount: Int { (keyStore.count + valueStore.count) * MemoryLayout<Float>.stride }

    /// Forgets the tokens after the first `length`.
    /// - Precondition: `length` is not more than are held.
    public func truncate(to length: Int) {
        precondition(length >= 0 && length <= self.length, "a cache cannot be truncated to more than it holds")
        self.length = length
    }

    /// The key rows of one head in one layer: token t begins at t · ``rowStride``.
    @inline(__always) func keys(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
        keyStore.row(layer * kvHeads + head)
    }

    /// The value rows of one head in one layer.
    @inline(__always) func values(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
        valueStore.row(layer * kvHeads + head)
    }
}
