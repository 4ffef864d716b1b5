import PerformanceModel
import Primitives
import Workloads

@testable import SimulationCore

/// What a trial can tell an engine and ask of it: the engine under test, leaping or stepping, or the plain one.
protocol TrialEngine: AnyObject {
    var wakeTime: Int64 { get }
    /// Settable while idle.
    var slowdown: Double { get set }
    var isEmpty: Bool { get }
    func accepts(_ request: Request) -> Bool
    func deliver(_ request: Request, at now: Int64, resuming progress: Progress?, afterSteps: Bool)
    func wake(at now: Int64)
    func withdraw(_ id: UInt64, at now: Int64) -> Withdrawal?
    func withdrawWaiting(at now: Int64) -> [Withdrawal]
    func evacuate(at now: Int64) -> [Withdrawal]
    func progress(of id: UInt64, at now: Int64) -> Progress?
    func watch(_ id: UInt64)
    func takeFirstTokens() -> [UInt64]
    func takeFinished() -> [Finish]
    /// The request was given up: its content may be replaced by another's.
    func forget(_ request: Request)
}

/// A request that an engine finished.
struct Finish: Equatable {
    var id: UInt64
    var scheduled: Int64
    var first: Int64
    var last: Int64
    var cached: Int
    var preemptions: Int
}

/// The engine under test, with a recorder of its own.
final class ReplicaOnTrial: TrialEngine {
    var replica: Replica
    var recorder: Recorder
    private let contents: PromptContentStore
    /// Tokens that came along with each request delivered, and with those that were finished.
    private var carried: [UInt64: Int] = [:]
    private(set) var carriedToTheEnd = 0

    init(_ fleet: FleetConfiguration, source: any RequestSource, stepping: SimulationOptions.Stepping) {
        contents = source.contents
        recorder = Recorder(fleet: fleet, source: source, keepsOutcomes: true)
        replica = Replica(index: 0, pool: 0, configuration: fleet.pools[0], stepping: stepping, source: source)
    }

    var wakeTime: Int64 { replica.wakeTime }
    var slowdown: Double {
        get { replica.slowdown }
        set { replica.slowdown = newValue }
    }
    var isEmpty: Bool {
        replica.wakeTime == .max && replica.table.count == 0 && replica.waiting.isEmpty && replica.kv.used == 0
            && replica.decoding == 0 && replica.context == 0 && replica.partials == 0 && replica.leaving.isEmpty
            && (0..<replica.engine.blockSize).allSatisfy { replica.residues[$0] == 0 }
    }
    func accepts(_ request: Request) -> Bool { replica.refusal(of: request) == nil }
    func deliver(_ request: Request, at now: Int64, resuming progress: Progress?, afterSteps: Bool) {
        carried[request.id] = 0
        if let progress {
            carried[request.id] = Int(min(progress.cached, request.inputTokens + progress.generated - 1))
            replica.deliver(request, at: now, resuming: progress, afterSteps: afterSteps)
        } else {
            replica.deliver(request, at: now, afterSteps: afterSteps)
        }
    }
    func wake(at now: Int64) { replica.wake(at: now, &recorder) }
    func withdraw(_ id: UInt64, at now: Int64) -> Withdrawal? { replica.withdraw(id, at: now, &recorder) }
    func withdrawWaiting(at now: Int64) -> [Withdrawal] { replica.withdrawWaiting(at: now) }
    func evacuate(at now: Int64) -> [Withdrawal] { replica.evacuate(at: now, &recorder) }
    func progress(of id: UInt64, at now: Int64) -> Progress? { replica.progress(of: id, at: now) }
    func watch(_ id: UInt64) { replica.watch(id) }
    func takeFirstTokens() -> [UInt64] {
        defer { replica.firstTokens.removeAll() }
        return replica.firstTokens
    }
    func forget(_ request: Request) {
        guard !request.content.isUnique else { return }
        contents.release(request.content)
        let other = contents.insert([PromptSegment(key: 999, tokens: 9_999)], outputContinuesLastSegment: true)
        precondition(other == request.content, "the place is taken again at once")
    }
    func takeFinished() -> [Finish] {
        recorder.takeOutcomes().map { outcome in
            carriedToTheEnd += carried[outcome.id, default: 0]
            let arrival = outcome.arrival.nanoseconds
            return Finish(
                id: outcome.id, scheduled: arrival + (outcome.coldStart + outcome.queue).nanoseconds,
                first: arrival + outcome.ttft.nanoseconds, last: arrival + outcome.e2e.nanoseconds,
                cached: Int(outcome.cachedTokens), preemptions: Int(outcome.preemptions))
        }
    }
}

/// The plain engine.
final class ReferenceOnTrial: TrialEngine {
    private var reference: ReferenceEngine
    private let fleet: FleetConfiguration
    private var watched: Set<UInt64> = []

    var wakeTime: Int64 { reference.wakeTime }
    var slowdown: Double {
        get { reference.slowdown }
        set { reference.slowdown = newValue }
    }
    var isEmpty: Bool { reference.isEmpty }

    init(_ fleet: FleetConfiguration, world: RandomWorld) {
        let pool = fleet.pools[0]
        self.fleet = fleet
        reference = ReferenceEngine(engine: pool.engine, cost: pool.stepCost) { world.token($0, $1) }
    }

    func accepts(_ request: Request) -> Bool {
        ReplicaOnTrial(fleet, source: ListSource([]), stepping: .leaping).accepts(request)
    }
    func deliver(_ request: Request, at now: Int64, resuming progress: Progress?, afterSteps: Bool) {
        reference.deliver(request, at: now, resuming: progress)
    }
    func wake(at now: Int64) { reference.wake(at: now) }
    func withdraw(_ id: UInt64, at now: Int64) -> Withdrawal? {
        let left = reference.withdraw(id, at: now)
        if left != nil { watched.remove(id) }
        return left
    }
    func withdrawWaiting(at now: Int64) -> [Withdrawal] {
        let left = reference.withdrawWaiting()
        for one in left { watched.remove(one.request.id) }
        return left
    }
    func evacuate(at now: Int64) -> [Withdrawal] {
        watched = []
        return reference.evacuate()
    }
    func progress(of id: UInt64, at now: Int64) -> Progress? { reference.progress(of: id) }
    func watch(_ id: UInt64) { watched.insert(id) }
    func takeFirstTokens() -> [UInt64] { reference.takeFirstTokens().filter { watched.remove($0) != nil } }
    func takeFinished() -> [Finish] { reference.takeFinished() }
    func forget(_ request: Request) {}
}
