import Primitives

/// Cuts a prompt's segments into the equal blocks that `hash_ids` name.
enum HashBlocks {
    /// One identifier per block, the last block holding what remains.
    ///
    /// A block that is the front of a segment takes the segment's key, so that what was read from a Mooncake file is
    /// written as it was. Any other block takes a hash of the pieces it is made of: equal blocks get equal
    /// identifiers, different ones different identifiers but for collisions of 64 bits.
    static func identifiers(_ segments: [PromptSegment], blockTokens: Int64) -> [UInt64] {
        var identifiers: [UInt64] = []
        var block = Block()
        for segment in segments {
            var offset: Int64 = 0
            while offset < Int64(segment.tokens) {
                let length = min(Int64(segment.tokens) - offset, blockTokens - block.tokens)
                block.add(segment.key, offset, length)
                offset += length
                if block.tokens == blockTokens {
                    identifiers.append(block.identifier)
                    block = Block()
                }
            }
        }
        if block.tokens > 0 { identifiers.append(block.identifier) }
        return identifiers
    }

    private struct Block {
        var tokens: Int64 = 0
        var identifier: UInt64 = 0
        private var previousLength: Int64 = 0

        mutating func add(_ key: UInt64, _ offset: Int64, _ length: Int64) {
            let piece = offset == 0 ? key : combineHashes(key, UInt64(bitPattern: offset))
            // Where an earlier piece ends belongs to the identity, where the last one ends does not: a block cut
            // short is the front of the full one.
            identifier =
                tokens == 0
                ? piece : combineHashes(combineHashes(identifier, UInt64(bitPattern: previousLength)), piece)
            previousLength = length
            tokens += length
        }
    }
}
