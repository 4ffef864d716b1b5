import Primitives

/// A ServeGen folder as one stream: every client chunk is a renewal process whose rate and burstiness change from
/// window to window; the chunks are merged by arrival.
///
/// In a window with rate r the gaps are Gamma or Weibull with mean 1 ÷ r and the shape that the file gives (`arg1`;
/// where it is missing or not positive, the shape with the file's CV). The first gap of a window is the equilibrium
/// one, so a window of length T holds r·T requests on average. Lengths are drawn, independently, from the
/// distributions of the dataset window in force; where that one is empty, from the nearest one that is not. All draws
/// are keyed by (seed, chunk, window, counter).
final class ServeGenSource: RequestSource {
    let classes: [String]
    let regions: [String]
    let contents = PromptContentStore()
    let sharesPrefixes = false
    var skipped: [SkippedRows] { skips.rows }

    private var chunks: [ServeGenChunk] = []
    private var pending = MinHeap<PendingArrival>()
    private let zeroOutput: ZeroOutputPolicy
    private let origin: TraceOrigin
    private var zero: Int64?
    private var nextID: UInt64 = 0
    private var skips = SkipCounter()

    init(folder: String, options: TraceOptions) throws(TraceError) {
        classes = [options.className]
        regions = [options.regionName]
        zeroOutput = options.zeroOutput ?? .skip
        origin = options.origin ?? .firstArrival
        let numbers = try ServeGenFolder.chunkNumbers(in: folder)
        let key = RandomKey(seed: options.seed).derived("servegen")
        for number in numbers {
            chunks.append(try ServeGenChunk(folder: folder, number: number, key: key.derived(number)))
        }
        for index in chunks.indices { schedule(index) }
    }

    private func schedule(_ index: Int) {
        if let time = chunks[index].nextArrival() { pending.push(PendingArrival(time: time, index: index)) }
    }

    func read(into batch: inout [Request], limit: Int) throws {
        var room = limit
        while room > 0, let next = pending.pop() {
            let lengths = chunks[next.index].drawLengths(at: next.time)
            schedule(next.index)
            guard lengths.input > 0, lengths.output > 0 || zeroOutput == .keepAsOneToken else {
                guard zeroOutput != .refuse else { throw chunks[next.index].zeroLengthError(at: next.time) }
                skips.count("drawn length of zero tokens")
                continue
            }
            let start = zero ?? (origin == .firstArrival ? next.time : 0)
            zero = start
            batch.append(
                Request(
                    id: nextID, arrival: SimulatedTime(nanoseconds: next.time - start), inputTokens: lengths.input,
                    outputTokens: max(1, lengths.output)))
            nextID += 1
            room -= 1
        }
    }
}

/// An arrival waiting in a merge; ties go to the lower index.
struct PendingArrival: Comparable {
    var time: Int64
    var index: Int

    static func < (a: Self, b: Self) -> Bool { a.time != b.time ? a.time < b.time : a.index < b.index }
}
