/// Chooses an index with probability proportional to its weight: O(n) to build, O(log n) and one uniform per choice.
public struct WeightedChoice: Sendable, Hashable {
    /// Running sums of the weights, normalised so that the last is 1.
    private let cumulative: [Double]

    /// - Returns: `nil` unless there is a weight, all are finite and ≥ 0, and their sum is finite and > 0.
    public init?(weights: [Double]) {
        guard !weights.isEmpty, weights.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
        var sum = 0.0
        let sums = weights.map { weight in
            sum += weight
            return sum
        }
        guard sum > 0, sum.isFinite else { return nil }
        cumulative = sums.map { $0 / sum }
    }

    /// Weights 1 ÷ (rank + 1)^exponent for ranks 0 ..< count: Zipf's law. `exponent` 0 is uniform.
    /// - Returns: `nil` unless `count` ≥ 1 and `exponent` is finite and ≥ 0.
    public static func zipf(count: Int, exponent: Double) -> WeightedChoice? {
        guard count >= 1, exponent.isFinite, exponent >= 0 else { return nil }
        return WeightedChoice(weights: (0..<count).map { Mathematics.pow(Double($0 + 1), -exponent) })
    }

    /// The number of indices.
    public var count: Int { cumulative.count }

    /// The probability of an index.
    public func probability(of index: Int) -> Double {
        index == 0 ? cumulative[0] : cumulative[index] - cumulative[index - 1]
    }

    /// The index for a uniform in (0, 1): the first whose cumulative probability exceeds it.
    public func index(at uniform: Double) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > uniform { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// A distribution given by its quantiles, linear between them: the shape of published percentile tables.
public struct QuantileTable: Sendable, Hashable, Codable {
    /// Probabilities, strictly rising, the first 0 and the last 1.
    public let probabilities: [Double]
    /// Values at those probabilities, never falling.
    public let values: [Double]

    /// - Returns: `nil` unless both lists have the same length ≥ 2 and the order stated for each.
    public init?(probabilities: [Double], values: [Double]) {
        guard probabilities.count == values.count, probabilities.count >= 2,
            probabilities.first == 0, probabilities.last == 1,
            values.allSatisfy(\.isFinite),
            zip(probabilities, probabilities.dropFirst()).allSatisfy({ $0 < $1 }),
            zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        self.probabilities = probabilities
        self.values = values
    }

    /// The value at probability `p`, clamped to 0…1.
    public func value(at p: Double) -> Double {
        guard p > 0 else { return values[0] }
        guard p < 1 else { return values[values.count - 1] }
        var low = 0
        var high = probabilities.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if probabilities[middle] <= p { low = middle } else { high = middle }
        }
        let share = (p - probabilities[low]) / (probabilities[high] - probabilities[low])
        return values[low] + share * (values[high] - values[low])
    }

    /// The expected value: the area under the piecewise linear quantile function.
    public var mean: Double {
        var area = 0.0
        for index in 1..<values.count {
            let middle = (values[index] + values[index - 1]) / 2
            area += middle * (probabilities[index] - probabilities[index - 1])
        }
        return area
    }

    private enum CodingKeys: String, CodingKey { case probabilities, values }

    /// Decodes and checks the order that ``init(probabilities:values:)`` demands.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let probabilities = try container.decode([Double].self, forKey: .probabilities)
        let values = try container.decode([Double].self, forKey: .values)
        guard let table = QuantileTable(probabilities: probabilities, values: values) else {
            throw DecodingError.dataCorruptedError(
                forKey: .values, in: container,
                debugDescription: "probabilities must rise from 0 to 1 and values must not fall")
        }
        self = table
    }
}
