import Primitives
import SimulationCore

extension AutoscalerSettings {
    /// Decodes `{manifest: FILE}`, and what no manifest says: it is the cluster's, or about the metrics' way.
    init(manifest node: SettingNode, in folder: String) throws {
        let map = try SettingMap(
            node,
            keys: [
                "manifest", "signals", "sync-period", "metrics-delay", "rate-window", "metrics-outages",
                "starting-replicas",
            ],
            refused: Dictionary(
                uniqueKeysWithValues: ["kind", "metric", "metrics", "triggers", "target", "scale-up", "scale-down"].map
                {
                    ($0, "belongs in the manifest")
                }))
        let signals = try map["signals"]?.namedEntries().map {
            (name: Located($0.key, at: $0.keyPosition), metric: try $0.value.choice(of: ScalingMetric.self))
        }
        let path = try map.required("manifest").name()
        let read = try ManifestReader.read(path, in: folder, signals: signals ?? [])
        (position, kind, manifest) = (node.position, read.kind, read.manifest)
        switch read.policy {
        case .hpa(var policy):
            try map.assign("starting-replicas", to: &policy.startingReplicas) {
                try $0.choice(among: [.notReady, .missing])
            }
            try map.assign("rate-window", to: &policy.rateWindow) { try $0.tick(upTo: .hours(1)) }
            try policy.readCluster(map)
            self.policy = .hpa(policy)
        case .keda(var policy):
            if !read.manifest.statesWindow {
                try map.assign("rate-window", to: &policy.rateWindow) { try $0.tick(upTo: .hours(1)) }
            }
            try policy.readCluster(map)
            self.policy = .keda(policy)
        case let other: policy = other
        }
        try map.finish(because: "on the manifest \(path.value), which is for \(kind.rawValue)")
    }
}

extension HPAPolicy {
    fileprivate mutating func readCluster(_ map: SettingMap) throws {
        try map.assign("sync-period", to: &syncPeriod) { try $0.tick() }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
        try map.assign("metrics-outages", to: &metricsOutages) { try $0.items().map { try $0.outage() } }
    }
}

extension KEDAPolicy {
    fileprivate mutating func readCluster(_ map: SettingMap) throws {
        try map.assign("sync-period", to: &syncPeriod) { try $0.tick() }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
        try map.assign("metrics-outages", to: &metricsOutages) { try $0.items().map { try $0.outage() } }
    }
}
