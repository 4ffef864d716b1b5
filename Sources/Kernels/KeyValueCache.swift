/// The keys and values of one sequence, for every layer: a table of blocks.
public final class KeyValueCache: @unchecked Sendable {
    /// Where the blocks lie.
    let blocks: KeyValueBlocks
    /// Block t ÷ 16 of the sequence holds token t.
    private(set) var table: [Int]
    /// Tokens that fit into the blocks of the table.
    public private(set) var capacity: Int
    /// Tokens held by every layer. Layers beyond are being written while a forward pass runs.
    public internal(set) var length = 0
    /// Whether every block is followed in memory by the next of the sequence.
    private(set) var isContiguous = true

    /// An empty cache that takes its blocks from `blocks` as ``reserve(_:)`` asks, and gives them back at its end.
    public init(in blocks: KeyValueBlocks) {
        self.blocks = blocks
        table = []
        capacity = 0
    }

    /// An empty cache with blocks of its own, one after the other.
    /// - Precondition: all sizes are positive.
    public init(layers: Int, kvHeads: Int, headDim: Int, capacity: Int) {
        let size = KeyValueBlocks.blockSize
        blocks = KeyValueBlocks(
            layers: layers, kvHeads: kvHeads, headDim: headDim, count: max(1, (capacity + size - 1) / size))
        table = blocks.take(blocks.count) ?? []
        self.capacity = capacity
    }

    deinit { blocks.giveBack(table) }

    /// Layers whose keys and values are held.
    public var layers: Int { blocks.layers }
    /// Key-value heads per layer.
    public var kvHeads: Int { blocks.kvHeads }
    /// Elements of one key or value.
    public var headDim: Int { blocks.headDim }
    /// Elements from one token's row to the next of the same block.
    var rowStride: Int { blocks.rowStride }
    /// Bytes of keys and values in the table's blocks, padding included.
    public var byteCount: Int { blocks.byteCount / blocks.count * table.count }

    /// Takes blocks until `tokens` fit.
    /// - Returns: false, with nothing taken, where too few are free.
    public func reserve(_ tokens: Int) -> Bool {
        guard tokens > capacity else { return true }
        let size = KeyValueBlocks.blockSize
        guard let taken = blocks.take((tokens + size - 1) / size - table.count) else { return false }
        table += taken
        capacity = table.count * size
        isContiguous = zip(table, table.dropFirst()).allSatisfy { $1 == $0 + 1 }
        return true
    }

    /// Forgets the tokens after the first `length`; their blocks are kept.
    /// - Precondition: `length` is not more than are held.
    public func truncate(to length: Int) {
        precondition(length >= 0 && length <= self.length, "a cache cannot be truncated to more than it holds")
        self.length = length
    }

    /// The key rows of one head in one layer. Of a contiguous cache token t begins at t · ``rowStride``.
    @inline(__always) func keys(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
        blocks.keys(layer: layer, head: head) + offset(of: 0)
    }

    /// The value rows of one head in one layer.
    @inline(__always) func values(layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
        blocks.values(layer: layer, head: head) + offset(of: 0)
    }

    /// Elements from ``KeyValueBlocks/keys(layer:head:)`` to the row of `token`.
    @inline(__always) func offset(of token: Int) -> Int {
        let size = KeyValueBlocks.blockSize
        return (table[token / size] * size + token % size) * rowStride
    }

    /// How many of the tokens `first` ..< `last` lie in memory one after the other from `first` on.
    @inline(__always) func run(from first: Int, to last: Int) -> Int {
        guard !isContiguous else { return last - first }
        let size = KeyValueBlocks.blockSize
        var block = first / size
        var end = (block + 1) * size
        while end < last, table[block + 1] == table[block] + 1 {
            block += 1
            end += size
        }
        return min(end, last) - first
    }
}
