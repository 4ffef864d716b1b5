import Primitives

/// New arrivals with the lengths of an original's requests, chosen with replacement.
final class ResampledSource: RequestSource {
    let classes: [String]
    let regions: [String]
    let contents = PromptContentStore()
    let sharesPrefixes = false
    let skipped: [SkippedRows]
    private var pool: [Request] = []
    private var arrivals: ArrivalStream
    private let choiceKey: RandomKey
    private var remaining: UInt64
    private var nextID: UInt64 = 0

    init(_ original: any RequestSource, _ resampling: WorkloadTransform.Resampling, seed: UInt64) throws {
        let key = RandomKey(seed: seed).derived("resample")
        choiceKey = key.derived("choice")
        arrivals = ArrivalStream(resampling.arrivals, key: key.derived("arrivals"), horizon: resampling.duration)
        remaining = resampling.limit ?? .max
        classes = original.classes
        regions = original.regions
        pool = try Self.sample(of: original, size: resampling.pool, key: key.derived("pool"))
        skipped = original.skipped
        guard !pool.isEmpty else {
            throw WorkloadError(setting: "resample", message: "the original has no requests to draw from")
        }
    }

    /// A uniform sample without replacement (Vitter's algorithm R): request n replaces a random one with probability
    /// size ÷ (n + 1).
    private static func sample(of source: any RequestSource, size: Int, key: RandomKey) throws -> [Request] {
        var pool: [Request] = []
        var batch: [Request] = []
        var seen: UInt64 = 0
        while true {
            batch.removeAll(keepingCapacity: true)
            try source.read(into: &batch, limit: 4_096)
            guard !batch.isEmpty else { return pool }
            for var request in batch {
                source.contents.release(request.content)
                request.content = .unique
                request.session = 0
                if pool.count < size {
                    pool.append(request)
                } else {
                    let slot = UInt64(key.uniform(seen) * Double(seen + 1))
                    if slot < UInt64(size) { pool[Int(slot)] = request }
                }
                seen += 1
            }
        }
    }

    func read(into batch: inout [Request], limit: Int) throws {
        var room = min(UInt64(max(0, limit)), remaining)
        while room > 0, let arrival = arrivals.next() {
            let index = Int(choiceKey.uniform(nextID) * Double(pool.count))
            var request = pool[min(index, pool.count - 1)]
            request.id = nextID
            request.arrival = arrival
            batch.append(request)
            nextID += 1
            room -= 1
            remaining -= 1
        }
    }
}
