package import Primitives
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

    /// What `replicas` says: a number, or a mapping with bounds.
    package static func decode(_ node: SettingNode) throws -> (fixed: Int?, range: ReplicaRange?) {
        guard case .map = node.content else { return (try node.integer(in: 1...100_000), nil) }
        return (nil, try ReplicaRange(node))
    }

    private init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["min", "max", "initial"])
        position = node.position
        let (least, most) = (try map.required("min"), try map.required("max"))
        minimum = try least.integer(in: 0...100_000)
        maximum = try most.integer(in: 1...100_000)
        guard minimum <= maximum else {
            throw most.error(.outOfRange, "`max` must be at least `min`, which is \(minimum); not \(most.shown)")
        }
        initial = try map["initial"]?.integer(in: minimum...maximum)
        try map.finish()
    }
}

/// `start`: what a replica goes through before it serves; `nil` = from the next wider scope, and at last the default.
package struct StartSettings: Sendable {
    package var position: SettingPosition
    package var provision: SimulatedDuration?
    package var imagePull: SimulatedDuration?
    package var weightLoad: SimulatedDuration?
    package var compile: SimulatedDuration?
    package var warmUp: SimulatedDuration?

    package init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["provision", "image-pull", "weight-load", "compile", "warm-up"])
        position = node.position
        provision = try map["provision"]?.duration(upTo: .hours(24))
        imagePull = try map["image-pull"]?.duration(upTo: .hours(24))
        weightLoad = try map["weight-load"]?.duration(upTo: .hours(24))
        compile = try map["compile"]?.duration(upTo: .hours(24))
        warmUp = try map["warm-up"]?.duration(upTo: .hours(24))
        try map.finish()
    }

    /// These settings, and `wider` where they are silent.
    package func over(_ wider: StartSettings?) -> StartSettings {
        var merged = self
        merged.provision = provision ?? wider?.provision
        merged.imagePull = imagePull ?? wider?.imagePull
        merged.weightLoad = weightLoad ?? wider?.weightLoad
        merged.compile = compile ?? wider?.compile
        merged.warmUp = warmUp ?? wider?.warmUp
        return merged
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
    }

    package var position: SettingPosition
    package var kind: Kind
    package var policy: AutoscalerPolicy

    package init(_ node: SettingNode) throws {
        guard case .map(let entries) = node.content else {
            throw node.error(
                .wrongType, "\(node.label) must be a mapping such as `{kind: knative, target: 16}`, not \(node.shown)")
        }
        guard let entry = entries.first(where: { $0.key == "kind" }) else {
            throw node.error(.missingKey, "\(node.label) needs the key `kind`")
        }
        position = node.position
        kind = try entry.value.choice()
        let map = try SettingMap(node, keys: ["kind"] + kind.keys)
        _ = map["kind"]
        policy = try kind.policy(map)
        try map.finish(because: "with these settings of `\(kind.rawValue)`")
    }

    /// Why this autoscaler cannot bring a pool back from zero replicas; `nil` = it can.
    package var whyItStaysAtZero: String? {
        if kind == .hpa { return "Kubernetes' HPA is off while there are no replicas: nothing starts the first one" }
        let metrics = policy.metrics
        guard !metrics.isEmpty, metrics.allSatisfy({ $0 == .kvUse || $0 == .tokensPerSecond }) else { return nil }
        return "`\(metrics[0].rawValue)` stays at 0 while there are no replicas: nothing starts the first one"
    }

    /// Replicas that a table asks for by itself, whatever the load.
    fileprivate var scheduled: [Int] {
        if case .schedule(let policy) = policy { return policy.steps.map(\.replicas) }
        return []
    }
}

extension StrategySettings {
    /// Bounds need an autoscaler and an autoscaler needs bounds; nothing about starts is said of pools that never start
    /// a replica.
    func checkScaling() throws {
        for pool in pools { try check(pool) }
        guard !pools.contains(where: { $0.range != nil }) else { return }
        let why = "has no effect: no pool of this strategy has `replicas` with `min` and `max`"
        if let autoscaler { throw ScenarioError(.conflict, "`autoscaler` \(why)", at: autoscaler.position) }
        if let start { throw ScenarioError(.conflict, "`start` \(why)", at: start.position) }
    }

    private func check(_ pool: PoolSettings) throws {
        guard let range = pool.range else {
            let why = "has no effect on a fixed number of replicas: give `replicas` as `{min: 1, max: 8}`"
            if let own = pool.autoscaler { throw ScenarioError(.conflict, "`autoscaler` \(why)", at: own.position) }
            if let own = pool.start { throw ScenarioError(.conflict, "`start` \(why)", at: own.position) }
            return
        }
        guard let autoscaler = pool.autoscaler ?? autoscaler else {
            throw ScenarioError(
                .missingKey,
                "`replicas` with `min` and `max` needs an `autoscaler`, in the pool or in its strategy",
                at: range.position)
        }
        if range.minimum == 0, let reason = autoscaler.whyItStaysAtZero {
            throw ScenarioError(
                .conflict, "`min: 0` does not go with `\(autoscaler.kind.rawValue)`: \(reason)", at: range.position)
        }
        if let wrong = autoscaler.scheduled.first(where: { !(range.minimum...range.maximum).contains($0) }) {
            throw ScenarioError(
                .outOfRange,
                "`steps` asks for \(wrong) replicas, but `replicas` allows from \(range.minimum) to \(range.maximum)",
                at: autoscaler.position)
        }
    }
}

extension PoolSettings {
    /// With its strategy's autoscaler and start-up times where it has bounds and is silent.
    func scaled(by strategy: StrategySettings) -> PoolSettings {
        guard range != nil else { return self }
        var pool = self
        pool.autoscaler = autoscaler ?? strategy.autoscaler
        pool.start = start?.over(strategy.start) ?? strategy.start
        return pool
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
