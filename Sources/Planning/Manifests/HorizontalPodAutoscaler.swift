import Primitives
import SimulationCore

extension ManifestReader {
    /// Reads the `spec` of a HorizontalPodAutoscaler, autoscaling/v2.
    mutating func horizontalPodAutoscaler(_ spec: SettingNode) throws -> (AutoscalerPolicy, ManifestBounds) {
        let map = try SettingMap(
            spec, keys: ["scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior"])
        note("scaleTargetRef", in: map, at: "spec.")
        let bounds = try Self.bounds(map)
        guard let metrics = map["metrics"] else {
            throw spec.error(
                .missingKey, "without `metrics` Kubernetes scales by 80 % of the CPU, which is not simulated")
        }
        var policy = HPAPolicy(metrics: [])
        for (index, item) in try metrics.items().enumerated() {
            policy.metrics.append(try metric(item, at: "spec.metrics[\(index)]."))
        }
        if let behavior = map["behavior"] { try ScalingBehavior(behavior).apply(to: &policy) }
        try map.finish()
        return (.hpa(policy), bounds)
    }

    private static func bounds(_ map: SettingMap) throws -> ManifestBounds {
        let most = try map.required("maxReplicas")
        let maximum = try most.integer(in: 1...100_000)
        var minimum = Located(1, at: most.position)
        if let least = map["minReplicas"] {
            minimum = least.located(try least.integer(in: 0...100_000))
            guard minimum.value > 0 else {
                throw least.error(
                    .unsupported,
                    "`minReplicas: 0` needs Kubernetes' alpha gate HPAScaleToZero, which is not simulated; "
                        + "KEDA scales to zero")
            }
        }
        guard minimum.value <= maximum else {
            throw most.error(
                .outOfRange,
                "`maxReplicas` must be at least `minReplicas`, which is \(minimum.value); not \(most.shown)")
        }
        return ManifestBounds(
            minimum: minimum, maximum: most.located(maximum), minimumKey: "minReplicas", maximumKey: "maxReplicas")
    }

    /// One of `metrics`: its type, and a mapping of that name.
    private mutating func metric(_ item: SettingNode, at path: String) throws -> HPAMetric {
        let map = try SettingMap(item, keys: ["type", "resource", "containerResource", "pods", "object", "external"])
        let type = try map.required("type")
        let key: String
        switch try type.string() {
        case "Resource": key = "resource"
        case "Pods": key = "pods"
        case "Object": key = "object"
        case "External": key = "external"
        case "ContainerResource":
            throw type.error(.unsupported, "`ContainerResource` is not simulated: a replica is one container")
        case let other:
            let known = ["Resource", "Pods", "Object", "External"]
            throw type.error(.unknownName, "`type` cannot be `\(other)`\(suggestion(for: other, among: known))")
        }
        let source = try map.required(key)
        try map.finish(because: "with the type `\(try type.string())`")
        return try metric(of: source, key, at: "\(path)\(key).")
    }

    private mutating func metric(of source: SettingNode, _ key: String, at path: String) throws -> HPAMetric {
        let keys = ["resource": ["name", "target"], "object": ["describedObject", "metric", "target"]]
        let map = try SettingMap(source, keys: keys[key] ?? ["metric", "target"])
        if key == "object" { note("describedObject", in: map, at: path) }
        let name: Located<String>
        if key == "resource" {
            name = try map.required("name").name()
        } else {
            let metric = try SettingMap(try map.required("metric"), keys: ["name", "selector"])
            name = try metric.required("name").name()
            note("selector", in: metric, at: "\(path)metric.")
        }
        let meaning = try signal(name)
        guard meaning.sort != .counter else {
            throw name.error(
                .conflict, "`\(name.value)` is a counter, which only grows: scale by its rate, under another name")
        }
        notes.readings.append(.init(name: name.value, metric: meaning.metric, remark: meaning.remark))
        let (target, form) = try Self.target(try map.required("target"), of: meaning.metric, key)
        return HPAMetric(metric: meaning.metric, target: target, form: form)
    }

    private static func target(
        _ node: SettingNode, of metric: ScalingMetric, _ key: String
    ) throws -> (Double, HPAMetric.Form) {
        let map = try SettingMap(node, keys: ["type", "value", "averageValue", "averageUtilization"])
        let type = try map.required("type")
        let isOfPods = key == "resource" || key == "pods"
        let result: (Double, HPAMetric.Form)
        switch try type.string() {
        case "AverageValue":
            result = (
                try map.required("averageValue").manifestTarget(of: metric), isOfPods ? .pods : .externalAverage
            )
        case "Value" where !isOfPods: result = (try map.required("value").manifestTarget(of: metric), .externalValue)
        case "Utilization" where key == "resource":
            guard metric.isShare else {
                throw type.error(
                    .conflict, "`\(metric.rawValue)` is not used up to a share: its target is an `AverageValue`")
            }
            result = (Double(try map.required("averageUtilization").integer(in: 1...100)) / 100, .pods)
        case let other:
            let known = ["AverageValue"] + (isOfPods ? [] : ["Value"]) + (key == "resource" ? ["Utilization"] : [])
            throw type.error(
                .unknownName,
                "`type` of a target under `\(key)` cannot be `\(other)`"
                    + suggestion(for: other, among: known))
        }
        try map.finish(because: "with the type `\(try type.string())`")
        return result
    }
}

/// `behavior`: how growth and shrinking are held back, as Kubernetes writes it.
struct ScalingBehavior {
    /// One direction.
    struct Direction {
        var rules: HPAScalingRules
        /// `nil` = the cluster's.
        var tolerance: Located<Double>?
    }

    var up = Direction(rules: .scaleUpDefault)
    var down = Direction(rules: .scaleDownDefault)

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["scaleUp", "scaleDown"])
        if let node = map["scaleUp"] { up = try Self.direction(node, over: up.rules) }
        if let node = map["scaleDown"] { down = try Self.direction(node, over: down.rules) }
    }

    private static func direction(_ node: SettingNode, over defaults: HPAScalingRules) throws -> Direction {
        let map = try SettingMap(
            node, keys: ["stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance"])
        var rules = defaults
        try map.assign("stabilizationWindowSeconds", to: &rules.stabilization) { try $0.seconds(in: 0...3_600) }
        try map.assign("selectPolicy", to: &rules.select) { try Self.selection($0) }
        try map.assign("policies", to: &rules.limits) { try $0.items().map(Self.limit) }
        let tolerance = try map["tolerance"].map { node in
            let value = try node.kubernetesNumber()
            guard value <= 1 else {
                throw node.error(.outOfRange, "\(node.label) must be at most 1, not \(node.shown)")
            }
            return node.located(value)
        }
        return Direction(rules: rules, tolerance: tolerance)
    }

    private static func selection(_ node: SettingNode) throws -> HPAScalingRules.Selection {
        let words: [(String, HPAScalingRules.Selection)] = [("Max", .max), ("Min", .min), ("Disabled", .disabled)]
        let text = try node.string()
        if let found = words.first(where: { $0.0 == text }) { return found.1 }
        throw node.error(
            .unknownName, "\(node.label) cannot be `\(text)`\(suggestion(for: text, among: words.map(\.0)))")
    }

    private static func limit(_ node: SettingNode) throws -> HPAScalingRules.Limit {
        let map = try SettingMap(node, keys: ["type", "value", "periodSeconds"])
        let type = try map.required("type")
        let text = try type.string()
        guard let unit = ["Pods": HPAScalingRules.Limit.Unit.pods, "Percent": .percent][text] else {
            throw type.error(
                .unknownName, "`type` cannot be `\(text)`\(suggestion(for: text, among: ["Pods", "Percent"]))")
        }
        return HPAScalingRules.Limit(
            unit, try map.required("value").integer(in: 1...1_000_000),
            per: try map.required("periodSeconds").seconds(in: 1...1_800))
    }

    /// Puts this behaviour in place of the policy's.
    func apply(to policy: inout HPAPolicy) {
        policy.scaleUp = up.rules
        policy.scaleDown = down.rules
        policy.scaleUpTolerance = up.tolerance?.value ?? policy.scaleUpTolerance
        policy.scaleDownTolerance = down.tolerance?.value ?? policy.scaleDownTolerance
    }
}
