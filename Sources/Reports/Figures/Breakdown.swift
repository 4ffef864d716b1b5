import Planning
import Pricing
import Primitives
import SimulationCore

/// A quantity taken apart: parts that add up to the whole exactly, in the order they are read.
struct Breakdown: Equatable {
    /// What a part is for the reader, told apart by colour and named in the legend.
    enum Meaning: Int, CaseIterable {
        /// What was wanted: computing answers.
        case work
        /// Time paid for, or waited, in which nothing was computed that came to anything.
        case waiting
        /// What is not the machine's time: disk, traffic, fees; the way to the user and back.
        case around
    }

    struct Part: Equatable {
        var name: String
        var meaning: Meaning
        /// In nano-dollars or nanoseconds; negative for a credit.
        var amount: Int128
    }

    var parts: [Part]

    var total: Int128 { parts.reduce(0) { $0 + $1.amount } }

    subscript(name: String) -> Int128 { parts.first { $0.name == name }?.amount ?? 0 }
}

extension Breakdown {
    /// The mean end-to-end latency of completed requests by where the time went, in nanoseconds; `nil` where nothing was
    /// completed or no run measured it. The parts add up to the mean E2E, rounded to a nanosecond.
    static func latency(_ records: [RunRecord]) -> Breakdown? {
        let completed = records.reduce(Int128(0)) { $0 + Int128($1.completed) }
        let splits = records.map(\.split)
        let total = splits.reduce(Int128(0)) { $0 + $1.total }
        guard completed > 0, total > 0 else { return nil }
        let kinds: [(String, Meaning, KeyPath<LatencySplit, Int128>)] = [
            ("Network", .around, \.network), ("Cold start", .waiting, \.coldStart), ("Retry", .waiting, \.retry),
            ("Queue", .waiting, \.queue), ("Prefill", .work, \.prefill), ("Decode", .work, \.decode),
        ]
        let sums = kinds.map { kind in splits.reduce(Int128(0)) { $0 + $1[keyPath: kind.2] } }
        let shares = LargestRemainder.round(sums, step: completed).parts
        return Breakdown(parts: zip(kinds, shares).map { Part(name: $0.0, meaning: $0.1, amount: Int128($1)) })
    }

    /// Named amounts of money, e.g. the split of an invoice.
    init(money: [(name: String, meaning: Meaning, amount: Money)]) {
        parts = money.map { Part(name: $0.name, meaning: $0.meaning, amount: Int128($0.amount.nanodollars)) }
    }
}
