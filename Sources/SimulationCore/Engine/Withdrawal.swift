import Workloads

/// How far an answer has come: what has to be known to go on with it elsewhere.
struct Progress: Equatable {
    /// Tokens made so far.
    var generated: Int32
    /// When the first of them was made; −1 = none yet.
    var firstToken: Int64
    /// Tokens whose keys and values come along and need no computing; 0 in what a replica reports.
    var cached: Int32
    /// When the latest token was made; −1 = none yet, or not known.
    var lastToken: Int64 = -1

    /// Nothing made yet.
    static let none = Progress(generated: 0, firstToken: -1, cached: 0)
}

/// A request that left a replica unfinished.
struct Withdrawal: Equatable {
    var request: Request
    var progress: Progress
    /// Tokens computed for it here in the steps that are complete, those computed again included; what was found in the
    /// prefix cache, or came along, is not counted.
    var computed: Int
    /// Tokens of it in the step under way, which reach nobody.
    var underway: Int = 0
    /// Tokens whose keys and values stand in the cache here: what could be carried elsewhere.
    var resident: Int = 0
    /// When it reached the replica, and its scheduling as in ``Sequence/scheduled``.
    var delivered: Int64 = 0
    var scheduled: Int64 = -1
}
