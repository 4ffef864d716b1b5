public import Primitives

/// A distribution of whole numbers from 1 up: tokens, or turns of a conversation. Every sample takes one uniform.
public enum LengthDistribution: Sendable, Hashable, Codable {
    case fixed(Int32)
    /// Every whole number from `low` to `high`, both included, alike.
    case uniform(low: Int32, high: Int32)
    /// Log-normal with the given median, rounded and then clamped to `low`…`high`.
    case logNormal(median: Double, sigma: Double, low: Int32, high: Int32)
    /// P(n) = (1 − p)^(n−1)·p with p = 1 ÷ mean, `mean` ≥ 1.
    case geometric(mean: Double)
    /// P(low + k) ∝ 1 ÷ (k + 1)^exponent up to `high`, at most 1,048,576 values.
    case zipf(exponent: Double, low: Int32, high: Int32)
    /// Linear between quantiles, rounded to the nearest whole number.
    case quantiles(QuantileTable)

    /// The longest length any distribution may give: 2²⁴.
    public static let longest: Int32 = 1 << 24

    /// A log-normal with the given mean > 0 and coefficient of variation ≥ 0 (before clamping).
    public static func logNormal(mean: Double, cv: Double, low: Int32 = 1, high: Int32 = longest) -> Self {
        let variance = Mathematics.log(1 + cv * cv)
        let median = mean / Mathematics.exp(variance / 2)
        return .logNormal(median: median, sigma: variance.squareRoot(), low: low, high: high)
    }

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        if let problem { throw WorkloadError(message: problem) }
    }

    private var problem: String? {
        switch self {
        case .fixed(let value): Self.problem(low: value, high: value)
        case .uniform(let low, let high): Self.problem(low: low, high: high)
        case .logNormal(let median, let sigma, let low, let high):
            median.isFinite && median > 0 && sigma.isFinite && sigma >= 0
                ? Self.problem(low: low, high: high) : "a log-normal needs a median above 0 and a sigma of at least 0"
        case .geometric(let mean):
            mean.isFinite && mean >= 1 && mean <= 1e6 ? nil : "a geometric length needs a mean from 1 to 1,000,000"
        case .zipf(let exponent, let low, let high):
            if let problem = Self.problem(low: low, high: high) {
                problem
            } else if high - low >= 1 << 20 {
                "a Zipf length spans at most 1,048,576 values"
            } else {
                exponent.isFinite && exponent >= 0 && exponent <= 100 ? nil : "a Zipf exponent lies between 0 and 100"
            }
        case .quantiles(let table):
            table.values[0] >= 1 && table.value(at: 1) <= Double(Self.longest)
                ? nil : "quantiles of a length lie between 1 and \(Self.longest)"
        }
    }

    private static func problem(low: Int32, high: Int32) -> String? {
        guard low >= 1 else { return "a length is at least 1, not \(low)" }
        guard low <= high else { return "the lowest length \(low) is above the highest \(high)" }
        return high <= longest ? nil : "a length is at most \(longest), not \(high)"
    }
}

/// A ``LengthDistribution`` made ready to sample.
struct LengthSampler {
    private let distribution: LengthDistribution
    private let ranks: WeightedChoice?

    /// - Precondition: the distribution is valid.
    init(_ distribution: LengthDistribution) {
        self.distribution = distribution
        if case .zipf(let exponent, let low, let high) = distribution {
            ranks = WeightedChoice.zipf(count: Int(high - low) + 1, exponent: exponent)
        } else {
            ranks = nil
        }
    }

    /// The length at a uniform in (0, 1), never falling as the uniform rises.
    func length(at uniform: Double) -> Int32 {
        switch distribution {
        case .fixed(let value): return value
        case .uniform(let low, let high):
            return low + min(high - low, Int32(uniform * (Double(high - low) + 1)))
        case .logNormal(let median, let sigma, let low, let high):
            let value = median * Mathematics.exp(sigma * Mathematics.normalQuantile(uniform))
            return Int32(min(max(value.rounded(), Double(low)), Double(high)))
        case .geometric(let mean):
            guard mean > 1 else { return 1 }
            let trials = (Mathematics.log(1 - uniform) / Mathematics.log(1 - 1 / mean)).rounded(.up)
            return Int32(min(max(trials, 1), Double(LengthDistribution.longest)))
        case .zipf(_, let low, _): return low + Int32(ranks?.index(at: uniform) ?? 0)
        case .quantiles(let table): return Int32(table.value(at: uniform).rounded())
        }
    }
}
