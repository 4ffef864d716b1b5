import PerformanceModel
import Pricing
import Primitives
import SimulationCore

/// An input that a sweep multiplies as a whole, because no single key holds it.
public enum SweepFactor: String, Sendable, CaseIterable, Comparable {
    /// All machine prices, with fees, commitments and bids: nothing is run differently, the bill is.
    case prices
    /// Requests per second: the same requests closer together.
    case rate
    /// Tokens of prompts and outputs. Prompts that share content keep their length.
    case lengths
    /// The time of every engine step.
    case stepTime = "step-time"
    /// How long machines that can be taken away stay: times up on spot terms and stays of a market's hosts are multiplied,
    /// the rates of reclaims and takeovers divided. A recorded availability stays what was recorded.
    case availability

    /// Key paths with it are factors.
    static let prefix = "factor."

    /// What it is called where key paths are varied.
    public var path: String { Self.prefix + rawValue }

    init?(path: String) {
        guard path.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(path.dropFirst(Self.prefix.count)))
    }

    /// In the order of the cases.
    public static func < (a: Self, b: Self) -> Bool {
        let order = Self.allCases
        return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
    }

    /// A factor as written: a plain number from 0.01 to 100.
    func value(of text: String, at node: SettingNode) throws -> Double {
        guard let value = DecimalNumber(text)?.double, (0.01...100).contains(value) else {
            throw node.error(.outOfRange, "`\(path)` is a plain number from 0.01 to 100, not `\(text)`")
        }
        return value
    }
}

extension ResolvedScenario {
    /// The scenario under other circumstances. ``SweepFactor/prices`` is no part of it: see ``RunMetrics/priced(at:)``.
    func under(_ factors: [SweepFactor: Double]) -> ResolvedScenario {
        var workload = workload
        if let rate = factors[.rate] { workload = workload.scaled(rate: rate) }
        if let lengths = factors[.lengths] { workload = workload.scaled(lengths: lengths) }
        let strategies = strategies.map { strategy in
            var strategy = strategy
            for index in strategy.fleet.pools.indices {
                if let factor = factors[.stepTime] {
                    strategy.fleet.pools[index].stepCost = ScaledStepCost(
                        strategy.fleet.pools[index].stepCost, factor: factor)
                }
                if let factor = factors[.availability] {
                    strategy.fleet.pools[index].supply = strategy.fleet.pools[index].supply.staying(factor)
                }
            }
            return strategy
        }
        return ResolvedScenario(
            scenario: scenario, model: model, precision: precision, workload: workload, strategies: strategies,
            baseline: baseline, replications: replications, assumptions: assumptions, warnings: warnings)
    }

    /// Whether some machine can be taken away by a process, so that ``SweepFactor/availability`` has an effect.
    var hasMachinesToLose: Bool {
        strategies.flatMap(\.fleet.pools).contains { $0.supply.staying(2) != $0.supply }
    }

    /// The largest stated error of a pool's step times; `nil` where none is stated.
    var largestStepTimeError: Double? {
        strategies.flatMap(\.fleet.pools).compactMap { ModelError.stated($0.stepCost) }.max()
    }
}

extension SupplyPolicy {
    /// The same supply with machines that stay `factor` times as long.
    func staying(_ factor: Double) -> SupplyPolicy {
        switch self {
        case .dependable: return self
        case .capacity(var capacity):
            capacity.reclaimsPerHour /= factor
            if case .process(var process) = capacity.availability {
                process.upMedian = process.upMedian.times(factor)
                process.upMean = process.upMean.times(factor)
                capacity.availability = .process(process)
            }
            return .capacity(capacity)
        case .hosts(var hosts):
            guard case .fitted(var population) = hosts.population else { return self }
            population.meanStay = population.meanStay.times(factor)
            population.rentedStay = population.rentedStay?.times(factor)
            population.bidInterval = population.bidInterval.times(factor)
            population.takeoversPerHour /= factor
            hosts.population = .fitted(population)
            return .hosts(hosts)
        }
    }
}

extension SimulatedDuration {
    /// At least a nanosecond, at most a century.
    fileprivate func times(_ factor: Double) -> SimulatedDuration {
        SimulatedDuration(nanoseconds: Int64(min(max(1, (Double(nanoseconds) * factor).rounded()), 3.15e18)))
    }
}

extension RunMetrics {
    /// The same run billed at `factor` times the machine prices, as ``PricedCost`` divides its bill; rounded to the
    /// nano-dollar. The division of the bill by use is left out.
    func priced(at factor: Double) -> RunMetrics {
        guard let priced = account?.priced else { return self }
        var run = self
        func scaled(_ money: Money) -> Money {
            Money(nanodollars: Int64((Double(money.nanodollars) * factor).rounded()))
        }
        let moved = PricedCost(
            hyperscale: scaled(priced.hyperscale), distributed: scaled(priced.distributed),
            owned: scaled(priced.owned), fixed: priced.fixed)
        run.cost = moved.total
        run.account?.priced = moved
        run.account?.cost = nil
        let ratio = cost > .zero ? moved.total.dollars / cost.dollars : 1
        run.costPerMillionTokens = costPerMillionTokens.map { $0 * ratio }
        run.costPerRequest = costPerRequest.map { $0 * ratio }
        run.costPerGoodRequest = costPerGoodRequest.map { $0 * ratio }
        return run
    }
}
