import Pricing
import Primitives
import SimulationCore
import Workloads

/// What must hold of any run in which machines come and go: nothing is lost but what is counted as lost.
struct MarketLaws {
    let world: MarketWorld
    let record: RunRecord
    let outcomes: [RequestOutcome]

    private var served: [RequestOutcome] { outcomes.filter { $0.failure == nil } }
    private typealias Law = (name: String, holds: Bool)

    var violations: [String] {
        (requestLaws + latencyLaws + groupLaws + ledgerLaws + machineLaws).filter { !$0.holds }.map(\.name)
    }

    private var requestLaws: [Law] {
        [
            ("every request ends once", outcomes.map(\.id).sorted() == world.requests.map(\.id).sorted()),
            ("offered = completed + failed", record.offered == record.completed + record.failed),
            ("completed counts the served", record.completed == UInt64(served.count)),
            (
                "failures count the failed",
                FailureReason.allCases.allSatisfy { reason in
                    record.failures[reason, default: 0] == UInt64(outcomes.filter { $0.failure == reason }.count)
                }
            ),
            (
                "output tokens are the served's",
                record.outputTokens == served.reduce(0) { $0 + UInt64($1.outputTokens) }
            ),
            ("failures are on the timeline", record.timeline.bins.reduce(0) { $0 + $1.failures } == record.failed),
            ("deadlines are kept", served.allSatisfy { keepsDeadline($0) }),
        ]
    }

    private func keepsDeadline(_ outcome: RequestOutcome) -> Bool {
        let index = Int(outcome.classIndex)
        guard index < world.fleet.clients.count, let deadline = world.fleet.clients[index].deadline else { return true }
        return outcome.e2e <= deadline
    }

    private func parts(_ outcome: RequestOutcome) -> [SimulatedDuration] {
        [outcome.network, outcome.coldStart, outcome.retry, outcome.queue, outcome.prefill, outcome.decode]
    }

    private var latencyLaws: [Law] {
        let split = record.split
        let sums = (0..<6).map { part in served.reduce(Int128(0)) { $0 + Int128(parts($1)[part].nanoseconds) } }
        return [
            ("the parts of a latency are its whole", served.allSatisfy { parts($0).reduce(.zero, +) == $0.e2e }),
            ("no part is negative", served.allSatisfy { parts($0).allSatisfy { $0 >= .zero } }),
            ("TTFT ≤ E2E", served.allSatisfy { $0.ttft > .zero && $0.ttft <= $0.e2e }),
            (
                "the split sums the parts",
                [split.network, split.coldStart, split.retry, split.queue, split.prefill, split.decode] == sums
            ),
            ("E2Es sum up", record.latency.e2e.total == split.total),
            ("attempts are counted", served.allSatisfy { $0.attempts >= 1 }),
        ]
    }

    private var groupLaws: [Law] {
        let pools = record.pools
        func total(_ field: (GroupRecord) -> UInt64, _ groups: [GroupRecord]) -> UInt64 {
            groups.reduce(0) { $0 + field($1) }
        }
        let regions = record.regions
        return [
            ("pools completed what was completed", total(\.completed, pools) == record.completed),
            ("copies end once", pools.allSatisfy { $0.offered >= $0.completed + $0.failed }),
            ("regions are offered what was offered", total(\.offered, regions) == record.offered),
            ("regions fail what failed", total(\.failed, regions) == record.failed),
            ("regions complete what was completed", total(\.completed, regions) == record.completed),
            ("closed pools serve nobody from there", served.allSatisfy { mayServe($0) }),
        ]
    }

    private func mayServe(_ outcome: RequestOutcome) -> Bool {
        let region = Int(outcome.regionIndex)
        guard region < world.fleet.users.count, let route = world.fleet.users[region].route else { return true }
        return route.tiers.contains { $0.contains(record.replicas[Int(outcome.replica)].pool) }
    }

    private var ledgerLaws: [Law] {
        let rentals = record.ledger.rentals
        let byInstance = Dictionary(grouping: rentals, by: \.instance)
        let busy = record.replicas.indices.reduce(Int128(0)) { sum, index in
            let pool = world.fleet.pools[record.replicas[index].pool]
            return sum + Int128(record.replicas[index].busy.nanoseconds) * Int128(pool.instancesPerReplica)
        }
        let billedBusy = rentals.reduce(Int128(0)) { $0 + Int128($1[.busy].nanoseconds) }
        return [
            ("the ledger balances", record.ledger.balances),
            (
                "rentals are in order",
                zip(rentals, rentals.dropFirst()).allSatisfy { ($0.start, $0.instance) <= ($1.start, $1.instance) }
            ),
            ("an instance is rented once at a time", byInstance.values.allSatisfy { apart($0) }),
            ("busy time is the replicas', but for drains", billedBusy <= busy),
            ("what goes on follows at once", byInstance.values.allSatisfy { resumptionsFollow($0) }),
            ("no host serves two machines at once", hostsAreApart),
            ("lost time is part of the busy time", rentals.allSatisfy { $0.lost >= .zero && $0.lost <= $0[.busy] }),
            ("nothing is rented beyond the end", rentals.allSatisfy { $0.end <= record.ledger.end }),
            ("tokens are the pools'", record.ledger.tokens.count == world.fleet.pools.count),
        ]
    }

    private func apart(_ rentals: [Rental]) -> Bool {
        zip(rentals, rentals.dropFirst()).allSatisfy { $0.end <= $1.start }
    }

    private func resumptionsFollow(_ rentals: [Rental]) -> Bool {
        zip(rentals, rentals.dropFirst()).allSatisfy { !$1.resumes || $0.end == $1.start }
            && rentals.first?.resumes != true
    }

    private var hostsAreApart: Bool {
        let rented = record.ledger.rentals.filter { $0.host != nil && $0.duration > .zero }
        let first = rented.filter { rental in rental.instance % world.fleet.pools[rental.pool].instancesPerReplica >= 0
        }
        let groups = Dictionary(grouping: first) { [$0.pool, $0.host?.host ?? -1] }
        return groups.values.allSatisfy { group in
            let pool = world.fleet.pools[group[0].pool]
            let single = pool.instancesPerReplica == 1
            return !single || apart(group.sorted { ($0.start, $0.end) < ($1.start, $1.end) })
        }
    }

    private var machineLaws: [Law] {
        let bins = record.timeline.bins
        let shown = bins.reduce(Int128(0)) {
            $0 + $1.provisioningTime + $1.loadingTime + $1.servingTime + $1.drainingTime + $1.heldTime
        }
        var rented = Int128(0)
        for rental in record.ledger.rentals {
            let instances = world.fleet.pools[rental.pool].instancesPerReplica
            // Every instance of a replica has a rental of its own.
            if (rental.instance - firstInstance(of: rental.pool)) % instances == 0 {
                rented += Int128(rental.duration.nanoseconds)
            }
        }
        return [
            ("the timeline shows what was rented", shown == rented),
            (
                "starts take their stages",
                record.starts.allSatisfy { !$0.succeeded || $0.at + $0.stages.total <= record.ledger.end }
            ),
            (
                "incidents are in order",
                zip(record.incidents, record.incidents.dropFirst()).allSatisfy { $0.at <= $1.at }
            ),
        ]
    }

    private func firstInstance(of pool: Int) -> Int {
        world.fleet.pools[..<pool].reduce(0) { $0 + $1.replicas * $1.instancesPerReplica }
    }
}
