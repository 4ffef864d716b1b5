import Primitives

/// Several sources merged by arrival; at the same time the earlier in the list goes first, and each keeps its own
/// order. Equal class and region names become one.
final class MixSource: RequestSource {
    let classes: [String]
    let regions: [String]
    let contents = PromptContentStore()
    let sharesPrefixes: Bool
    private var parts: [Part]
    private var pending = MinHeap<PendingArrival>()
    private var nextID: UInt64 = 0
    private var isStarted = false

    private struct Part {
        let source: any RequestSource
        let classIndices: [UInt16]
        let regionIndices: [UInt16]
        let adoption: ContentAdoption
        var buffer: [Request] = []
        var position = 0

        /// The next request without taking it.
        mutating func peek() throws -> Request? {
            if position == buffer.count {
                buffer.removeAll(keepingCapacity: true)
                position = 0
                try source.read(into: &buffer, limit: 1_024)
            }
            return position < buffer.count ? buffer[position] : nil
        }
    }

    init(_ sources: [(source: any RequestSource, className: String?)]) throws(WorkloadError) {
        var classes: [String] = []
        var regions: [String] = []
        parts = sources.enumerated().map { index, part in
            let names = part.className.map { name in part.source.classes.map { _ in name } } ?? part.source.classes
            return Part(
                source: part.source, classIndices: Self.indices(of: names, in: &classes),
                regionIndices: Self.indices(of: part.source.regions, in: &regions),
                adoption: ContentAdoption(nameSpace: UInt64(index)))
        }
        guard classes.count <= 65_536, regions.count <= 65_536 else {
            throw WorkloadError(setting: "mix", message: "there are more than 65,536 classes or regions")
        }
        self.classes = classes
        self.regions = regions
        sharesPrefixes = sources.contains { $0.source.sharesPrefixes }
    }

    /// The total list's index of each name, names added as they appear.
    private static func indices(of names: [String], in all: inout [String]) -> [UInt16] {
        names.map { name in
            if let index = all.firstIndex(of: name) { return UInt16(truncatingIfNeeded: index) }
            all.append(name)
            return UInt16(truncatingIfNeeded: all.count - 1)
        }
    }

    var skipped: [SkippedRows] {
        var counter = SkipCounter()
        for part in parts { for rows in part.source.skipped { counter.count(rows.reason, rows.count) } }
        return counter.rows
    }

    func read(into batch: inout [Request], limit: Int) throws {
        if !isStarted {
            isStarted = true
            for index in parts.indices {
                if let first = try parts[index].peek() {
                    pending.push(PendingArrival(time: first.arrival.nanoseconds, index: index))
                }
            }
        }
        var room = limit
        while room > 0, let next = pending.top {
            guard let request = try parts[next.index].peek() else { return }
            batch.append(adopted(request, from: next.index))
            room -= 1
            parts[next.index].position += 1
            if let following = try parts[next.index].peek() {
                pending.replaceTop(with: PendingArrival(time: following.arrival.nanoseconds, index: next.index))
            } else {
                _ = pending.pop()
            }
        }
    }

    private func adopted(_ request: Request, from index: Int) -> Request {
        var request = request
        request.classIndex = parts[index].classIndices[Int(request.classIndex)]
        request.regionIndex = parts[index].regionIndices[Int(request.regionIndex)]
        parts[index].adoption.adopt(&request, from: parts[index].source.contents, into: contents)
        request.id = nextID
        nextID += 1
        return request
    }
}
