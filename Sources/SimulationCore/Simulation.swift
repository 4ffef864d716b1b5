public import Primitives
public import Workloads

/// How a run is carried out.
public struct SimulationOptions: Sendable {
    /// Whether decode runs are advanced in closed form or one engine step at a time. The results are identical;
    /// `single` exists for the differential test and to measure the gain.
    public enum Stepping: String, Sendable, Codable, CaseIterable { case leaping, single }

    public var seed: UInt64
    public var stepping: Stepping
    public init(seed: UInt64 = 1, stepping: Stepping = .leaping) {
        self.seed = seed
        self.stepping = stepping
    }
}

/// What a run tells its caller while it goes on. Called on the run's own thread, every few thousand requests.
public protocol RunObserver: AnyObject {
    /// Requests finished since the last call (empty unless `wantsOutcomes`).
    func finished(_ outcomes: [RequestOutcome])
    /// Progress so far; returning `false` stops the run with ``SimulationError/cancelled``.
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool
    /// Whether per-request outcomes should be collected.
    var wantsOutcomes: Bool { get }
}

/// Why a run could not be carried out.
public enum SimulationError: Error, Equatable {
    case cancelled
    case unsortedArrival(request: UInt64)
    case emptyFleet
}

/// One run: a fleet against a workload. Consumed by ``run()``.
public struct Simulation: ~Copyable {
    let fleet: FleetConfiguration
    let source: any RequestSource
    let options: SimulationOptions
    let observer: (any RunObserver)?

    public init(
        fleet: FleetConfiguration, source: any RequestSource, options: SimulationOptions = .init(),
        observer: (any RunObserver)? = nil
    ) {
        self.fleet = fleet
        self.source = source
        self.options = options
        self.observer = observer
    }

    /// Replays the source to its end and until the last request is answered.
    /// - Throws: ``SimulationError``, or what the source throws.
    public consuming func run() throws -> RunRecord {
        throw SimulationError.emptyFleet
    }
}
