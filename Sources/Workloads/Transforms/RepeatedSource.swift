import Primitives

/// A stream cycled to a longer horizon. A synthetic stream draws afresh in each cycle.
final class RepeatedSource: RequestSource {
    let classes: [String]
    let regions: [String]
    let contents = PromptContentStore()
    let sharesPrefixes: Bool
    private let end: Int64
    private let open: (UInt64) throws -> any RequestSource
    private var source: any RequestSource
    private var cycle: UInt64 = 0
    private var adoption = ContentAdoption(nameSpace: 0)
    private var offset: Int64 = 0
    private var requestsInCycle: Int64 = 0
    private var lastArrival: Int64 = 0
    private var nextID: UInt64 = 0
    private var isOver = false
    private var finished = SkipCounter()

    init(until duration: SimulatedDuration, open: @escaping (UInt64) throws -> any RequestSource) throws {
        self.open = open
        end = duration.nanoseconds
        source = try open(0)
        classes = source.classes
        regions = source.regions
        sharesPrefixes = source.sharesPrefixes
    }

    var skipped: [SkippedRows] {
        var counter = finished
        for rows in source.skipped { counter.count(rows.reason, rows.count) }
        return counter.rows
    }

    func read(into batch: inout [Request], limit: Int) throws {
        while !isOver, limit > 0 {
            let first = batch.count
            try source.read(into: &batch, limit: limit)
            if batch.count > first {
                shift(&batch, from: first)
                return
            }
            try startNextCycle()
        }
    }

    private func shift(_ batch: inout [Request], from first: Int) {
        for index in first..<batch.count {
            let own = batch[index].arrival.nanoseconds
            guard own < end - offset else {
                for later in batch[index...] { source.contents.release(later.content) }
                batch.removeLast(batch.count - index)
                isOver = true
                return
            }
            lastArrival = own
            requestsInCycle += 1
            batch[index].arrival.nanoseconds = own + offset
            batch[index].id = nextID
            nextID += 1
            adoption.adopt(&batch[index], from: source.contents, into: contents)
        }
    }

    /// The cycle's length is its last arrival plus the mean gap; one nanosecond at least, so that time moves on.
    private func startNextCycle() throws {
        guard requestsInCycle > 0 else {
            isOver = true
            return
        }
        let gap = requestsInCycle > 1 ? lastArrival / (requestsInCycle - 1) : lastArrival
        let length = max(1, lastArrival.addingReportingOverflow(gap).partialValue)
        guard length < end - offset else {
            isOver = true
            return
        }
        offset += length
        cycle += 1
        requestsInCycle = 0
        for rows in source.skipped { finished.count(rows.reason, rows.count) }
        source = try open(cycle)
        adoption = ContentAdoption(nameSpace: cycle)
    }
}
