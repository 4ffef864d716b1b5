package import SimulationCore

/// `plan`: what the search for the cheapest fleet may choose from.
///
/// An offer is written as a pool is, without a number of replicas; where one of ``expandable`` has a list of values, each
/// is tried. What the plan says beside `offers` holds for every offer that is silent.
package struct PlanSettings: Sendable {
    package var position: SettingPosition
    /// Pools to choose from, one per combination of listed values.
    package var variants: [PlanVariant]
    /// Bounds of each pool's number of replicas.
    package var replicas: ClosedRange<Int>
    /// Most pools in one fleet.
    package var mix: Int
    package var routers: [RouterPolicy]
    /// One per combination of listed parameters; empty = numbers stay fixed.
    package var autoscalers: [SettingNode]
    /// Fewest replicas of a pool that is scaled.
    package var floors: [Int]
    /// Runs that a fleet must pass, one per seed; `nil` = the scenario's, or ``defaultReplications``.
    package var replications: Int?
    /// How many of the next best are worked out beside the winner.
    package var runnersUp: Int
    package var defaults: [FilledDefault] = []

    /// Keys of an offer, or of the plan, that take a list of values.
    static let expandable = [
        "terms", "bid", "precision", "kv-precision", "tensor-parallel", "pipeline-parallel",
    ]
    static let defaultReplications = 3
    private static let keys = [
        "offers", "replicas", "mix", "precision", "kv-precision", "tensor-parallel", "pipeline-parallel", "engine",
        "routers", "autoscalers", "floors", "replications", "runners-up",
    ]

    /// - Parameter folder: what manifests' paths are relative to.
    init(_ node: SettingNode, in folder: String) throws {
        let map = try SettingMap(node, keys: Self.keys)
        position = node.position
        let wide = ["precision", "kv-precision", "tensor-parallel", "pipeline-parallel", "engine"].compactMap { key in
            map[key].map { SettingEntry(key: key, keyPosition: $0.position, value: $0) }
        }
        let variants = try map.required("offers").items().flatMap { try PlanVariant.expand($0, over: wide, in: folder) }
        self.variants = variants
        if let twice = variants.indices.first(where: { index in
            variants[..<index].contains { $0.label == variants[index].label }
        }) {
            throw ScenarioError(
                .duplicateKey, "`\(variants[twice].label)` is offered twice", at: variants[twice].position)
        }
        let bounds = try map.value("replicas", or: 1...64, noted: &defaults, because: "of each pool", Self.bounds)
        replicas = bounds
        let mix = try map.value("mix", or: min(2, variants.count), noted: &defaults, because: "pools in one fleet") {
            try $0.integer(in: 1...3)
        }
        self.mix = mix
        let known = mix > 1 ? [RouterPolicy.leastOutstanding, .weightedBySpeed] : [.leastOutstanding]
        routers = try map.value(
            "routers", or: known, noted: &defaults, because: "the usual choice, and for mixed fleets the one by speed"
        ) { try $0.items().map { try $0.choice(of: RouterPolicy.self) } }
        autoscalers = try map["autoscalers"]?.items().flatMap { try Self.scalers($0, in: folder) } ?? []
        floors = []
        if !autoscalers.isEmpty {
            floors = try map.value(
                "floors", or: [bounds.lowerBound], noted: &defaults,
                because: "replicas that an autoscaler keeps"
            ) { try $0.items().map { try $0.integer(in: 0...bounds.upperBound) } }
        }
        replications = try map["replications"]?.integer(in: 1...1_000)
        runnersUp = try map.value("runners-up", or: 3, noted: &defaults, because: "enough to see what nearly won") {
            try $0.integer(in: 0...20)
        }
        try map.finish(because: "without `autoscalers`")
    }

    private static func bounds(_ node: SettingNode) throws -> ClosedRange<Int> {
        let map = try SettingMap(node, keys: ["min", "max"])
        let least = try map["min"]?.integer(in: 1...10_000) ?? 1
        let most = try map.required("max")
        let bounds = least...max(least, try most.integer(in: least...10_000))
        try map.finish()
        return bounds
    }

    /// Each combination is decoded once here, so that a fault is found where it is written.
    private static func scalers(_ node: SettingNode, in folder: String) throws -> [SettingNode] {
        let tables = ["steps", "metrics", "metrics-outages", "history", "triggers"]
        guard case .map(let entries) = node.content else {
            _ = try AutoscalerSettings(node, in: folder)
            return [node]
        }
        let listed = entries.map(\.key).filter { !tables.contains($0) }
        return try PlanVariant.combinations(of: entries, listed: listed).map { entries in
            let scaler = SettingNode(.map(entries), at: node.position, label: node.label)
            _ = try AutoscalerSettings(scaler, in: folder)
            return scaler
        }
    }
}

/// One way to serve: a pool's settings without a number of replicas.
package struct PlanVariant: Sendable {
    /// The offer, and what tells it from its siblings, e.g. `aws/g6e.xlarge/us-east-1 (spot, fp8)`.
    package var label: String
    package var entries: [SettingEntry]
    package var position: SettingPosition

    private static let refused = ["replicas", "autoscaler", "role", "fallback"]

    /// What of the variant requests can feel: equal for variants that differ in what they cost alone. Machines that may be
    /// taken away are felt.
    var serving: String {
        let mayLose = isLossy || entries.contains { ["market", "capacity", "reliability"].contains($0.key) }
        let felt = entries.filter { mayLose || !["terms", "price", "commitment", "extras", "name"].contains($0.key) }
        return SettingNode(.map(felt), at: position, label: "").yaml
    }

    /// The variants of one offer: a name, or a mapping.
    static func expand(
        _ node: SettingNode, over wide: [SettingEntry], in folder: String
    ) throws -> [PlanVariant] {
        var entries: [SettingEntry]
        switch node.content {
        case .map(let own): entries = own
        default:
            _ = try node.string()
            entries = [SettingEntry(key: "offer", keyPosition: node.position, value: node)]
        }
        for entry in entries {
            if refused.contains(entry.key) {
                throw ScenarioError(
                    .unsupported, "`\(entry.key)` is for the plan to decide: leave it out", at: entry.keyPosition)
            }
            if ["api", "serverless"].contains(entry.key) {
                throw ScenarioError(
                    .unsupported,
                    "`\(entry.key)` has no replicas to count: make it one of `strategies`, which are compared with the "
                        + "plan", at: entry.keyPosition)
            }
        }
        entries += wide.filter { entry in !entries.contains { $0.key == entry.key } }
        return try combinations(of: entries, listed: PlanSettings.expandable).map { chosen in
            let variant = PlanVariant(
                label: label(of: chosen, among: entries), entries: chosen, position: node.position)
            _ = try PoolSettings(variant.node(replicas: 1), in: .init(folder: folder))
            return variant
        }
    }

    /// One list of entries per combination of the values of those that have lists; engines by their own keys.
    static func combinations(of entries: [SettingEntry], listed: [String]) throws -> [[SettingEntry]] {
        var combined: [[SettingEntry]] = [[]]
        for entry in entries {
            var values = [entry.value]
            if listed.contains(entry.key), case .list = entry.value.content { values = try entry.value.items() }
            if entry.key == "engine", case .map(let settings) = entry.value.content {
                values = try combinations(of: settings, listed: settings.map(\.key)).map {
                    SettingNode(.map($0), at: entry.value.position, label: entry.value.label)
                }
            }
            combined = combined.flatMap { left in
                values.map { value in
                    var value = value
                    value.label = entry.value.label
                    return left + [SettingEntry(key: entry.key, keyPosition: entry.keyPosition, value: value)]
                }
            }
            guard combined.count <= 2_000 else {
                throw ScenarioError(.outOfRange, "more than 2,000 combinations", at: entry.keyPosition)
            }
        }
        return combined
    }

    private static func label(of chosen: [SettingEntry], among given: [SettingEntry]) -> String {
        var title = "?"
        var parts: [String] = []
        for (entry, origin) in zip(chosen, given) {
            switch (entry.key, entry.value.content) {
            case ("offer", .scalar(let text, _)), ("device", .scalar(let text, _)): title = text
            case ("device", _), ("owned", _): title = entry.key
            case ("terms", .scalar(let text, _)), ("precision", .scalar(let text, _)): parts.append(text)
            case (let key, .scalar(let text, _)) where PlanSettings.expandable.contains(key):
                parts.append("\(key) \(text)")
            case ("engine", .map(let settings)):
                guard case .map(let original) = origin.value.content else { continue }
                for (setting, before) in zip(settings, original) {
                    if case .list = before.value.content, case .scalar(let text, _) = setting.value.content {
                        parts.append("\(setting.key) \(text)")
                    }
                }
            default: continue
            }
        }
        if let name = chosen.first(where: { $0.key == "name" }), case .scalar(let text, _) = name.value.content {
            title = text
        }
        return parts.isEmpty ? title : "\(title) (\(parts.joined(separator: ", ")))"
    }

    /// The pool with a fixed number of replicas.
    func node(replicas: Int) -> SettingNode { node(replicas: number(replicas), scaler: nil) }

    /// The pool with an autoscaler within bounds.
    func node(from least: Int, to most: Int, scaler: SettingNode) -> SettingNode {
        let bounds = SettingNode(
            .map([entry("min", number(least)), entry("max", number(most))]), at: position, label: "`replicas`")
        return node(replicas: bounds, scaler: scaler)
    }

    private func node(replicas: SettingNode, scaler: SettingNode?) -> SettingNode {
        // What is said of starts concerns only pools that start replicas.
        let aboutStarts = ["start", "kept", "drain"]
        let mayStart = entries.contains { ["spot", "market", "capacity", "reliability"].contains($0.key) } || isLossy
        var own = entries.filter { scaler != nil || !aboutStarts.contains($0.key) || ($0.key == "start" && mayStart) }
        own.append(entry("replicas", replicas))
        if let scaler { own.append(entry("autoscaler", scaler)) }
        return SettingNode(.map(own), at: position, label: "the pool \(label)")
    }

    var isLossy: Bool {
        entries.contains { entry in
            guard entry.key == "terms", case .scalar(let text, _) = entry.value.content else { return false }
            return ["spot", "interruptible"].contains(text)
        }
    }

    func entry(_ key: String, _ value: SettingNode) -> SettingEntry {
        SettingEntry(key: key, keyPosition: position, value: value)
    }

    private func number(_ value: Int) -> SettingNode {
        SettingNode(.scalar(String(value), quoted: false), at: position, label: "`replicas`")
    }
}

extension ClosedRange: SettingWords where Bound == Int {
    var settingWords: String { "{min: \(lowerBound), max: \(upperBound)}" }
}

extension Array: SettingWords {
    var settingWords: String {
        "[" + map { ($0 as? any SettingWords)?.settingWords ?? "\($0)" }.joined(separator: ", ") + "]"
    }
}

extension RouterPolicy: SettingWords {
    var settingWords: String { rawValue }
}
