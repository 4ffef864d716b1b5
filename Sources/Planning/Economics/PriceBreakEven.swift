public import Pricing
import Primitives
import SimulationCore

/// Where the decision flips as machine prices move: a closed form over the bills, nothing is run again.
///
/// Compared are the strategies that meet the SLO and keep up. Where they rent in both markets, the prices of specialised
/// clouds and marketplaces move and those of hyperscale providers stay; else the machine prices of the cheapest strategy
/// move and the others' stay. What each strategy does, stays: see ``PricedCost`` for what moves with prices.
public struct PriceBreakEven: Sendable, Equatable {
    /// Whose prices move.
    public enum Moving: Sendable, Equatable {
        /// All machines of one kind of supply.
        case market(Market)
        /// All machines of one strategy.
        case strategy(String)
    }

    /// Dollars per hour of one strategy at a ratio r: `fixed` + `moving` · r.
    public struct Line: Sendable, Equatable {
        /// The strategy's name.
        public var strategy: String
        /// What stays.
        public var fixed: Double
        /// What moves, at today's prices.
        public var moving: Double
        /// The cost at a ratio.
        public func cost(at ratio: Double) -> Double { fixed + moving * ratio }
    }

    /// A ratio at which the cheapest strategy changes.
    public struct Crossing: Sendable, Equatable {
        /// Prices as a multiple of today's, > 0; half of the 95 % interval over replications where every one of them
        /// has a crossing.
        public var ratio: Estimate
        /// Dollars per hour there.
        public var cost: Double
        /// The cheapest below it.
        public var below: String
        /// The cheapest above it.
        public var above: String
    }

    /// Whose prices move.
    public let moving: Moving
    /// The strategies that may win, in the order of the scenario.
    public let lines: [Line]
    /// Ascending.
    public let crossings: [Crossing]
    /// The cheapest today.
    public let winner: String

    /// `nil` where fewer than two strategies may win, or the bills are not divided.
    public init?(_ result: ScenarioResult) {
        let able = result.comparison.filter { $0.meetsSLO && $0.verdict != .overloaded }.map(\.strategy)
        let bills = result.strategies.filter { able.contains($0.name) }.compactMap(Bills.init)
        guard bills.count > 1, bills.count == able.count else { return nil }
        let cheapest = bills.min { $0.perHour < $1.perHour } ?? bills[0]
        let markets = [Market.hyperscale, .distributed].filter { market in
            bills.contains { bill in bill.hours.contains { $0.priced[market] > .zero } }
        }
        let moving: Moving = markets.count == 2 ? .market(.distributed) : .strategy(cheapest.strategy)
        let lines = bills.map { $0.line(moving) }
        self.moving = moving
        self.lines = lines
        winner = cheapest.strategy
        crossings = Self.crossings(lines).map { ratio, below, above in
            let half = Bills.ratios(bills[below], bills[above], moving).flatMap { Estimate(of: $0)?.half }
            return Crossing(
                ratio: Estimate(mean: ratio, half: half), cost: lines[above].cost(at: ratio),
                below: lines[below].strategy, above: lines[above].strategy)
        }
    }

    /// The corners of the lower envelope at ratios above 0: from the line that is lowest next to 0, always on to the
    /// flatter line that is met first.
    private static func crossings(_ lines: [Line]) -> [(ratio: Double, below: Int, above: Int)] {
        var current =
            lines.indices.min { (lines[$0].fixed, lines[$0].moving, $0) < (lines[$1].fixed, lines[$1].moving, $1) } ?? 0
        var ratio = 0.0
        var corners: [(ratio: Double, below: Int, above: Int)] = []
        while true {
            let flatter = lines.indices.filter { lines[$0].moving < lines[current].moving }
            let meetings = flatter.map { index in
                (
                    ratio: (lines[index].fixed - lines[current].fixed) / (lines[current].moving - lines[index].moving),
                    index: index
                )
            }
            guard
                let next = meetings.min(by: {
                    ($0.ratio, lines[$0.index].moving, $0.index) < ($1.ratio, lines[$1.index].moving, $1.index)
                })
            else { return corners }
            // Lines that meet at 0 have their order from their slopes alone.
            if next.ratio > ratio { corners.append((next.ratio, current, next.index)) }
            ratio = max(ratio, next.ratio)
            current = next.index
        }
    }
}

/// The bills of a strategy's runs, per hour.
private struct Bills {
    var strategy: String
    var hours: [(priced: PricedCost, hours: Double)]

    init?(_ result: StrategyResult) {
        strategy = result.name
        hours = result.runs.compactMap { run in run.metrics.account?.priced.map { ($0, run.metrics.hours) } }
        guard !hours.isEmpty, hours.count == result.runs.count, hours.allSatisfy({ $0.hours > 0 }) else { return nil }
    }

    var perHour: Double { mean(hours.map { $0.priced.total.dollars / $0.hours }) }

    /// Mean over the replications.
    func line(_ moving: PriceBreakEven.Moving) -> PriceBreakEven.Line {
        let parts = hours.map { moved($0.priced, moving) / $0.hours }
        return PriceBreakEven.Line(strategy: strategy, fixed: perHour - mean(parts), moving: mean(parts))
    }

    private func moved(_ priced: PricedCost, _ moving: PriceBreakEven.Moving) -> Double {
        switch moving {
        case .market(let market): priced[market].dollars
        case .strategy(let name): name == strategy ? priced.moving.dollars : 0
        }
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// Where the two meet in each replication; `nil` where they do not meet in all.
    static func ratios(_ a: Bills, _ b: Bills, _ moving: PriceBreakEven.Moving) -> [Double]? {
        guard a.hours.count == b.hours.count else { return nil }
        let ratios = zip(a.hours, b.hours).map { mine, theirs in
            let (x, y) = (a.moved(mine.priced, moving) / mine.hours, b.moved(theirs.priced, moving) / theirs.hours)
            let fixed = (mine.priced.total.dollars / mine.hours - x, theirs.priced.total.dollars / theirs.hours - y)
            return (fixed.1 - fixed.0) / (x - y)
        }
        return ratios.allSatisfy { $0.isFinite && $0 > 0 } ? ratios : nil
    }
}
