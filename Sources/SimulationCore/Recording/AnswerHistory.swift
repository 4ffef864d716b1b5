import Primitives
import Workloads

/// What happened to a request before the replica that answered it got it; spans in nanoseconds.
struct AnswerHistory: Equatable {
    /// Held at the gateway because no replica served.
    var held: Int64 = 0
    /// Where an answer that was begun elsewhere goes on: the time that its beginning took. Only what was of use.
    var queue: Int64 = 0
    var prefill: Int64 = 0
    var decode: Int64 = 0
    /// One-way delay to the pool that made its first token; −1 = made where it was finished.
    var firstTokenDelay: Int64 = -1
    /// Tokens computed elsewhere that a replica goes on from.
    var keptTokens = 0
    /// Times it was sent to a replica, copies included.
    var sendings: UInt16 = 0

    /// Keeps what a replica did for an answer that goes on elsewhere: `now` it was taken away.
    mutating func keep(_ withdrawal: Withdrawal, oneWay: Int64, at now: Int64) {
        let first = withdrawal.progress.firstToken
        guard first >= 0, withdrawal.scheduled >= 0 else { return }
        queue += withdrawal.scheduled - withdrawal.delivered
        if firstTokenDelay < 0 {
            firstTokenDelay = oneWay
            prefill = first - withdrawal.scheduled
            decode += now - first
        } else {
            decode += now - withdrawal.scheduled
        }
    }
}

/// The parts of one answer's latency, in nanoseconds; their sum is its E2E.
struct AnswerParts: Equatable {
    var network: Int64
    var coldStart: Int64
    var retry: Int64
    var queue: Int64
    var prefill: Int64
    var decode: Int64

    /// - Parameters:
    ///   - now: when the last token was made.
    ///   - history: `nil` where requests are not followed: nothing of it is repeated or goes on elsewhere.
    init(_ sequence: Sequence, oneWay: Int64, at now: Int64, after history: AnswerHistory?) {
        let sent = sequence.request.arrival.nanoseconds
        network = 2 * oneWay
        queue = sequence.scheduled - sequence.delivered
        guard let history else {
            (prefill, decode) = (sequence.firstToken - sequence.scheduled, now - sequence.firstToken)
            (coldStart, retry) = (sequence.delivered - sent - oneWay, 0)
            return
        }
        if history.firstTokenDelay >= 0 {
            prefill = history.prefill
            decode = history.decode + now - sequence.scheduled
            queue += history.queue
        } else {
            (prefill, decode) = (sequence.firstToken - sequence.scheduled, now - sequence.firstToken)
        }
        coldStart = history.held
        // All that is left: earlier attempts, the waits between them, and ways that led nowhere.
        retry = now + oneWay - sent - network - coldStart - queue - prefill - decode
    }
}
