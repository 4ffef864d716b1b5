import Primitives
import Workloads

/// Names for a request's full blocks: equal names exactly when all tokens up to the block's end are equal.
enum PrefixHasher {
    /// Fills `hashes` with the names of the first `tokens ÷ blockSize` blocks of `request`.
    static func fill(
        _ hashes: inout [UInt64], for request: Request, tokens: Int, blockSize: Int, contents: PromptContentStore
    ) {
        hashes.removeAll(keepingCapacity: true)
        let segments = contents.segments(of: request.content)
        let continues = contents.outputContinuesLastSegment(of: request.content)
        // What no other request can have: an unshared prompt, or an output that nobody repeats.
        let own = combineHashes(0x756E_6971_7565, request.id)
        var chain: UInt64 = 0x6973_6F63_6F73_74
        var index = 0
        var start = 0
        for block in 0..<(tokens / blockSize) {
            let last = (block + 1) * blockSize - 1
            while index < segments.count {
                let open = continues && index == segments.count - 1
                guard !open, last >= start + Int(segments[index].tokens) else { break }
                start += Int(segments[index].tokens)
                chain = combineHashes(combineHashes(chain, segments[index].key), UInt64(segments[index].tokens))
                index += 1
            }
            let key = index < segments.count ? segments[index].key : own
            hashes.append(combineHashes(combineHashes(chain, key), UInt64(last - start)))
        }
    }
}
