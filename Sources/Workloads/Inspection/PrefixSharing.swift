import Primitives

/// How much of the prompts an unlimited prefix cache would have seen before: token for token, from the front.
struct PrefixSharing {
    /// For each chain of segments seen, the most tokens of its last segment.
    private var seen: [UInt64: Int64] = [:]
    private(set) var sharedTokens: Int128 = 0
    /// Set when the memory of chains is full: the share is then a lower bound.
    private(set) var isLowerBound = false

    /// Four million chains take about 130 MB.
    private static let capacity = 1 << 22

    mutating func record(_ request: Request, in store: PromptContentStore) {
        let segments = store.segments(of: request.content)
        var chain: UInt64 = 0
        var isShared = true
        for (index, segment) in segments.enumerated() {
            chain = combineHashes(chain, segment.key)
            let tokens = Int64(segment.tokens)
            let known = seen[chain] ?? 0
            if isShared { sharedTokens += Int128(min(known, tokens)) }
            if known < tokens { isShared = false }
            var held = tokens
            if index == segments.count - 1, store.outputContinuesLastSegment(of: request.content) {
                held += Int64(request.outputTokens)
            }
            if held > known { remember(chain, held, isNew: known == 0) }
            // The next segment's chain stands behind this one at this length only.
            chain = combineHashes(chain, UInt64(bitPattern: tokens))
        }
    }

    private mutating func remember(_ chain: UInt64, _ tokens: Int64, isNew: Bool) {
        if isNew, seen.count >= Self.capacity {
            isLowerBound = true
        } else {
            seen[chain] = tokens
        }
    }
}
