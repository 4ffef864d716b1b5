import Primitives

/// Which usage draws on which commitment, hour by hour of the run, and how much of each is left.
///
/// An hour is one of the run's, from its start. Within it a commitment serves the usage with the largest discount first,
/// then the earliest rental, then the lower pool and instance, so the outcome does not depend on the ledger's order. All
/// sums are exact: dollars times nanoseconds, in 128 bits.
struct CommitmentSettlement {
    /// Time of a rental that one commitment pays for.
    struct Part: Equatable {
        var commitment: Int
        var nanoseconds: Int64
        /// What it draws, in nano-dollar-hours × 3.6 × 10¹².
        var value: Int128
    }
    /// Billed time of one rental.
    struct Use {
        var rental: Int
        var start: Int64
        var end: Int64
        var pool: Int
        /// Start of the rental, pool and instance: who comes first.
        var order: (Int64, Int, Int)
    }

    /// By rental.
    private(set) var parts: [[Part]]
    /// By commitment.
    private(set) var unused: [Int128]
    /// Nanoseconds taken of each rental's hours, by rental and hour since the rental's first.
    private var taken: [[Int64]]
    private let end: Int64

    init(_ commitments: [Commitment], uses: [Use], ledger: UsageLedger, pools: [PoolTerms]) {
        parts = Array(repeating: [], count: ledger.rentals.count)
        taken = Array(repeating: [], count: ledger.rentals.count)
        unused = commitments.map { Int128($0.perHour.nanodollars) * Int128(ledger.end.nanoseconds) }
        end = ledger.end.nanoseconds
        let ranked = commitments.indices.sorted { (commitments[$0].rank, $0) < (commitments[$1].rank, $1) }
        for index in ranked { settle(commitments[index], number: index, uses, pools) }
    }

    private static let hour = PoolTerms.nanosecondsPerHour

    private mutating func settle(_ commitment: Commitment, number: Int, _ uses: [Use], _ pools: [PoolTerms]) {
        let rates = pools.map { commitment.rate(for: $0) }
        let eligible = uses.filter { rates[$0.pool] != nil && $0.start < end }.sorted {
            let (a, b) = (discountKey($0, rates, pools), discountKey($1, rates, pools))
            return a == b ? $0.order < $1.order : a < b
        }
        var hours = [[Int]](repeating: [], count: Int((end + Self.hour - 1) / Self.hour))
        for (index, use) in eligible.enumerated() {
            for hour in Int(use.start / Self.hour)...Int((min(use.end, end) - 1) / Self.hour) {
                hours[hour].append(index)
            }
        }
        for (hour, present) in hours.enumerated() {
            let from = Int64(hour) * Self.hour
            let until = min(from + Self.hour, end)
            var budget = Int128(commitment.perHour.nanodollars) * Int128(until - from)
            for use in present.map({ eligible[$0] }) where budget > 0 {
                guard let rate = rates[use.pool] else { continue }
                budget -= draw(use, hour: hour, (from, until), (number, rate, budget))
            }
        }
    }

    /// Committed rate over on-demand price, as a fraction of 2⁶⁴ rounded down: small = large discount.
    private func discountKey(_ use: Use, _ rates: [Money?], _ pools: [PoolTerms]) -> Int128 {
        let price = max(1, pools[use.pool].uncommittedPerHour.nanodollars)
        return (Int128(rates[use.pool]?.nanodollars ?? 0) << 64) / Int128(price)
    }

    /// Lets a rental draw on a budget in one hour; the amount drawn.
    private mutating func draw(
        _ use: Use, hour: Int, _ span: (from: Int64, until: Int64), _ by: (number: Int, rate: Money, budget: Int128)
    ) -> Int128 {
        let slot = hour - Int(use.start / Self.hour)
        while taken[use.rental].count <= slot { taken[use.rental].append(0) }
        let present = min(use.end, span.until) - max(use.start, span.from) - taken[use.rental][slot]
        let affordable = by.budget / Int128(by.rate.nanodollars)
        let time = Int64(min(Int128(present), affordable))
        guard time > 0 else { return 0 }
        taken[use.rental][slot] += time
        let value = Int128(by.rate.nanodollars) * Int128(time)
        add(Part(commitment: by.number, nanoseconds: time, value: value), to: use.rental)
        unused[by.number] -= value
        return value
    }

    private mutating func add(_ part: Part, to rental: Int) {
        if let last = parts[rental].indices.last, parts[rental][last].commitment == part.commitment {
            parts[rental][last].nanoseconds += part.nanoseconds
            parts[rental][last].value += part.value
        } else {
            parts[rental].append(part)
        }
    }

    /// What a commitment cost, divided over the parts that used it in rental order, and the rest that nothing used.
    /// The shares add up to `purchase` exactly.
    func shares(of purchase: Money, commitment: Int) -> (used: [Money], unused: Money) {
        let values = parts.flatMap { $0 }.filter { $0.commitment == commitment }.map(\.value) + [unused[commitment]]
        // A common shift brings the weights into 62 bits; the shares are then within a nano-dollar of exact.
        let whole = values.reduce(0, +)
        let shift = max(0, 128 - whole.leadingZeroBitCount - 62)
        guard whole > 0 else { return ([], purchase) }
        let shares = purchase.divided(by: values.map { Int64($0 >> Int128(shift)) })
        return (Array(shares.dropLast()), shares[shares.count - 1])
    }
}
