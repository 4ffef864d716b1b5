/// Causal grouped-query attention over cached keys and values.
///
/// Query head h reads key-value head h ÷ (heads ÷ kvHeads). A token attends to itself and everything before it.
/// Two kernels: ``prefill(_:of:layer:into:workspace:)`` for several new tokens of a sequence and
/// ``decode(_:batch:layer:into:workspace:)`` for one new token of each of many.
package enum Attention {
    /// Head counts and size.
    package struct Shape: Hashable, Sendable {
        /// Query heads.
        package var heads: Int
        /// Key-value heads.
        package var kvHeads: Int
        /// Elements of one head.
        package var headDim: Int

        /// - Precondition: `heads` is a multiple of `kvHeads`.
        package init(heads: Int, kvHeads: Int, headDim: Int) {
            precondition(kvHeads > 0 && heads % kvHeads == 0, "query heads must divide over key-value heads")
            self.heads = heads
            self.kvHeads = kvHeads
            self.headDim = headDim
        }

        /// Query heads that share one key-value head.
        package var group: Int { heads / kvHeads }
        /// Elements of all queries of one token.
        package var queryWidth: Int { heads * headDim }
        /// 1 ÷ √headDim.
        var scale: Float { 1 / Float(headDim).squareRoot() }
    }

    /// Query rows of one prefill tile.
    static let queryTile = 64
    /// Keys of one decode tile: with 128 elements per head, keys and values of a tile are 64 KiB each.
    static let keyTile = 128

    /// The threads of the attention kernels, and scratch memory, one row for each.
    package final class Workspace: @unchecked Sendable {
        let shape: Shape
        let team: ThreadTeam
        /// Prefill: scores of one tile of queries against every key.
        private(set) var scores: Matrix
        /// Prefill: keys and values of a sequence whose blocks are apart, a row per key-value head, keys first.
        private(set) var gathered = Matrix(rows: 0, columns: 0)
        /// Decode: padded queries, running outputs, tile scores, and maximum and sum per head.
        let decode: Matrix
        let paddedGroup: Int
        let rowStride: Int
        /// Instructions of the decode kernel.
        var unit = VectorUnit.best

        /// Room for `context` keys, which prefill enlarges when it meets more.
        package init(_ shape: Shape, context: Int, team: ThreadTeam) {
            self.shape = shape
            self.team = team
            scores = Matrix(rows: team.threads, columns: Attention.queryTile * context)
            paddedGroup = (shape.group + 1) / 2 * 2
            rowStride = (shape.headDim + 3) / 4 * 4
            decode = Matrix(
                rows: team.threads, columns: paddedGroup * (2 * rowStride + Attention.keyTile + 2))
        }

        /// Makes room for `context` keys.
        func reserve(context: Int) {
            guard scores.columns < Attention.queryTile * context else { return }
            scores = Matrix(rows: scores.rows, columns: Attention.queryTile * context)
        }

        /// Makes room for the keys and values of `context` tokens.
        func reserve(gathering context: Int) {
            guard gathered.columns < context * rowStride else { return }
            gathered = Matrix(rows: 2 * shape.kvHeads, columns: context * rowStride)
        }
    }
}
