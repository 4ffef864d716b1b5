import Primitives
import SimulationCore

extension ManifestReader {
    /// Reads the `spec` of a ScaledObject, keda.sh/v1alpha1.
    mutating func scaledObject(_ spec: SettingNode) throws -> (AutoscalerPolicy, ManifestBounds) {
        let map = try SettingMap(
            spec,
            keys: [
                "scaleTargetRef", "pollingInterval", "cooldownPeriod", "initialCooldownPeriod", "idleReplicaCount",
                "minReplicaCount", "maxReplicaCount", "fallback", "advanced", "triggers",
            ])
        note("scaleTargetRef", in: map, at: "spec.")
        var policy = KEDAPolicy(triggers: [])
        let bounds = try Self.bounds(map, &policy)
        try map.assign("pollingInterval", to: &policy.pollingInterval) { try $0.seconds(in: 1...86_400) }
        try map.assign("cooldownPeriod", to: &policy.cooldownPeriod) { try $0.seconds(in: 0...31_536_000) }
        try map.assign("initialCooldownPeriod", to: &policy.initialCooldownPeriod) {
            try $0.seconds(in: 0...31_536_000)
        }
        if let advanced = map["advanced"] { try read(advanced: advanced, &policy) }
        for (index, item) in try map.required("triggers").items().enumerated() {
            policy.triggers.append(try trigger(item, at: "spec.triggers[\(index)]."))
        }
        policy.rateWindow = window?.value ?? policy.rateWindow
        if let fallback = map["fallback"] {
            policy.fallback = try Self.fallback(fallback)
            guard policy.triggers.contains(where: { $0.form == .externalAverage }) else {
                throw fallback.error(
                    .conflict, "`fallback` has no effect: it is for triggers whose `metricType` is `AverageValue`")
            }
        }
        try map.finish()
        return (.keda(policy), bounds)
    }

    /// `minReplicaCount` bounds the pool, or with `idleReplicaCount` the pool while it is active.
    private static func bounds(_ map: SettingMap, _ policy: inout KEDAPolicy) throws -> ManifestBounds {
        let least = map["minReplicaCount"]
        let minimum = try least?.integer(in: 0...100_000) ?? 0
        let most = map["maxReplicaCount"]
        let maximum = try most?.integer(in: 1...100_000) ?? 100
        guard minimum <= maximum else {
            throw (most ?? least ?? map.node).error(
                .outOfRange,
                "`maxReplicaCount` must be at least `minReplicaCount`, but \(maximum) is less than \(minimum)")
        }
        var bounds = ManifestBounds(
            minimum: Located(minimum, at: least?.position ?? map.node.position),
            maximum: Located(maximum, at: most?.position ?? map.node.position), minimumKey: "minReplicaCount",
            maximumKey: "maxReplicaCount")
        guard let idle = map["idleReplicaCount"] else { return bounds }
        guard try idle.integer(in: 0...100_000) == 0 else {
            throw idle.error(.unsupported, "`idleReplicaCount` can only be 0, as in KEDA itself; not \(idle.shown)")
        }
        guard minimum > 0 else {
            throw idle.error(.conflict, "`idleReplicaCount` must be less than `minReplicaCount`, which is 0")
        }
        policy.activeMinimum = minimum
        bounds.minimum = idle.located(0)
        bounds.minimumKey = "idleReplicaCount"
        return bounds
    }

    private mutating func read(advanced node: SettingNode, _ policy: inout KEDAPolicy) throws {
        let map = try SettingMap(
            node, keys: ["restoreToOriginalReplicaCount", "horizontalPodAutoscalerConfig"],
            refused: ["scalingModifiers": "is not simulated: give each trigger a threshold of its own"])
        note("restoreToOriginalReplicaCount", in: map, at: "spec.advanced.")
        guard let inner = map["horizontalPodAutoscalerConfig"] else { return }
        let config = try SettingMap(inner, keys: ["name", "behavior"])
        note("name", in: config, at: "spec.advanced.horizontalPodAutoscalerConfig.")
        guard let node = config["behavior"] else { return }
        let behavior = try ScalingBehavior(node)
        (policy.scaleUp, policy.scaleDown) = (behavior.up.rules, behavior.down.rules)
        guard let given = behavior.up.tolerance ?? behavior.down.tolerance else { return }
        let (up, down) = (behavior.up.tolerance?.value ?? 0.1, behavior.down.tolerance?.value ?? 0.1)
        guard up == down else {
            throw given.error(
                .unsupported,
                "`tolerance` of \(up.settingWords) upward and \(down.settingWords) downward is not simulated "
                    + "for KEDA: one for both is")
        }
        policy.tolerance = up
    }

    private static func fallback(_ node: SettingNode) throws -> KEDAFallback {
        let map = try SettingMap(node, keys: ["failureThreshold", "replicas", "behavior"])
        var fallback = KEDAFallback(
            failureThreshold: try map.required("failureThreshold").integer(in: 0...1_000_000),
            replicas: try map.required("replicas").integer(in: 0...100_000))
        try map.assign("behavior", to: &fallback.behavior) {
            try $0.choice(among: [.static, .currentReplicas, .currentReplicasIfHigher, .currentReplicasIfLower])
        }
        return fallback
    }
}

// MARK: Triggers

extension ManifestReader {
    /// One of `triggers`, of type `prometheus`.
    private mutating func trigger(_ item: SettingNode, at path: String) throws -> KEDATrigger {
        let map = try SettingMap(
            item, keys: ["type", "name", "metadata", "metricType", "useCachedMetrics", "authenticationRef"])
        let type = try map.required("type")
        guard try type.string() == "prometheus" else {
            throw type.error(
                .unsupported, "triggers of the type \(type.shown) are not simulated; `prometheus` reads what is")
        }
        note("authenticationRef", in: map, at: path)
        if let cached = map["useCachedMetrics"], try cached.boolean() {
            throw cached.error(.unsupported, "`useCachedMetrics` is not simulated: each decision asks anew")
        }
        let isValue = try map["metricType"].map(Self.isValue) ?? false
        let metadata = try prometheus(try map.required("metadata"), at: "\(path)metadata.")
        let query = try metadata.required("query")
        let name = try map["name"]?.string()
        let (metric, aggregate) = try meaning(of: query, trigger: name)
        let form = try form(of: metric, aggregate, isValue, query)
        var trigger = KEDATrigger(
            metric: metric, target: try metadata.required("threshold").manifestTarget(of: metric), form: form)
        if let activation = metadata["activationThreshold"] {
            trigger.activationThreshold = try activation.kubernetesNumber()
            guard trigger.activationThreshold == 0 || aggregate != .average else {
                throw activation.error(
                    .unsupported, "`activationThreshold` of an average is not simulated: give the query a `sum(…)`")
            }
        }
        return trigger
    }

    private static func isValue(_ node: SettingNode) throws -> Bool {
        switch try node.string() {
        case "AverageValue": return false
        case "Value": return true
        case let other:
            throw node.error(
                .unknownName,
                "`metricType` of a `prometheus` trigger cannot be `\(other)`"
                    + suggestion(for: other, among: ["AverageValue", "Value"]))
        }
    }

    /// A trigger's `metadata`; how Prometheus is reached has no effect.
    private mutating func prometheus(_ node: SettingNode, at path: String) throws -> SettingMap {
        let transport = [
            "serverAddress", "metricName", "namespace", "customHeaders", "authModes", "ignoreNullValues", "unsafeSsl",
            "timeout", "cortexOrgID", "queryParameters",
        ]
        let map = try SettingMap(node, keys: ["query", "threshold", "activationThreshold"] + transport)
        for key in transport { note(key, in: map, at: path) }
        return map
    }

    /// What a query measures, and what it makes of the replicas' values.
    private mutating func meaning(
        of node: SettingNode, trigger: String?
    ) throws -> (ScalingMetric, MetricQuery.Aggregate) {
        let text = try node.string()
        if let trigger, let own = signal(ofTrigger: trigger) {
            notes.readings.append(.init(name: trigger, metric: own, remark: "the scenario's `signals` say so"))
            return (own, own.isShare ? .each : .sum)
        }
        let query: MetricQuery
        do {
            query = try MetricQuery(text)
        } catch {
            throw ScenarioError(
                .unsupported, "`query` is not understood: \(error.message)",
                at: node.position(ofCharacter: error.offset))
        }
        let metric = try metric(of: query, node)
        if let new = query.window {
            if let window, window.value != new {
                throw node.error(.unsupported, "rates over different times are not simulated: one is, for all triggers")
            }
            guard new.nanoseconds % 100_000_000 == 0 else {
                throw node.error(.outOfRange, "the time of `rate` must be a whole number of 100 ms")
            }
            window = node.located(new)
        }
        for what in query.unsimulated { notes.unsimulated.append("\(what) of the query `\(text)`") }
        return (metric, query.aggregate)
    }

    /// The one signal that a query's metrics add up to.
    private mutating func metric(of query: MetricQuery, _ node: SettingNode) throws -> ScalingMetric {
        let names = query.metrics.map(\.text)
        var meanings: [MetricName.Meaning] = []
        for name in query.metrics {
            let place = node.position(ofCharacter: name.offset)
            let meaning = try signal(Located(name.text, at: place))
            if query.window == nil, meaning.sort == .counter {
                throw ScenarioError(
                    .conflict, "`\(name.text)` is a counter, which only grows: ask for `rate(\(name.text)[1m])`",
                    at: place)
            }
            if query.window != nil, meaning.sort == .gauge || !meaning.metric.isRate {
                throw ScenarioError(
                    .conflict, "`\(name.text)` is no counter of requests or tokens: it has no `rate`", at: place)
            }
            meanings.append(meaning)
        }
        let metric = meanings[0].metric
        let remarks = meanings.compactMap(\.remark).unique
        // What runs and what waits is all that is outstanding.
        let isWhole =
            meanings.count == 2 && meanings.contains { $0.metric == .waiting }
            && meanings.contains { $0.remark == MetricName.running }
        guard meanings.count == 1 || isWhole else {
            throw node.error(
                .unsupported,
                "a sum of different metrics is not simulated, but for running and waiting requests; write a trigger for each"
            )
        }
        notes.readings.append(
            .init(
                name: names.joined(separator: " + "), metric: isWhole ? .outstanding : metric,
                remark: isWhole || remarks.isEmpty ? nil : remarks.joined(separator: "; ")))
        return isWhole ? .outstanding : metric
    }

    /// How the autoscaler that KEDA makes compares the query's value with the threshold.
    private mutating func form(
        of metric: ScalingMetric, _ aggregate: MetricQuery.Aggregate, _ isValue: Bool, _ query: SettingNode
    ) throws -> HPAMetric.Form {
        if aggregate == .average, !isValue {
            throw query.error(
                .conflict,
                "an average ÷ `threshold` is taken for replicas with the `metricType` AverageValue, KEDA's default: the "
                    + "pool would not follow its load; write `sum(…)`, or `metricType: Value`")
        }
        if aggregate == .each {
            notes.warnings.append(
                "The query \(query.shown) gives a value per replica, which KEDA refuses from two replicas on; here it is read "
                    + "as their \(metric.isShare && isValue ? "average: write `avg(…)`" : "sum: write `sum(…)`").")
        }
        guard isValue else { return .externalAverage }
        if metric.isShare {
            guard aggregate != .sum else {
                throw query.error(
                    .conflict,
                    "a sum of shares against one share grows with the replicas: write `avg(…)`, or leave the "
                        + "`metricType` AverageValue")
            }
            return .externalValue
        }
        // The mean over the replicas × the replicas is the sum.
        return aggregate == .average ? .externalAverage : .externalValue
    }
}

extension SettingNode {
    /// Where a character of a text stands; where the text begins, if it is written in several lines.
    fileprivate func position(ofCharacter offset: Int) -> SettingPosition {
        guard case .scalar(let text, _) = content else { return position }
        let line = position.source.line(position.line).unicodeScalars.dropFirst(position.column - 1)
        for quote in 0...1 where line.dropFirst(quote).starts(with: text.unicodeScalars) {
            return SettingPosition(
                source: position.source, line: position.line, column: position.column + quote + offset)
        }
        return position
    }
}
