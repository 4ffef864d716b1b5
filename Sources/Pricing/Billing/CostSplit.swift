public import Primitives

/// A bill divided over what the money was for. The parts add up to the bill's total to the nano-dollar.
///
/// A machine's charge goes over the states its rule bills in proportion to their time, rounding and minimum included; of
/// the busy part, the time whose work was lost is told apart. Commitments are spread over what used them.
public struct CostSplit: Sendable, Equatable, Codable {
    /// What money can be for.
    public enum Part: String, Sendable, Codable, CaseIterable {
        /// Batches whose results counted.
        case busy
        /// Ready without work.
        case idle
        /// Waiting for the machine, pulling the image, loading weights, warming up.
        case loading
        /// Finishing the last work, taking no more.
        case draining
        /// Stopped or paused, where that is billed.
        case held
        /// Batches whose work came to nothing.
        case lostWork = "lost work"
        /// Storage of instances.
        case disk
        /// Bytes, in and out.
        case traffic
        /// Tokens of an API.
        case tokens
        /// Addresses, load balancers, address translation.
        case addresses
        /// What platforms take on top.
        case fees
        /// Committed to and not used.
        case commitmentWaste = "commitment waste"
    }

    /// In the order of ``Part/allCases``.
    public private(set) var amounts = [Money](repeating: .zero, count: Part.allCases.count)

    /// Nothing.
    public init() {}

    /// One part.
    public subscript(part: Part) -> Money {
        get { amounts[Self.index[part] ?? 0] }
        set { amounts[Self.index[part] ?? 0] = newValue }
    }

    private static let index = Dictionary(uniqueKeysWithValues: Part.allCases.enumerated().map { ($1, $0) })

    /// The whole, exactly.
    public var total: Money { amounts.reduce(.zero, +) }
    /// Paid for and of no use: provisioning, loading, draining, lost work and unused commitments.
    public var waste: Money { self[.loading] + self[.draining] + self[.lostWork] + self[.commitmentWaste] }

    /// Adds part by part.
    public static func += (a: inout Self, b: Self) {
        for index in a.amounts.indices { a.amounts[index] += b.amounts[index] }
    }

    /// Adds a line's effective cost, divided where it is for an instance's time.
    mutating func add(_ line: InvoiceLine, of rental: Rental?, billed: InstanceStates) {
        let cost = line.effectiveCost
        if let states = line.kind.states(billed: billed) {
            divide(cost, over: states, rental)
        } else {
            self[line.kind.part] += cost
        }
    }

    private mutating func divide(_ cost: Money, over states: InstanceStates, _ rental: Rental?) {
        guard let rental else {
            self[.idle] += cost
            return
        }
        func time(_ state: InstanceState) -> Int64 { states.contains(state) ? rental[state].nanoseconds : 0 }
        let lost = min(time(.busy), max(0, rental.lost.nanoseconds))
        let weights: [(Part, Int64)] = [
            (.busy, time(.busy) - lost), (.idle, time(.idle)), (.loading, time(.provisioning) + time(.loading)),
            (.draining, time(.draining)), (.held, time(.stopped) + time(.paused)), (.lostWork, lost),
        ]
        for ((part, _), share) in zip(weights, cost.divided(by: weights.map(\.1))) { self[part] += share }
    }
}

extension InvoiceLine.Kind {
    /// Where a charge that is not for an instance's time goes.
    fileprivate var part: CostSplit.Part {
        switch self {
        case .disk: .disk
        case .egress, .ingress: .traffic
        case .tokens: .tokens
        case .address, .loadBalancer, .nat: .addresses
        case .fee: .fees
        case .commitment, .commitmentWaste: .commitmentWaste
        case .machine, .capital, .space, .busyPower, .idlePower: .idle
        }
    }
}
