public import SimulationCore
import Synchronization

/// Which run of a scenario something belongs to.
public struct RunIdentity: Sendable, Equatable {
    /// The scenario's name.
    public var scenario: String
    /// The strategy's name.
    public var strategy: String
    /// From 0.
    public var replication: Int
    /// Seed of the replication.
    public var seed: UInt64
    /// Names behind ``RequestOutcome/classIndex`` and ``RequestOutcome/regionIndex``.
    public var classes: [String]
    /// Names behind ``RequestOutcome/regionIndex``.
    public var regions: [String]
    /// Pool of each replica, by ``RequestOutcome/replica``.
    public var replicaPools: [String]
}

/// Takes the per-request outcomes of one run, in order of completion. Used by one thread.
public protocol OutcomeSink: AnyObject {
    /// Takes outcomes; an error stops all runs and is thrown by ``ResolvedScenario/run(_:)``.
    func record(_ outcomes: [RequestOutcome]) throws
    /// The run has ended well; nothing follows. Not called for a run that was stopped or failed.
    func finish() throws
}

/// How far the runs have come. What is finished never falls.
public struct RunProgress: Sendable, Equatable {
    /// Runs that have ended.
    public var runsFinished: Int
    /// Runs in all.
    public var runs: Int
    /// Requests finished over all runs so far.
    public var requests: UInt64
    /// Requests expected over all runs: where the workload's length is not known, a guess from how much of its trace
    /// has been read; `nil` where there is nothing to guess from.
    public var expectedRequests: UInt64?
}

/// Lets another thread, or a signal handler's queue, stop runs.
public final class CancellationFlag: Sendable {
    private let value = Atomic<Bool>(false)
    /// A flag that is not raised.
    public init() {}
    /// Asks the runs to stop; they throw ``RunError/cancelled`` soon after.
    public func cancel() { value.store(true, ordering: .relaxed) }
    /// Whether ``cancel()`` has been called.
    public var isCancelled: Bool { value.load(ordering: .relaxed) }
}

/// Why a scenario's runs ended without a result, besides what a workload's file or a sink throws.
public enum RunError: Error, Sendable, Equatable, CustomStringConvertible {
    case cancelled
    /// No run met a request: it would cost nothing and meet every target, which is no answer.
    case noRequests(scenario: String)
    /// The simulation could not go on.
    case simulation(strategy: String, reason: String)

    /// One sentence.
    public var description: String {
        switch self {
        case .cancelled: "stopped before the end; nothing was written"
        case .noRequests(let scenario): "the workload of `\(scenario)` has no requests; nothing was written"
        case .simulation(let strategy, let reason): "the run of `\(strategy)` failed: \(reason)"
        }
    }
}

/// How a scenario's runs are carried out. None of it changes a result.
public struct RunOptions: Sendable {
    /// Runs carried out at the same time, ≥ 1.
    public var threads: Int
    /// Leaping or single steps; equal results.
    public var stepping: SimulationOptions.Stepping
    /// Raise it to stop the runs.
    public var cancellation: CancellationFlag
    /// Called now and then, by one thread at a time.
    public var progress: (@Sendable (RunProgress) -> Void)?
    /// Makes the taker of a run's outcomes; `nil` result = not wanted for that run.
    public var outcomes: (@Sendable (RunIdentity) throws -> (any OutcomeSink)?)?

    /// Sequential, silent runs unless said otherwise.
    public init(
        threads: Int = 1, stepping: SimulationOptions.Stepping = .leaping,
        cancellation: CancellationFlag = CancellationFlag(), progress: (@Sendable (RunProgress) -> Void)? = nil,
        outcomes: (@Sendable (RunIdentity) throws -> (any OutcomeSink)?)? = nil
    ) {
        self.threads = max(1, threads)
        self.stepping = stepping
        self.cancellation = cancellation
        self.progress = progress
        self.outcomes = outcomes
    }
}
