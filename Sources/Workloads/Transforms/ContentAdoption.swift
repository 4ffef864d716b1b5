import Primitives

/// Moves requests from one source's world into another's: contents into another store under keys of a name space,
/// sessions likewise, so that equal keys of different sources stay different contents.
struct ContentAdoption {
    private let key: RandomKey

    /// Two name spaces with different numbers never share contents, except by a collision of 64-bit hashes.
    init(nameSpace: UInt64) { key = RandomKey(seed: nameSpace).derived("contents") }

    func adopt(_ request: inout Request, from old: PromptContentStore, into new: PromptContentStore) {
        if request.session != 0 {
            // Never 0, which means none; two sessions meet in one number with probability 2⁻³².
            request.session = max(1, UInt32(truncatingIfNeeded: key.derived("session").bits(UInt64(request.session))))
        }
        guard !request.content.isUnique else { return }
        let segments = old.segments(of: request.content).map {
            PromptSegment(key: key.bits($0.key), tokens: $0.tokens)
        }
        let continues = old.outputContinuesLastSegment(of: request.content)
        old.release(request.content)
        request.content = new.insert(segments, outputContinuesLastSegment: continues)
    }
}
