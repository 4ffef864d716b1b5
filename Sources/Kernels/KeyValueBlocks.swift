/// Memory for the keys and values of many sequences, divided into blocks of sixteen tokens that sequences take as they
/// grow (paged attention, Kwon et al. 2023, arXiv 2309.06180).
///
/// Per layer and key-value head the rows of a block are contiguous and blocks follow each other by number, so that
/// a sequence whose blocks are neighbours is streamed as if it lay in one piece. Rows are padded to a multiple of four
/// floats; the padding is zero and lets the kernels do without remainders. Not safe to use from two threads.
public final class KeyValueBlocks: @unchecked Sendable {
    /// Tokens of a block.
    public static let blockSize = 16

    /// Layers whose keys and values are held.
    public let layers: Int
    /// Key-value heads per layer.
    public let kvHeads: Int
    /// Elements of one key or value.
    public let headDim: Int
    /// Blocks in all.
    public let count: Int
    /// Elements from one token's row to the next.
    let rowStride: Int
    private let keyStore: Matrix
    private let valueStore: Matrix
    /// Numbers of free blocks; the last one is taken next.
    private var free: [Int]

    /// `count` free blocks, the lowest to be taken first.
    /// - Precondition: all sizes are positive.
    public init(layers: Int, kvHeads: Int, headDim: Int, count: Int) {
        precondition(layers > 0 && kvHeads > 0 && headDim > 0 && count > 0, "a cache has no empty side")
        self.layers = layers
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.count = count
        rowStride = (headDim + 3) / 4 * 4
        keyStore = Matrix(rows: layers * kvHeads, columns: count * Self.blockSize * rowStride)
        valueStore = Matrix(rows: layers * kvHeads, columns: count * Self.blockSize * rowStride)
        free = (0..<count).reversed()
    }

    /// Blocks for the sequences of a model of `shape`.
    public convenience init(_ shape: DecoderShape, count: Int) {
        self.init(layers: shape.layers, kvHeads: shape.kvHeads, headDim: shape.headDim, count: count)
    }

    /// Blocks that no sequence has.
    public var freeCount: Int { free.count }

    /// Bytes of keys and values, padding included.
    public var byteCount: Int { (keyStore.count + valueStore.count) * MemoryLayout<Float>.stride }

    /// `count` blocks, or none and `nil` where fewer are free.
    func take(_ count: Int) -> [Int]? {
        guard count <= free.count else { return nil }
        let taken = Array(free.suffix(count).reversed())
        free.removeLast(count)
        return taken
    }

    /// Takes blocks back.
    func giveBack(_ blocks: some Collection<Int>) { free.append(contentsOf: blocks.reversed()) }

    /// The keys of one head in one layer: row r of block b begins at (16·b + r) · ``rowStride``.
    @inline(__always) func keys(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
        keyStore.row(layer * kvHeads + head)
    }

    /// The values of one head in one layer.
    @inline(__always) func values(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
        valueStore.row(layer * kvHeads + head)
    }
}
