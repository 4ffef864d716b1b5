import Primitives
import Workloads

/// One sending of a request to a replica.
struct Copy: Equatable {
    var replica: Int
    /// Tells the request's sendings apart.
    var number: UInt16
    /// The client's attempt that it belongs to.
    var attempt: Int
    /// Whether it has reached the replica.
    var isPlaced = false
}

/// A request that is followed: from its first sending until it is answered or failed and no copy of it is left.
///
/// A class, because a handler finds it once and then changes it in place.
final class Flight {
    let request: Request
    /// The client's attempts so far, and when the present one was sent (at the client).
    var attempt = 0
    var sentAt: Int64
    /// The copies that replicas have or that are on their way. Those of earlier attempts are ending.
    var copies: [Copy] = []
    /// The present attempt has failed; the client will send another.
    var awaitsRetry = false
    /// Answered, or failed for good.
    var isDone = false
    /// When the present attempt's first token was made, and how far from the client; −1 = not yet, or nobody asked.
    var firstTokenAt: Int64 = -1
    /// The client has seen a first token of the present attempt in time, and waits for no other.
    var hasSeenToken = false
    /// Since when it is held at the gateway; −1 = it is not.
    var heldSince: Int64 = -1
    /// What the next replica goes on from.
    var progress = Progress.none
    /// Keys and values that come along.
    var carried: CarriedBytes?
    var history = AnswerHistory()

    init(_ request: Request) {
        self.request = request
        sentAt = request.arrival.nanoseconds
    }

    /// The copies that may still answer.
    var live: [Copy] { copies.filter { $0.attempt == attempt && !isDone } }

    /// The copy that a replica has.
    func placed(on replica: Int) -> Int? { copies.firstIndex { $0.replica == replica && $0.isPlaced } }

    /// From the start again: nothing is there to go on from.
    func restart() {
        progress = .none
        carried = nil
        let (held, sendings) = (history.held, history.sendings)
        history = AnswerHistory()
        (history.held, history.sendings) = (held, sendings)
        firstTokenAt = -1
    }
}
