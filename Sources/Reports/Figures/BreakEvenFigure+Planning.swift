public import Planning
import Pricing
import SimulationCore

extension BreakEvenFigure {
    /// Where the decision flips in `result`, by prices in closed form and, where it was searched for, by the rate.
    public init(of result: ScenarioResult, rate: RateBreakEven? = nil) {
        let price = PriceBreakEven(result)
        self.init(
            ratioTitle: "Multiple of today's prices",
            costTitle: "Dollars per hour", lines: price.map(Self.lines) ?? [],
            crossings: price.map(Self.crossings) ?? [],
            sentences: Self.sentences(result, price) + (result.priceReaders.map { [Self.prices($0)] } ?? [])
                + (rate.map(Self.sentences) ?? []))
    }

    // MARK: Prices

    private static func title(_ moving: PriceBreakEven.Moving) -> String {
        switch moving {
        case .market: "Prices of specialised clouds and marketplaces"
        case .strategy(let name): "Machine prices of \(name)"
        }
    }

    /// Eight steps to each doubling, from a quarter to four times, further where a crossing lies there.
    private static func lines(_ price: PriceBreakEven) -> [Line] {
        let ratios = price.crossings.map(\.ratio.mean).filter { shown.contains($0) }
        var low = 0.25
        var high = 4.0
        while let least = ratios.min(), least < low * 1.25, low > shown.lowerBound { low /= 2 }
        while let most = ratios.max(), most * 1.25 > high, high < shown.upperBound { high *= 2 }
        var steps: [Double] = []
        var octave = low
        while octave < high {
            steps += (0..<8).map { octave * (1 + Double($0) / 8) }
            octave *= 2
        }
        steps.append(high)
        return price.lines.map { line in
            Line(strategy: line.strategy, points: steps.map { Point(ratio: $0, cost: line.cost(at: $0)) })
        }
    }

    /// Multiples of today's prices that a picture reaches to.
    private static let shown = 1.0 / 32...32

    private static func crossings(_ price: PriceBreakEven) -> [Crossing] {
        price.crossings.filter { shown.contains($0.ratio.mean) }.map { crossing in
            Crossing(
                point: Point(ratio: crossing.ratio.mean, cost: crossing.cost), below: crossing.below,
                above: crossing.above)
        }
    }

    private static func sentences(_ result: ScenarioResult, _ price: PriceBreakEven?) -> [String] {
        guard let price else { return [alone(result)] }
        let what = title(price.moving)
        let flips = price.crossings.map { crossing in
            // What rounding to nano-dollars leaves is not said.
            let half = crossing.ratio.half.flatMap { $0 > 1e-4 * crossing.ratio.mean ? $0 : nil }
            let spread = half.map { " (± \(Decimal.significant($0, digits: 2)), 95 %)" } ?? ""
            return
                "at \(multiple(crossing.ratio.mean)) times today's\(spread) the cheapest that meets the target changes "
                + "from `\(crossing.below)` (below) to `\(crossing.above)` (above), at "
                + "\(Wording.dollars(crossing.cost)) an hour"
        }
        let fact =
            flips.isEmpty
            ? "Break-even price ratio: none; `\(price.winner)` stays the cheapest that meets the target whatever the "
                + "multiple."
            : "Break-even price ratio: " + flips.joined(separator: "; ") + "."
        return [
            fact + " Moved are: \(lowercased(what)), fees and commitments with them; disk, traffic, power and what the "
                + "strategies do stay as they are."
        ]
    }

    private static func alone(_ result: ScenarioResult) -> String {
        let able = result.comparison.filter { $0.meetsSLO && $0.verdict != .overloaded }
        switch able.count {
        case 0: return "Break-even price ratio: none; no strategy meets the target, at whatever price."
        case 1:
            return "Break-even price ratio: none; only `\(able[0].strategy)` meets the target, at whatever price."
        default: return "Break-even price ratio: not known; the bills of these runs are not divided."
        }
    }

    /// Whose results depend on prices.
    static func prices(_ readers: [String]) -> String {
        guard !readers.isEmpty else {
            return "No strategy's policies read prices: other prices would change costs and no latency."
        }
        let names = Wording.list(readers.map { "`\($0)`" })
        return readers.count == 1
            ? "\(names) reads prices: its results, latencies included, depend on them."
            : "\(names) read prices: their results, latencies included, depend on them."
    }

    private static func lowercased(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }

    private static func multiple(_ value: Double) -> String { Decimal.significant(value, digits: 3) }

    // MARK: The rate

    private static func sentences(_ rate: RateBreakEven) -> [String] {
        let names = Wording.list(rate.rivals.map { "`\($0)`" })
        let found = [rate.below, rate.above].compactMap { $0 }.map { change in
            "at \(multiple(change.factor)) times the scenario's rate (\(multiple(change.factor * rate.rate)) requests a "
                + "second) the cheapest that meets the target changes from \(winner(change.below)) (below) to "
                + "\(winner(change.above)) (above)"
        }
        let reach = Decimal.shortest(RateBreakEven.reach)
        let fact =
            found.isEmpty
            ? "Break-even rate: none between 1/\(reach) and \(reach) times the scenario's rate"
            : "Break-even rate: " + found.joined(separator: "; ")
        return [
            fact + ". Tried: \(names), \(rate.trials.count) rates; the same requests closer together or further apart, "
                + "doubled or halved until the winner changes, then bisected to 1 %."
        ]
    }

    private static func winner(_ name: String?) -> String { name.map { "`\($0)`" } ?? "none of the two" }
}
