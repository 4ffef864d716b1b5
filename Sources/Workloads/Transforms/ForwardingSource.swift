package import Primitives

/// A source made from one other, whose prompt contents it passes on untouched.
class ForwardingSource: RequestSource {
    let inner: any RequestSource

    init(_ inner: any RequestSource) { self.inner = inner }

    var classes: [String] { inner.classes }
    var regions: [String] { inner.regions }
    var contents: PromptContentStore { inner.contents }
    var sharesPrefixes: Bool { inner.sharesPrefixes }
    var skipped: [SkippedRows] { inner.skipped }
    var shareRead: Double? { inner.shareRead }

    func read(into batch: inout [Request], limit: Int) throws { try inner.read(into: &batch, limit: limit) }
}

/// Every arrival multiplied by a factor, rounded to the nearest nanosecond; order is kept because both steps are
/// monotonic.
final class ScaledSource: ForwardingSource {
    private let factor: Double

    init(_ inner: any RequestSource, factor: Double) {
        self.factor = factor
        super.init(inner)
    }

    override func read(into batch: inout [Request], limit: Int) throws {
        let first = batch.count
        try inner.read(into: &batch, limit: limit)
        for index in first..<batch.count {
            let scaled = (Double(batch[index].arrival.nanoseconds) * factor).rounded()
            guard scaled < 0x1p62 else {
                throw WorkloadError(setting: "stretch", message: "a stretched arrival lies beyond 146 years")
            }
            batch[index].arrival.nanoseconds = Int64(scaled)
        }
    }
}

extension RequestSource {
    /// The same requests with every arrival divided by `factor` > 0, as ``WorkloadTransform/rate(_:)`` does.
    package func atRate(_ factor: Double) -> any RequestSource { ScaledSource(self, factor: 1 / factor) }

    /// The requests that arrive from `from` on and before `to`, as ``WorkloadTransform/slice(from:to:)`` does.
    package func sliced(from: SimulatedTime, to: SimulatedTime) -> any RequestSource {
        SlicedSource(self, from: from, to: to)
    }
}

/// Every length multiplied by a factor, rounded to whole tokens and at least one. A prompt that shares content keeps its
/// length, which its content fixes; its output is scaled.
final class ResizedSource: ForwardingSource {
    private let factor: Double

    init(_ inner: any RequestSource, factor: Double) {
        self.factor = factor
        super.init(inner)
    }

    override func read(into batch: inout [Request], limit: Int) throws {
        let first = batch.count
        try inner.read(into: &batch, limit: limit)
        for index in first..<batch.count {
            if batch[index].content.isUnique { batch[index].inputTokens = resized(batch[index].inputTokens) }
            batch[index].outputTokens = resized(batch[index].outputTokens)
        }
    }

    private func resized(_ tokens: Int32) -> Int32 {
        Int32(min(max(1, (Double(tokens) * factor).rounded()), Double(Int32.max)))
    }
}

extension RequestSource {
    /// The same requests with prompts and outputs `factor` > 0 times as long; prompts that share content keep theirs.
    package func atLength(_ factor: Double) -> any RequestSource { ResizedSource(self, factor: factor) }
}

/// A window of time and a number of requests.
final class SlicedSource: ForwardingSource {
    private let from: SimulatedTime
    private let to: SimulatedTime
    private var remaining: UInt64
    private var nextID: UInt64 = 0
    private var isOver = false

    init(_ inner: any RequestSource, from: SimulatedTime, to: SimulatedTime, limit: UInt64 = .max) {
        self.from = from
        self.to = to
        remaining = limit
        super.init(inner)
    }

    override func read(into batch: inout [Request], limit: Int) throws {
        var room = min(UInt64(max(0, limit)), remaining)
        while room > 0, !isOver {
            let first = batch.count
            try inner.read(into: &batch, limit: Int(room))
            guard batch.count > first else {
                isOver = true
                return
            }
            let kept = keep(&batch, from: first)
            room -= UInt64(kept)
            remaining -= UInt64(kept)
        }
    }

    /// Keeps what lies in the window of `batch[first...]` and forgets the rest's contents.
    private func keep(_ batch: inout [Request], from first: Int) -> Int {
        var write = first
        for index in first..<batch.count {
            var request = batch[index]
            if request.arrival >= to { isOver = true }
            guard request.arrival >= from, request.arrival < to else {
                inner.contents.release(request.content)
                continue
            }
            request.arrival.nanoseconds -= from.nanoseconds
            request.id = nextID
            nextID += 1
            batch[write] = request
            write += 1
        }
        batch.removeLast(batch.count - write)
        return write - first
    }
}

/// Every request put into one class, or given one priority.
final class RelabelledSource: ForwardingSource {
    private let className: String?
    private let priority: Int32?

    init(_ inner: any RequestSource, className: String?, priority: Int32?) {
        self.className = className
        self.priority = priority
        super.init(inner)
    }

    override var classes: [String] { className.map { [$0] } ?? inner.classes }

    override func read(into batch: inout [Request], limit: Int) throws {
        let first = batch.count
        try inner.read(into: &batch, limit: limit)
        for index in first..<batch.count {
            if className != nil { batch[index].classIndex = 0 }
            if let priority { batch[index].priority = priority }
        }
    }
}
