public import Primitives

/// What a replica goes through between being asked for and serving, in order. Nothing is served before the last stage
/// has ended.
public struct StartupStages: Sendable, Equatable, Codable {
    /// The machine is found and booted.
    public var provision: SimulatedDuration
    /// The container image arrives.
    public var imagePull: SimulatedDuration
    /// The weights arrive in device memory.
    public var weightLoad: SimulatedDuration
    /// Kernels are compiled and graphs captured.
    public var compile: SimulatedDuration
    /// The first requests of its own.
    public var warmUp: SimulatedDuration

    public init(
        provision: SimulatedDuration, imagePull: SimulatedDuration = .zero, weightLoad: SimulatedDuration = .zero,
        compile: SimulatedDuration = .zero, warmUp: SimulatedDuration = .zero
    ) {
        self.provision = provision
        self.imagePull = imagePull
        self.weightLoad = weightLoad
        self.compile = compile
        self.warmUp = warmUp
    }

    /// From being asked for to serving.
    public var total: SimulatedDuration { provision + loading }
    /// All stages on the machine: what the ledger calls loading.
    public var loading: SimulatedDuration { imagePull + weightLoad + compile + warmUp }
}

/// How a pool's number of replicas follows its load.
public struct PoolScaling: Sendable, Equatable {
    public var policy: AutoscalerPolicy
    /// Fewest replicas, ≥ 0.
    public var minimum: Int
    /// Most replicas, ≥ 1 and ≥ `minimum`.
    public var maximum: Int
    /// Replicas that serve from the start, in `minimum ... maximum`.
    public var initial: Int
    public var startup: StartupStages

    public init(policy: AutoscalerPolicy, minimum: Int, maximum: Int, initial: Int, startup: StartupStages) {
        self.policy = policy
        self.minimum = minimum
        self.maximum = maximum
        self.initial = initial
        self.startup = startup
    }
}
