/// An invoice, what its money was for, and what had to be assumed.
public struct Bill: Sendable, Equatable {
    /// Line by line.
    public internal(set) var invoice = Invoice()
    /// By pool, in the order of the pools; everything that belongs to one.
    public internal(set) var poolSplits: [CostSplit]
    /// What belongs to no single pool: unused parts of commitments that several may draw on.
    public internal(set) var shared = CostSplit()
    /// Costs of instances' time by state: the effective costs of machines, capital, power and place.
    public internal(set) var byState = CostByState()
    /// What rules and tariffs assume, and prices that were needed and are not known; sentences, each once.
    public internal(set) var assumptions: [String] = []

    /// The whole bill by what the money was for; its total is the invoice's, to the nano-dollar.
    public var split: CostSplit { poolSplits.reduce(into: shared) { $0 += $1 } }
}
