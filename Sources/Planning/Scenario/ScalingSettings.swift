import Primitives
package import SimulationCore

/// `replicas` with bounds: the autoscaler decides within them.
package struct ReplicaRange: Sendable {
    package var position: SettingPosition
    /// ≥ 0.
    package var minimum: Int
    /// ≥ 1 and ≥ `minimum`.
    package var maximum: Int
    /// In `minimum ... maximum`; `nil` = the minimum, or 1 where that is 0.
    package var initial: Int?

    /// Bounds that no scenario wrote.
    init(position: SettingPosition, minimum: Int, maximum: Int, initial: Int?) {
        self.position = position
        self.minimum = minimum
        self.maximum = maximum
        self.initial = initial
    }

    /// What `replicas` says: a number, or a mapping with bounds.
    /// - Parameter manifest: bounds of the manifest that scales the pool, which stand where the scenario is silent.
    package static func decode(
        _ node: SettingNode, in manifest: ManifestBounds? = nil
    ) throws -> (fixed: Int?, range: ReplicaRange?) {
        guard case .map = node.content else { return (try node.integer(in: 1...100_000), nil) }
        return (nil, try ReplicaRange(node, in: manifest))
    }

    private init(_ node: SettingNode, in manifest: ManifestBounds?) throws {
        let map = try SettingMap(node, keys: ["min", "max", "initial"])
        position = node.position
        let least = manifest == nil ? try map.required("min") : map["min"]
        let most = manifest == nil ? try map.required("max") : map["max"]
        let given = (least: try least?.integer(in: 0...100_000), most: try most?.integer(in: 1...100_000))
        if let manifest {
            try Self.check(given.least, least, manifest.minimum, manifest.minimumKey)
            try Self.check(given.most, most, manifest.maximum, manifest.maximumKey)
        }
        minimum = given.least ?? manifest?.minimum.value ?? 0
        maximum = given.most ?? manifest?.maximum.value ?? 1
        if let most, minimum > maximum {
            throw most.error(.outOfRange, "`max` must be at least `min`, which is \(minimum); not \(most.shown)")
        }
        initial = try map["initial"]?.integer(in: minimum...maximum)
        try map.finish()
    }

    /// A scenario and its manifest must not say different things.
    private static func check(_ given: Int?, _ node: SettingNode?, _ manifest: Located<Int>, _ key: String) throws {
        guard let given, let node, given != manifest.value else { return }
        throw node.error(
            .conflict,
            "\(node.label) is \(given), but `\(key)` is \(manifest.value) in \(manifest.position.source.name), line "
                + "\(manifest.position.line): leave \(node.label) out, or make them equal")
    }
}

/// `autoscaler`: a kind and its parameters.
package struct AutoscalerSettings: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case hpa, knative, keda
        case rayServe = "ray-serve"
        case skyServe = "sky-serve"
        case targetUtilization = "target-utilization"
        case schedule
        case holtWinters = "holt-winters"
        case fixed
        case clairvoyant
    }

    package var position: SettingPosition
    package var kind: Kind
    package var policy: AutoscalerPolicy
    /// What a clairvoyant one is to know of a replica; its policy is filled in run by run.
    package var foresight: Foresight?
    /// Where it was read from, if not from the scenario.
    package var manifest: AutoscalerManifest?

    /// - Parameter folder: what a manifest's path is relative to.
    package init(_ node: SettingNode, in folder: String) throws {
        guard case .map(let entries) = node.content else {
            throw node.error(
                .wrongType, "\(node.label) must be a mapping such as `{kind: knative, target: 16}`, not \(node.shown)")
        }
        if entries.contains(where: { $0.key == "manifest" }) {
            self = try AutoscalerSettings(manifest: node, in: folder)
            return
        }
        guard let entry = entries.first(where: { $0.key == "kind" }) else {
            throw node.error(.missingKey, "\(node.label) needs one of `kind`, `manifest`")
        }
        position = node.position
        kind = try entry.value.choice()
        let map = try SettingMap(node, keys: ["kind"] + kind.keys)
        _ = map["kind"]
        foresight = kind == .clairvoyant ? try Foresight(map) : nil
        policy = try kind.policy(map)
        try map.finish(because: "with these settings of `\(kind.rawValue)`")
    }

    /// Why this autoscaler cannot bring a pool back from zero replicas; `nil` = it can.
    package var whyItStaysAtZero: String? {
        if kind == .hpa { return "Kubernetes' HPA is off while there are no replicas, so nothing starts the first one" }
        let metrics = policy.metrics
        guard !metrics.isEmpty, metrics.allSatisfy({ [.kvUse, .tokensPerSecond, .lateShare].contains($0) }) else {
            return nil
        }
        let state = metrics[0] == .lateShare ? "is not known" : "stays at 0"
        return "`\(metrics[0].rawValue)` \(state) while there are no replicas, so nothing starts the first one"
    }

    /// Replicas that a table asks for by itself, whatever the load.
    var scheduled: [Int] {
        switch policy {
        case .schedule(let policy): policy.steps.map(\.replicas)
        case .fixed(let policy): [policy.replicas]
        default: []
        }
    }
}

extension SettingNode {
    /// A duration from 0 to `longest`.
    func duration(upTo longest: SimulatedDuration) throws -> SimulatedDuration {
        let value = try duration()
        guard value <= longest else {
            throw error(.outOfRange, "\(label) must be at most \(durationText(longest)), not \(shown)")
        }
        return value
    }

    /// A duration of patience: from 0 to a year.
    func window() throws -> SimulatedDuration { try duration(upTo: .hours(8_760)) }

    /// How far a controller looks back: from 0 to an hour, so that what it remembers stays small.
    func memory() throws -> SimulatedDuration { try duration(upTo: .hours(1)) }

    /// Time between decisions: whole tenths of a second, from 100 ms to `longest`.
    func tick(upTo longest: SimulatedDuration = .hours(24)) throws -> SimulatedDuration {
        let value = try duration(upTo: longest)
        guard value > .zero, value.nanoseconds % 100_000_000 == 0 else {
            throw error(.outOfRange, "\(label) must be a whole number of 100 ms, at least one; not \(shown)")
        }
        return value
    }
}
