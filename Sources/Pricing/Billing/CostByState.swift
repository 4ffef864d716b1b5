public import Primitives

/// A compute cost divided over what the instance was doing. The parts add up to the whole exactly.
public struct CostByState: Sendable, Equatable, Codable {
    /// Indexed by ``InstanceState/rawValue``.
    public private(set) var parts: [Money]

    /// No cost at all.
    public init() { parts = Array(repeating: .zero, count: InstanceState.allCases.count) }
    init(parts: [Money]) { self.parts = parts }

    /// The part of one state.
    public subscript(state: InstanceState) -> Money { parts[Int(state.rawValue)] }

    /// Time a batch was running.
    public var busy: Money { self[.busy] }
    /// Time ready and without work.
    public var idle: Money { self[.idle] }
    /// Time before the first request could be served: provisioning and loading.
    public var loading: Money { self[.provisioning] + self[.loading] }
    /// Time finishing the last work, taking no more.
    public var draining: Money { self[.draining] }
    /// Time stopped or paused, where the rule bills it.
    public var held: Money { self[.stopped] + self[.paused] }
    /// Everything paid for and not spent on a running batch.
    public var waste: Money { total - busy }
    /// The whole cost.
    public var total: Money { parts.reduce(.zero, +) }

    /// Adds part by part.
    public static func += (a: inout Self, b: Self) {
        for index in a.parts.indices { a.parts[index] += b.parts[index] }
    }
}

extension CostByState {
    /// Adds the effective cost of a line for an instance's time, in proportion to the time in the states it is for.
    mutating func add(_ line: InvoiceLine, of rental: Rental, billed: InstanceStates) {
        guard let states = line.kind.states(billed: billed) else { return }
        let weights = InstanceState.allCases.map { states.contains($0) ? rental[$0].nanoseconds : 0 }
        self += CostByState(parts: line.effectiveCost.divided(by: weights))
    }
}

extension InvoiceLine.Kind {
    /// The states that a charge for an instance's time is for, where the rule bills `billed`; `nil` for other charges.
    func states(billed: InstanceStates) -> InstanceStates? {
        switch self {
        case .machine: billed
        case .capital, .space: .always
        case .busyPower: .init(.busy)
        case .idlePower: InstanceStates.sinceAllocation.subtracting(.init(.busy))
        case .disk, .address, .loadBalancer, .nat, .egress, .ingress, .tokens, .fee, .commitment, .commitmentWaste: nil
        }
    }
}

extension PoolTerms {
    /// The compute cost of `rental` divided over its billed states in proportion to their time.
    ///
    /// What rounding up and the minimum add is divided in the same proportion.
    public func costByState(of rental: Rental) -> CostByState {
        machineLines(for: rental, after: .zero, covered: []).reduce(into: CostByState()) {
            $0.add($1, of: rental, billed: rule.billedStates)
        }
    }
}

extension Money {
    /// Shares of the amount in proportion to `weights`, which add up to it exactly.
    ///
    /// Largest remainder (Hamilton): every share is the exact one rounded down, and the nano-dollars left over go one
    /// each to the largest remainders, ties to the lower index. With no weight at all the first share takes everything.
    /// - Precondition: `weights` is not empty and has no negative element.
    public func divided(by weights: [Int64]) -> [Money] {
        precondition(!weights.isEmpty && weights.allSatisfy { $0 >= 0 }, "shares need weights")
        let whole = weights.reduce(Int128(0)) { $0 + Int128($1) }
        guard whole > 0 else { return [self] + weights.dropFirst().map { _ in .zero } }
        var (shares, remainders): ([Int64], [Int128]) = ([], [])
        for weight in weights {
            var (quotient, remainder) = (Int128(nanodollars) * Int128(weight)).quotientAndRemainder(dividingBy: whole)
            if remainder < 0 { (quotient, remainder) = (quotient - 1, remainder + whole) }
            shares.append(Int64(quotient))
            remainders.append(remainder)
        }
        let left = Int(nanodollars - shares.reduce(0, +))
        let order = weights.indices.sorted { (remainders[$1], $0) < (remainders[$0], $1) }
        for index in order.prefix(left) { shares[index] += 1 }
        return shares.map(Money.init(nanodollars:))
    }
}
