import Primitives
package import SimulationCore

/// `availability`: when a supplier has capacity to give.
package enum AvailabilitySettings: Sendable {
    /// `default`, `scarce`, `typical`, `ample`: the process that the product's facts give for such a region.
    case facts(SpotTightness)
    /// `always`: it never runs out.
    case always
    /// `{up: {median, mean}, down: {median, mean}, shared, size-penalty}`.
    case process(AvailabilityProcess, [FilledDefault])
    /// `{trace: FILE}` or `{trace: [FILE, …]}`: recorded, one file per zone in turn.
    case trace([Located<String>])

    package init(_ node: SettingNode) throws {
        guard case .map(let entries) = node.content else {
            let text = try node.string()
            if let tightness = text == "default" ? .typical : SpotTightness(rawValue: text) {
                self = .facts(tightness)
            } else if text == "always" {
                self = .always
            } else {
                let words = ["default", "always"] + SpotTightness.allCases.map(\.rawValue)
                throw node.error(
                    .unknownName,
                    "\(node.label) cannot be `\(text)`\(suggestion(for: text, among: words)), `{up: …, down: …}` or "
                        + "`{trace: FILE}`")
            }
            return
        }
        self = entries.contains { $0.key == "trace" } ? try Self.trace(node) : try Self.process(node)
    }

    private static func trace(_ node: SettingNode) throws -> AvailabilitySettings {
        let map = try SettingMap(node, keys: ["trace"])
        let value = try map.required("trace")
        if case .list = value.content { return .trace(try value.items().map { try $0.name() }) }
        return .trace([try value.name()])
    }

    private static func process(_ node: SettingNode) throws -> AvailabilitySettings {
        let map = try SettingMap(node, keys: ["up", "down", "shared", "size-penalty"])
        var filled: [FilledDefault] = []
        let up = try run(try map.required("up"))
        let down = try run(try map.required("down"))
        let process = AvailabilityProcess(
            upMedian: up.median, upMean: up.mean, downMedian: down.median, downMean: down.mean,
            regionalShare: try map.value("shared", or: 0, noted: &filled, because: "zones fail apart") {
                try $0.share()
            },
            sizePenalty: try map.value("size-penalty", or: 1, noted: &filled, because: "all sizes alike") {
                try $0.number(in: 1...1_000)
            })
        try map.finish()
        return .process(process, filled)
    }

    /// `{median: 30 min, mean: 2 h}`; the mean alone where runs are all alike.
    private static func run(_ node: SettingNode) throws -> (median: SimulatedDuration, mean: SimulatedDuration) {
        guard case .map = node.content else {
            let length = try node.positiveDuration()
            return (length, length)
        }
        let map = try SettingMap(node, keys: ["median", "mean"])
        let (median, mean) = (try map.required("median"), try map.required("mean"))
        let run = (median: try median.positiveDuration(), mean: try mean.positiveDuration())
        guard run.mean >= run.median else {
            throw mean.error(.outOfRange, "`mean` must be at least `median`: long runs are rare, not short ones")
        }
        return run
    }
}
