import Pricing
import Primitives
import SimulationCore
import Workloads

/// What must hold of any run, said without the engine: everything that goes in comes out, is counted once in every
/// account of it, and takes the time it says. ``violations`` is empty for a sound run.
struct ConservationChecker {
    let fleet: FleetConfiguration
    let requests: [Request]
    let record: RunRecord
    let outcomes: [RequestOutcome]

    private var served: [RequestOutcome] { outcomes.filter { $0.failure == nil } }

    var violations: [String] {
        (requestLaws + tokenLaws + outcomeLaws + latencyLaws + classLaws + timelineLaws + replicaLaws + ledgerLaws)
            .filter { !$0.holds }.map(\.name)
    }

    private typealias Law = (name: String, holds: Bool)

    private var requestLaws: [Law] {
        let offered = requests.map(\.id)
        let ended = outcomes.map(\.id).sorted()
        return [
            ("every request offered ends once", offered.sorted() == ended),
            ("offered = completed + failed", record.offered == record.completed + record.failed),
            ("offered counts the workload", record.offered == UInt64(requests.count)),
            ("completed counts the served", record.completed == UInt64(served.count)),
            ("failures by reason count the refused", failuresAgree),
            ("good counts those within their bounds", record.good == UInt64(served.filter(isGood).count)),
            ("first and last arrival are the workload's", arrivalsAgree),
        ]
    }

    private var failuresAgree: Bool {
        FailureReason.allCases.allSatisfy { reason in
            record.failures[reason, default: 0] == UInt64(outcomes.filter { $0.failure == reason }.count)
        }
    }

    private var arrivalsAgree: Bool {
        guard let first = requests.map(\.arrival).min(), let last = requests.map(\.arrival).max() else { return true }
        return record.firstArrival == first && record.lastArrival == last
    }

    private func isGood(_ outcome: RequestOutcome) -> Bool {
        let index = Int(outcome.classIndex)
        guard index < fleet.bounds.count else { return true }
        let bounds = fleet.bounds[index]
        func within(_ value: SimulatedDuration?, _ bound: SimulatedDuration?) -> Bool {
            guard let value, let bound else { return true }
            return value <= bound
        }
        return within(outcome.ttft, bounds.ttft) && within(outcome.tpot, bounds.tpot) && within(outcome.e2e, bounds.e2e)
    }

    private func sum(_ value: (RequestOutcome) -> Int64) -> Int128 { served.reduce(0) { $0 + Int128(value($1)) } }

    private var tokenLaws: [Law] {
        let byID = Dictionary(uniqueKeysWithValues: requests.map { ($0.id, $0) })
        return [
            ("input tokens are conserved", Int128(record.inputTokens) == sum { Int64($0.inputTokens) }),
            ("output tokens are conserved", Int128(record.outputTokens) == sum { Int64($0.outputTokens) }),
            ("cached tokens are the requests'", Int128(record.cachedTokens) == sum { Int64($0.cachedTokens) }),
            ("prefix queries cover the prompts", record.prefixQueries >= record.inputTokens),
            ("preemptions are the requests'", Int128(record.preemptions) == sum { Int64($0.preemptions) }),
            ("at least one prompt token is computed", served.allSatisfy { $0.cachedTokens < $0.inputTokens }),
            (
                "outcomes repeat their request",
                outcomes.allSatisfy {
                    byID[$0.id]?.inputTokens == $0.inputTokens && byID[$0.id]?.outputTokens == $0.outputTokens
                        && byID[$0.id]?.arrival == $0.arrival
                }
            ),
        ]
    }

    private var outcomeLaws: [Law] {
        [
            ("TTFT ≤ E2E", served.allSatisfy { $0.ttft <= $0.e2e }),
            ("one token: TTFT = E2E", served.allSatisfy { $0.outputTokens > 1 || $0.ttft == $0.e2e }),
            ("queue + network ≤ TTFT", served.allSatisfy { $0.queue + $0.network <= $0.ttft }),
            ("no time is negative", served.allSatisfy { $0.queue >= .zero && $0.network >= .zero }),
            ("the network is its delays", served.allSatisfy { $0.network == network(of: $0) }),
            ("the run ends with its last request", endAgrees),
        ]
    }

    private func network(of outcome: RequestOutcome) -> SimulatedDuration {
        let index = Int(outcome.classIndex)
        let ofClass = index < fleet.classDelays.count ? fleet.classDelays[index] : .zero
        return (ofClass + fleet.pools[record.replicas[Int(outcome.replica)].pool].oneWayDelay) * 2
    }

    private var endAgrees: Bool {
        guard let last = served.map({ $0.arrival + $0.e2e }).max() else { return true }
        return record.failed > 0 ? record.end >= last : record.end == last
    }

    private var latencyLaws: [Law] {
        let gaps = sum { Int64($0.outputTokens) - 1 }
        let decode = sum { ($0.e2e - $0.ttft).nanoseconds }
        let paced = served.compactMap { $0.tpot?.nanoseconds }
        return [
            ("one gap per token after the first", Int128(record.latency.itl.count) == gaps),
            ("the gaps fill the time after the first token", record.latency.itl.total == decode),
            ("TTFTs sum up", record.latency.ttft.total == sum { $0.ttft.nanoseconds }),
            ("E2Es sum up", record.latency.e2e.total == sum { $0.e2e.nanoseconds }),
            ("queue times sum up", record.latency.queue.total == sum { $0.queue.nanoseconds }),
            ("TPOTs sum up", record.latency.tpot.total == paced.reduce(Int128(0)) { $0 + Int128($1) }),
            ("TPOTs are counted", record.latency.tpot.count == UInt64(paced.count)),
            ("extremes are exact", record.latency.e2e.maximum == served.map(\.e2e.nanoseconds).max()),
        ]
    }

    private var classLaws: [Law] {
        let classes = record.classes
        func total(_ field: (ClassRecord) -> UInt64) -> UInt64 { classes.reduce(0) { $0 + field($1) } }
        let agree = classes.indices.allSatisfy { index in
            let members = outcomes.filter { Int($0.classIndex) == index }
            let done = members.filter { $0.failure == nil }
            return classes[index].offered == UInt64(members.count)
                && classes[index].completed == UInt64(done.count)
                && classes[index].good == UInt64(done.filter(isGood).count)
                && classes[index].ttft.total == done.reduce(Int128(0)) { $0 + Int128($1.ttft.nanoseconds) }
                && classes[index].e2e.count == UInt64(done.count)
        }
        return [
            ("classes are their members", agree),
            ("classes sum to offered", total(\.offered) == record.offered),
            ("classes sum to completed", total(\.completed) == record.completed),
            ("classes sum to failed", total(\.failed) == record.failed),
            ("classes sum to good", total(\.good) == record.good),
        ]
    }

    private var timelineLaws: [Law] {
        let bins = record.timeline.bins
        func count(_ field: (TimelineBin) -> UInt64) -> UInt64 { bins.reduce(0) { $0 + field($1) } }
        func time(_ field: (TimelineBin) -> Int128) -> Int128 { bins.reduce(0) { $0 + field($1) } }
        let busy = record.replicas.reduce(Int128(0)) { $0 + Int128($1.busy.nanoseconds) }
        return [
            ("timeline: arrivals", count(\.arrivals) == record.offered),
            ("timeline: completions", count(\.completions) == record.completed),
            ("timeline: good", count(\.good) == record.good),
            ("timeline: tokens", count(\.outputTokens) == record.outputTokens),
            ("timeline: waiting is queue time", time(\.waitingTime) == record.latency.queue.total),
            ("timeline: busy is the replicas'", time(\.busyTime) == busy),
            (
                "Little: time in the replicas is the integral of their number",
                time(\.waitingTime) + time(\.runningTime) == sum { ($0.e2e - $0.network).nanoseconds }
            ),
        ]
    }

    private var replicaLaws: [Law] {
        let replicas = record.replicas
        let perReplica = replicas.indices.allSatisfy { index in
            let mine = served.filter { Int($0.replica) == index }
            return replicas[index].completed == UInt64(mine.count)
                && Int64(replicas[index].preemptions) == mine.reduce(0) { $0 + Int64($1.preemptions) }
        }
        let withinLimits = replicas.allSatisfy { replica in
            let engine = fleet.pools[replica.pool].engine
            return replica.peakRunning <= engine.maxSequences && replica.peakBlocks <= replica.kvBlocks
                && replica.kvBlocks == engine.kvBlocks && replica.busy.nanoseconds <= record.end.nanoseconds
        }
        return [
            ("replicas served what they completed", perReplica),
            ("replicas keep to their limits", withinLimits),
            ("steps are the replicas'", record.steps == replicas.reduce(0) { $0 + $1.steps }),
            ("no more events than steps and deliveries allow", record.events <= record.steps + 3 * record.offered),
        ]
    }

    private var ledgerLaws: [Law] {
        var expected: [(pool: Int, busy: SimulatedDuration)] = []
        for replica in record.replicas {
            let instances = fleet.pools[replica.pool].instancesPerReplica
            expected += Array(repeating: (replica.pool, replica.busy), count: instances)
        }
        let rentals = record.ledger.rentals
        return [
            ("the ledger balances", record.ledger.balances),
            ("one rental per instance", rentals.count == expected.count),
            ("rentals' busy time is the replicas'", zip(rentals, expected).allSatisfy { $0[.busy] == $1.busy }),
            ("rentals belong to their pools", zip(rentals, expected).allSatisfy { $0.pool == $1.pool }),
            ("rentals cover the run", rentals.allSatisfy { $0.start == .start && $0.end == record.end }),
        ]
    }
}
