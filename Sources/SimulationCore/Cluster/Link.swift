import Workloads

/// The way from the router to a pool for users of one place: requests arrive in order, a constant delay after they were
/// sent.
struct Link {
    /// A request on its way. `number` tells its sendings apart, where they are followed.
    typealias Sending = (time: Int64, replica: Int, request: Request, number: UInt16)

    let delay: Int64
    private var underway: [Sending] = []
    private var cursor = 0

    init(delay: Int64) { self.delay = delay }

    /// When the next request arrives; `.max` = none underway.
    var nextTime: Int64 { cursor < underway.count ? underway[cursor].time : .max }

    mutating func send(_ request: Request, number: UInt16 = 0, to replica: Int, at now: Int64) {
        if cursor == underway.count {
            underway.removeAll(keepingCapacity: true)
            cursor = 0
        } else if cursor > 1_024, cursor > underway.count / 2 {
            underway.removeFirst(cursor)
            cursor = 0
        }
        underway.append((now + delay, replica, request, number))
    }

    /// - Precondition: `nextTime` ≠ `.max`.
    mutating func receive() -> Sending {
        defer { cursor += 1 }
        return underway[cursor]
    }
}
