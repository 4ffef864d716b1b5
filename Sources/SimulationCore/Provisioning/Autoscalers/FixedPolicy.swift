public import Primitives

/// Always the same number of replicas: what is lost is replaced, nothing else happens.
public struct FixedPolicy: Sendable, Equatable, Codable {
    /// Wanted throughout.
    public var replicas: Int
    /// Time between looks, and so the longest until a loss is noticed. Default 10 s, SkyServe's probe interval and the
    /// default `periodSeconds` of a Kubernetes probe.
    public var period: SimulatedDuration

    public init(replicas: Int, period: SimulatedDuration = .seconds(10)) {
        self.replicas = replicas
        self.period = period
    }
}

struct FixedController: ReplicaController {
    let policy: FixedPolicy
    var period: SimulatedDuration { policy.period }
    mutating func decide(_ signals: PoolSignals) -> Int { policy.replicas }
}
