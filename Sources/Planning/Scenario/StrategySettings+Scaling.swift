import Pricing
import SimulationCore

extension StrategySettings {
    /// Bounds need an autoscaler and an autoscaler needs bounds; nothing about starts is said of pools that never start
    /// a replica.
    /// - Parameter mayFail: whether places fail at stated times, so that any pool may have to start replicas again.
    func checkScaling(mayFail: Bool) throws {
        for pool in pools { try check(pool, mayFail: mayFail) }
        if !pools.contains(where: { $0.range != nil && $0.fallback == nil && !$0.isServerless }), let autoscaler {
            throw ScenarioError(.conflict, "`autoscaler` \(Self.boundless)", at: autoscaler.position)
        }
        guard !pools.contains(where: { $0.range != nil || $0.isServerless }) else { return }
        for (key, place) in [("kept", kept?.position), ("drain", drain?.position)] {
            if let place { throw ScenarioError(.conflict, "`\(key)` \(Self.boundless)", at: place) }
        }
        if let start, !mayFail, !pools.contains(where: \.mayLoseMachines) {
            throw ScenarioError(.conflict, "`start` \(Self.boundless)", at: start.position)
        }
    }

    private static let boundless = "has no effect: no pool of this strategy has `replicas` with `min` and `max`"

    private func check(_ pool: PoolSettings, mayFail: Bool) throws {
        try checkFate(pool, mayFail: mayFail)
        if let range = pool.range {
            try check(range, pool)
        } else if let fallback = pool.fallback {
            throw ScenarioError(
                .missingKey, "a fallback comes and goes: give its `replicas` as `{min: 0, max: 8}`",
                at: fallback.position)
        } else {
            try checkFixed(pool, mayFail: mayFail)
        }
    }

    private func checkFixed(_ pool: PoolSettings, mayFail: Bool) throws {
        guard !pool.isServerless else {
            // Workers come and go by the platform's rule; a number of them is the most there may be.
            return
        }
        let why = "has no effect on a fixed number of replicas: give `replicas` as `{min: 1, max: 8}`"
        let places = [
            ("autoscaler", pool.autoscaler?.position), ("kept", pool.kept?.position), ("drain", pool.drain?.position),
            ("start", mayFail || pool.mayLoseMachines ? nil : pool.start?.position),
        ]
        for (key, place) in places {
            if let place { throw ScenarioError(.conflict, "`\(key)` \(why)", at: place) }
        }
    }

    private func check(_ range: ReplicaRange, _ pool: PoolSettings) throws {
        if let fallback = pool.fallback {
            guard pool.autoscaler == nil else {
                throw ScenarioError(
                    .conflict, "a fallback follows the pool it stands in for; `autoscaler` has no effect on it",
                    at: pool.autoscaler?.position ?? fallback.position)
            }
            return
        }
        guard let autoscaler = pool.autoscaler ?? (pool.isServerless ? nil : autoscaler) else {
            if pool.isServerless { return }
            throw ScenarioError(
                .missingKey,
                "`replicas` with `min` and `max` needs an `autoscaler`, in the pool or in its strategy",
                at: range.position)
        }
        if range.minimum == 0, let reason = autoscaler.whyItStaysAtZero {
            let key = autoscaler.manifest?.bounds.minimumKey ?? "min"
            throw ScenarioError(
                .conflict, "`\(key): 0` does not go with `\(autoscaler.kind.rawValue)`: \(reason)", at: range.position)
        }
        if let wrong = autoscaler.scheduled.first(where: { !(range.minimum...range.maximum).contains($0) }) {
            throw ScenarioError(
                .outOfRange,
                "the autoscaler's `\(autoscaler.kind == .fixed ? "replicas" : "steps")` asks for \(wrong) replicas, but "
                    + "the pool's `replicas` allows from \(range.minimum) to \(range.maximum)",
                at: autoscaler.position)
        }
    }

    /// A fate needs something that cuts requests off.
    private func checkFate(_ pool: PoolSettings, mayFail: Bool) throws {
        let drains = pool.range != nil && (pool.drain ?? drain)?.cutsOff ?? false
        guard let fate = pool.risk.fate, !mayFail, !pool.mayLoseMachines, !drains else { return }
        throw fate.error(.conflict, "`fate` has no effect: this pool loses no machine")
    }
}

extension StrategySettings {
    /// Resolves which pool each fallback stands in for.
    mutating func nameFallbacks() throws {
        for index in pools.indices {
            guard let fallback = pools[index].fallback else { continue }
            let primary = try primary(of: fallback, at: index)
            pools[index].fallback?.primaryIndex = primary
        }
    }

    private func primary(of fallback: FallbackSettings, at index: Int) throws -> Int {
        let others = pools.indices.filter { $0 != index && pools[$0].fallback == nil }
        if let wanted = fallback.primary {
            if let found = others.first(where: { pools[$0].title == wanted.value }) { return found }
            let known = others.map { pools[$0].title }
            throw wanted.error(
                .unknownName,
                "there is no pool `\(wanted.value)` to stand in for\(suggestion(for: wanted.value, among: known))"
            )
        }
        let lossy = others.filter { pools[$0].mayBeTakenAway }
        if lossy.count == 1 { return lossy[0] }
        if lossy.isEmpty, others.count == 1 { return others[0] }
        throw ScenarioError(
            .missingKey, "a fallback stands in for one pool: name it with `fallback: {for: NAME}`",
            at: fallback.position)
    }
}

extension PoolSettings {
    var isServerless: Bool {
        if case .serverless = supply { return terms?.value != .serverlessActive }
        return false
    }

    /// With its strategy's settings where it is silent and they concern it.
    func scaled(by strategy: StrategySettings) -> PoolSettings {
        var pool = self
        pool.start = start?.over(strategy.start) ?? strategy.start
        guard range != nil || isServerless else { return pool }
        if fallback == nil, !isServerless { pool.autoscaler = autoscaler ?? strategy.autoscaler }
        pool.kept = kept ?? strategy.kept
        pool.drain = drain ?? strategy.drain
        return pool
    }
}
