public import Primitives

/// Money paid in before it is used, out of which a supplier draws as time passes: a lease's escrow (Akash) or a prepaid
/// balance (RunPod, Vast.ai). What is left is returned, so only what was drawn is a cost and appears on an invoice.
public struct Escrow: Sendable, Equatable, Codable {
    /// Paid in; not negative.
    public var deposit: Money
    /// What the supplier draws at a time: Akash's blocks last 6 s, others draw by the second; > 0.
    public var block: SimulatedDuration

    /// An escrow of `deposit`, drawn on block by block.
    /// - Precondition: `deposit` ≥ 0, `block` > 0.
    public init(deposit: Money, block: SimulatedDuration = .seconds(6)) {
        precondition(deposit >= .zero && block > .zero, "an escrow holds money for blocks of time")
        self.deposit = deposit
        self.block = block
    }

    /// How `charges` are settled: drawn from the deposit as far as it goes, the rest of it returned, what it lacks owed.
    public func settlement(of charges: Money) -> (drawn: Money, returned: Money, owed: Money) {
        let drawn = min(deposit, max(.zero, charges))
        return (drawn, deposit - drawn, max(.zero, charges - drawn))
    }

    /// The time after which the deposit no longer pays for a whole block at `perHour`: the lease closes then. `nil` where
    /// nothing is drawn.
    public func lasts(at perHour: Money) -> SimulatedDuration? {
        guard perHour > .zero else { return nil }
        let affordable = Int128(deposit.nanodollars) * Int128(PoolTerms.nanosecondsPerHour)
        let blocks = affordable / (Int128(perHour.nanodollars) * Int128(block.nanoseconds))
        let longest = Int128(Int64.max / block.nanoseconds)
        return SimulatedDuration(nanoseconds: Int64(min(blocks, longest)) * block.nanoseconds)
    }
}
