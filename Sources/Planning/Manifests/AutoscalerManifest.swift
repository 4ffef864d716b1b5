import Primitives
package import SimulationCore

/// A manifest that an autoscaler was read from: a HorizontalPodAutoscaler, or a ScaledObject of KEDA.
package struct AutoscalerManifest: Sendable {
    /// As the scenario writes it.
    package var path: Located<String>
    package var bounds: ManifestBounds
    package var notes: ManifestNotes
    /// Whether its queries say over which time rates are taken.
    package var statesWindow = false
}

/// Between which numbers of replicas a manifest scales, with the keys that say so.
package struct ManifestBounds: Sendable {
    package var minimum: Located<Int>
    package var maximum: Located<Int>
    package var minimumKey: String
    package var maximumKey: String
}

/// What a reader of a manifest should know of how it was taken.
package struct ManifestNotes: Sendable {
    /// One metric of the manifest.
    package struct Reading: Sendable, Equatable {
        /// Its name, or its query.
        package var name: String
        package var metric: ScalingMetric
        /// In what the two differ; `nil` = they do not.
        package var remark: String?
    }

    package var readings: [Reading] = []
    /// Paths of keys that have no effect on a simulation.
    package var unsimulated: [String] = []
    package var warnings: [String] = []
}

/// A manifest being read: what is common to both kinds.
struct ManifestReader {
    /// Names of the scenario's own, over the known ones.
    let signals: [(name: Located<String>, metric: ScalingMetric)]
    var notes = ManifestNotes()
    /// Over which rates of queries are taken, one for all.
    var window: Located<SimulatedDuration>?
    private(set) var usedSignals: Set<String> = []

    init(signals: [(name: Located<String>, metric: ScalingMetric)]) { self.signals = signals }

    /// Reads the autoscaler in the file at `path`, below `folder`.
    /// - Parameter signals: metrics' or triggers' names, and what is to be taken for them.
    /// - Throws: ``ScenarioError``, in the manifest or at its path.
    static func read(
        _ path: Located<String>, in folder: String, signals: [(name: Located<String>, metric: ScalingMetric)]
    ) throws -> (kind: AutoscalerSettings.Kind, policy: AutoscalerPolicy, manifest: AutoscalerManifest) {
        let (document, others) = try ManifestFile.autoscaler(path, in: folder)
        var reader = ManifestReader(signals: signals)
        reader.notes.unsimulated = others
        let map = try SettingMap(document, keys: ["apiVersion", "kind", "metadata", "spec", "status"])
        _ = map["kind"]
        reader.note("metadata", in: map)
        reader.note("status", in: map)
        try Self.checkRunning(document)
        let isScaledObject = document.manifestKind == ManifestFile.scaledObject
        try reader.check(map, version: isScaledObject ? "keda.sh/v1alpha1" : "autoscaling/v2")
        let spec = try map.required("spec")
        let (policy, bounds): (AutoscalerPolicy, ManifestBounds) =
            isScaledObject ? try reader.scaledObject(spec) : try reader.horizontalPodAutoscaler(spec)
        if let unused = signals.first(where: { !reader.usedSignals.contains($0.name.value) }) {
            throw unused.name.error(
                .unknownName, "no metric and no trigger of `\(path.value)` is called `\(unused.name.value)`")
        }
        let manifest = AutoscalerManifest(
            path: path, bounds: bounds, notes: reader.notes, statesWindow: reader.window != nil)
        return (isScaledObject ? .keda : .hpa, policy, manifest)
    }

    /// Annotations that switch KEDA off are no harmless metadata.
    private static func checkRunning(_ document: SettingNode) throws {
        guard case .map(let entries) = document.manifestEntry("metadata")?.manifestEntry("annotations")?.content,
            let paused = entries.first(where: { $0.key.hasPrefix("autoscaling.keda.sh/paused") })
        else { return }
        throw ScenarioError(
            .unsupported, "`\(paused.key)` is not simulated: remove it, or give the pool a fixed number of `replicas`",
            at: paused.keyPosition)
    }

    private func check(_ map: SettingMap, version: String) throws {
        let node = try map.required("apiVersion")
        let text = try node.string()
        guard text != version else { return }
        let convert =
            text.hasPrefix("autoscaling/") ? "; `kubectl get hpa.v2.autoscaling NAME -o yaml` writes one" : ""
        throw node.error(.unsupported, "`apiVersion` must be `\(version)`, not `\(text)`\(convert)")
    }

    /// Reads a key that has no effect on a simulation.
    mutating func note(_ key: String, in map: SettingMap, at path: String = "") {
        if map[key] != nil { notes.unsimulated.append(path + key) }
    }

    /// What a metric's name stands for.
    mutating func signal(_ name: Located<String>) throws -> MetricName.Meaning {
        if let own = signals.first(where: { $0.name.value == name.value }) {
            usedSignals.insert(name.value)
            return MetricName.Meaning(metric: own.metric, sort: .either, remark: "the scenario's `signals` say so")
        }
        if let known = MetricName.meaning(of: name.value) { return known }
        throw name.error(
            .unknownName, "`\(name.value)` is no metric that is simulated\(MetricName.advice(on: name.value))")
    }

    /// The scenario's own word on what a trigger stands for.
    mutating func signal(ofTrigger name: String) -> ScalingMetric? {
        guard let own = signals.first(where: { $0.name.value == name }) else { return nil }
        usedSignals.insert(name)
        return own.metric
    }
}

extension ScalingMetric {
    /// Whether it lies between 0 and 1.
    var isShare: Bool { self == .kvUse || self == .lateShare }
    /// Whether it is counted over time.
    var isRate: Bool { self == .requestsPerSecond || self == .tokensPerSecond }
}

extension SettingNode {
    /// What `metric` should be, as a Kubernetes quantity.
    func manifestTarget(of metric: ScalingMetric) throws -> Double {
        let value = try kubernetesNumber()
        guard value > 0 else { throw error(.outOfRange, "\(label) must be greater than 0, not \(shown)") }
        guard !metric.isShare || value <= 1 else {
            throw error(
                .outOfRange, "\(label) must be at most 1, not \(shown): `\(metric.rawValue)` is a share, 800m is 80 %")
        }
        return value
    }

    /// A quantity ≥ 0 as Kubernetes writes it: `10`, `"500m"`, `1.5k`.
    func kubernetesNumber() throws -> Double {
        guard let quantity = try quantity(.kubernetes), let value = quantity.double else {
            throw error(.wrongType, "\(label) must be \(Dimension.kubernetes.article), not \(shown)")
        }
        guard value >= 0 else { throw error(.outOfRange, "\(label) must not be negative, as in \(shown)") }
        return value
    }

    /// Whole seconds within `range`.
    func seconds(in range: ClosedRange<Int>) throws -> SimulatedDuration {
        .seconds(Int64(try integer(in: range)))
    }
}

extension Dimension {
    /// A bare number with an SI prefix, as Kubernetes' `resource.Quantity`.
    fileprivate static let kubernetes = Dimension(
        article: "a quantity such as `10` or `500m`",
        units: [
            Unit(names: ["m"], numerator: 1, denominator: 1_000), Unit(names: ["k"], numerator: 1_000),
            Unit(names: ["M"], numerator: 1_000_000), Unit(names: ["G"], numerator: 1_000_000_000),
            Unit(names: ["Ki"], numerator: 1 << 10), Unit(names: ["Mi"], numerator: 1 << 20),
            Unit(names: ["Gi"], numerator: 1 << 30),
        ], allowsPlainNumber: true)
}
