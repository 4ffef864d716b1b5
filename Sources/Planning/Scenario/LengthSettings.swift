import Primitives
import Workloads

/// Decodes lengths in tokens (or turns): a plain number, or a mapping from one distribution's name to its parameters.
enum LengthSettings {
    private static let longest = Int(LengthDistribution.longest)
    static let distributions = ["fixed", "uniform", "log-normal", "geometric", "zipf", "quantiles"]

    /// `{input: …, output: …}`.
    static func model(_ node: SettingNode) throws -> LengthModel {
        let map = try SettingMap(node, keys: ["input", "output"])
        let model = LengthModel.independent(
            input: try distribution(try map.required("input")), output: try distribution(try map.required("output")))
        try map.finish()
        return model
    }

    static func distribution(_ node: SettingNode) throws -> LengthDistribution {
        guard case .map = node.content else { return .fixed(try length(node)) }
        let map = try SettingMap(node, keys: distributions)
        let (key, value) = try map.exactlyOne(of: distributions)
        let distribution = try distribution(key, value)
        try map.finish()
        try value.checked { try distribution.validate() }
        return distribution
    }

    private static func distribution(_ key: String, _ value: SettingNode) throws -> LengthDistribution {
        switch key {
        case "fixed": return .fixed(try length(value))
        case "uniform":
            let map = try SettingMap(value, keys: ["from", "to"])
            return .uniform(low: try length(try map.required("from")), high: try length(try map.required("to")))
        case "geometric":
            let map = try SettingMap(value, keys: ["mean"])
            return .geometric(mean: try map.required("mean").number(in: 1...1e6))
        case "zipf":
            let map = try SettingMap(value, keys: ["exponent", "from", "to"])
            return .zipf(
                exponent: try map["exponent"]?.number(in: 0...100) ?? 1,
                low: try map["from"].map(length) ?? 1, high: try length(try map.required("to")))
        case "quantiles": return .quantiles(try table(value))
        default: return try logNormal(value)
        }
    }

    private static func length(_ node: SettingNode) throws -> Int32 { Int32(try node.integer(in: 1...longest)) }

    /// `{median, sigma}` or `{mean, cv}`, clamped to `from`…`to`.
    private static func logNormal(_ node: SettingNode) throws -> LengthDistribution {
        let map = try SettingMap(node, keys: ["median", "sigma", "mean", "cv", "from", "to"])
        let low = try map["from"].map(length) ?? 1
        let high = try map["to"].map(length) ?? Int32(longest)
        let (key, value) = try map.exactlyOne(of: ["median", "mean"])
        let centre = try value.positiveNumber()
        let distribution: LengthDistribution =
            key == "median"
            ? .logNormal(median: centre, sigma: try map.required("sigma").number(in: 0...10), low: low, high: high)
            : .logNormal(mean: centre, cv: try map.required("cv").number(in: 0...100), low: low, high: high)
        try map.finish(because: "with `\(key)`")
        return distribution
    }

    /// `{p0: 1, p50: 120, p99: 900, p100: 4000}`: rising percentiles with rising values.
    private static func table(_ node: SettingNode) throws -> QuantileTable {
        var probabilities: [Double] = []
        var values: [Double] = []
        for entry in try node.namedEntries() {
            guard entry.key.hasPrefix("p"), let percent = DecimalNumber(entry.key.dropFirst()),
                (0...100).contains(percent.double)
            else {
                throw ScenarioError(
                    .unknownKey, "`\(entry.key)` is not a percentile such as `p50` or `p99.9`", at: entry.keyPosition)
            }
            probabilities.append(DecimalNumber(digits: percent.digits, exponent: percent.exponent - 2).double)
            values.append(Double(try length(entry.value)))
        }
        guard let table = QuantileTable(probabilities: probabilities, values: values) else {
            throw node.error(
                .outOfRange, "\(node.label) needs percentiles that rise from p0 to p100, with rising values")
        }
        return table
    }
}
