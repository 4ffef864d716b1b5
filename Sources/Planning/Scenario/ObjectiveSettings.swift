import Primitives

/// Decodes an `slo` mapping, e.g. `{ttft: {p99: 2 s}, tpot: {p99: 100 ms}}`, in the order ttft, tpot, e2e and by
/// percentile.
enum ObjectiveSettings {
    /// The percentiles a bound may be set on, with their keys.
    static let percentiles: [(key: String, quantile: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999),
    ]

    static func decode(_ node: SettingNode?, requestClass: String? = nil) throws -> [ServiceObjective] {
        guard let node else { return [] }
        let quantities = ServiceObjective.Quantity.allCases
        let map = try SettingMap(node, keys: quantities.map(\.rawValue))
        let objectives = try quantities.flatMap { quantity in
            try map[quantity.rawValue].map { try bounds(on: quantity, $0, requestClass) } ?? []
        }
        guard !objectives.isEmpty else { throw node.error(.missingKey, "\(node.label) bounds nothing") }
        return objectives
    }

    private static func bounds(
        on quantity: ServiceObjective.Quantity, _ node: SettingNode, _ requestClass: String?
    ) throws -> [ServiceObjective] {
        let map = try SettingMap(node, keys: percentiles.map(\.key))
        var objectives: [ServiceObjective] = []
        for (key, quantile) in percentiles {
            guard let value = map[key] else { continue }
            let bound = try value.positiveDuration()
            if let lower = objectives.last, lower.bound > bound {
                throw value.error(.conflict, "\(value.label) must not be tighter than the percentile below it")
            }
            objectives.append(
                ServiceObjective(quantity: quantity, quantile: quantile, bound: bound, requestClass: requestClass))
        }
        guard !objectives.isEmpty else {
            throw node.error(.missingKey, "\(node.label) needs a percentile such as `p99: 2 s`")
        }
        return objectives
    }
}
