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

/// What a new machine of a replica downloads.
public struct StartupDownloads: Sendable, Equatable, Codable {
    /// Bytes of the container image.
    public var image: Int64
    /// Bytes of the weights, of all instances of the replica.
    public var weights: Int64

    public init(image: Int64 = 0, weights: Int64 = 0) {
        self.image = image
        self.weights = weights
    }
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
    /// What is downloaded in these stages: it counts as traffic, and takes longer on a host with a slower downlink.
    public var downloads = StartupDownloads()
    /// Machines that are kept when they are not needed, for a faster start; `nil` = every start is a new machine.
    public var kept: KeptMachines?
    /// What happens to the requests on a replica that is scaled down.
    public var drain: DrainPolicy

    public init(
        policy: AutoscalerPolicy, minimum: Int, maximum: Int, initial: Int, startup: StartupStages,
        kept: KeptMachines? = nil, drain: DrainPolicy = .wait(limit: nil)
    ) {
        self.policy = policy
        self.minimum = minimum
        self.maximum = maximum
        self.initial = initial
        self.startup = startup
        self.kept = kept
        self.drain = drain
    }
}

/// Machines that are held back when the load falls. At the run's start as many are as the limit and the pool's maximum
/// allow; one that is started is not replaced until the load falls again.
public struct KeptMachines: Sendable, Equatable, Codable {
    public enum Mode: String, Sendable, Codable, CaseIterable {
        /// Stopped, its disk (image and weights) kept and paid for.
        case stopped
        /// Running with the weights in host memory, and paid for like a serving one: a warm pool.
        case warm
    }
    public var mode: Mode
    /// Most that are kept at once; what is beyond is given back.
    public var limit: Int
    /// What starting a kept machine takes: the stages its caches do not spare it.
    public var startup: StartupStages

    public init(mode: Mode, limit: Int, startup: StartupStages) {
        self.mode = mode
        self.limit = limit
        self.startup = startup
    }
}

/// What happens to the requests on a replica that is scaled down.
public enum DrainPolicy: Sendable, Equatable, Codable {
    /// They are finished; what is left after `limit` meets the pool's ``InFlightFate``.
    case wait(limit: SimulatedDuration?)
    /// Those that wait are sent to other replicas at once; those that run are finished, within `limit`.
    case redirect(limit: SimulatedDuration?)
    /// They meet the pool's ``InFlightFate`` at once.
    case kill
}
