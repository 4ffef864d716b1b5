import Planning
import Pricing
import Primitives
import SimulationCore

extension Breakdown {
    /// Parts of a bill in the order they are read, with what they mean.
    enum CostPart: Int, CaseIterable {
        case busy, idle, starting, draining, held, lost, disk, traffic, tokens, addresses, commitment, fees, credits

        var name: String {
            switch self {
            case .busy: "Busy"
            case .idle: "Idle"
            case .starting: "Start, loading"
            case .draining: "Draining"
            case .held: "Stopped, paused"
            case .lost: "Lost work"
            case .disk: "Disk"
            case .traffic: "Traffic"
            case .tokens: "Tokens"
            case .addresses: "Addresses"
            case .commitment: "Unused commitment"
            case .fees: "Fees, other"
            case .credits: "Credits"
            }
        }

        var meaning: Meaning {
            switch self {
            case .busy, .tokens: .work
            case .idle, .starting, .draining, .held, .lost, .commitment: .waiting
            case .disk, .traffic, .addresses, .fees, .credits: .around
            }
        }

        /// Parts that the bars of a plain fleet's cost do not tell apart.
        static let beyondStates: [CostPart] = [
            .lost, .disk, .traffic, .tokens, .addresses, .commitment, .fees, .credits,
        ]

        /// The part that a bill's own division calls `part`.
        init(_ part: CostSplit.Part) {
            self =
                switch part {
                case .busy: .busy
                case .idle: .idle
                case .loading: .starting
                case .draining: .draining
                case .held: .held
                case .lostWork: .lost
                case .disk: .disk
                case .traffic: .traffic
                case .tokens: .tokens
                case .addresses: .addresses
                case .fees: .fees
                case .commitmentWaste: .commitment
                }
        }
    }

    /// A run's invoice taken apart; the parts add up to it to the nano-dollar.
    ///
    /// A compute charge of a rental goes over the states its provider bills in proportion to their time, its lost work
    /// taken from the busy part; other charges by what they are for.
    static func cost(_ run: StrategyRun, pools: [PoolSummary]) -> Breakdown {
        var amounts = [Money](repeating: .zero, count: CostPart.allCases.count)
        for charge in CostByUse.charges(of: run, pools: pools) {
            for (part, share) in charge.parts { amounts[part.rawValue] += share }
        }
        return Breakdown(money: CostPart.allCases.map { ($0.name, $0.meaning, amounts[$0.rawValue]) })
    }

    subscript(part: CostPart) -> Int128 { self[part.name] }
}
