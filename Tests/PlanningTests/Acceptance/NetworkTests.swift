import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Acceptance: output delivery, edge, and geography.
@Suite struct NetworkTests {
    private let random = """
        {synthetic: {arrivals: {process: gamma, cv: 2, rate: 6 /s},
          lengths: {input: {log-normal: {median: 300, sigma: 0.7, to: 3000}}, output: {geometric: {mean: 40}}}, requests: 250}}
        """

    /// People at home, so far from two regions, and machines in one of them.
    private func trial(
        _ region: String = "us-east-1", east: Int = 40, union: Int = 10, workload: String? = nil
    ) throws -> Trial {
        try Trial(
            scenarioText(
                workload: workload ?? random,
                pools: "[{device: L40S, price: 1 $/h, region: \(region)}]",
                more: """
                    users: [{region: people, at: home}]
                    regions:
                      home: {latitude: 40, longitude: 0, rtt: {us-east-1: \(east) ms, eu-central-1: \(union) ms}}
                    """))
    }

    @Test(
        """
        Output delivery: doubling a client's RTT raises its measured TTFT by at least one RTT/2 and leaves server-side \
        step times unchanged
        """)
    func twiceTheRoundTrip() throws {
        let (near, far) = (try trial(east: 40), try trial(east: 80))
        #expect(near.outcomes().count == 250)
        for (a, b) in zip(near.outcomes(), far.outcomes()) {
            // There and back: a whole round trip of the first kind.
            #expect(b.ttft - a.ttft == .milliseconds(40) && b.e2e - a.e2e == .milliseconds(40))
            #expect(a.network == .milliseconds(40) && b.network == .milliseconds(80))
            #expect(a.queue == b.queue && a.prefill == b.prefill && a.decode == b.decode)
        }
        let (one, other) = (near.record(), far.record())
        #expect(one.replicas == other.replicas && one.steps == other.steps && one.latency.itl == other.latency.itl)
    }

    @Test(
        """
        Geography: users in regions and machines in regions are joined by an RTT matrix, and moving the fleet nearer to \
        users lowers network share of latency by the RTT difference exactly
        """)
    func nearerByTheDifference() throws {
        let (far, near) = (try trial("us-east-1", east: 90, union: 10), try trial("eu-central-1", east: 90, union: 10))
        for (a, b) in zip(far.outcomes(), near.outcomes()) {
            #expect(a.network - b.network == .milliseconds(80) && a.e2e - b.e2e == .milliseconds(80))
        }
        #expect(far.record().split.network - near.record().split.network == 250 * 80_000_000)
        #expect(
            far.account().latency?.network == .milliseconds(90) && near.account().latency?.network == .milliseconds(10))
        #expect(far.record().split.decode == near.record().split.decode)
        #expect(far.record().regions.map(\.completed) == [250])
    }

    @Test("Geography: egress is charged by the crossed boundary")
    func egressByBoundary() throws {
        // Google has no free allowance: 35 bytes a token, at 0.12 $/GB to the internet; what comes in is free.
        let trial = try Trial(
            scenarioText(
                workload: constant(requests: 90), pools: "[{offer: gcp/g2-standard-4/us-central1, replicas: 2}]"))
        let line = try #require(trial.lines(.egress).first)
        #expect(trial.lines(.egress).count == 1 && trial.lines(.ingress).isEmpty)
        #expect(line.nanoQuantity == 90 * 60 * 35 && line.contractedUnitPrice == Money(dollars: 0.12))
        #expect(line.billedCost == Money(dollars: 0.12).scaled(by: 90 * 60 * 35, over: 1_000_000_000))
        // Keys and values that leave a reclaimed machine cross to another zone, at 0.02 $/GB on AWS.
        let moved = try spotThatMoves(zones: "us-east-1a, us-east-1b")
        #expect(moved.rentals().reduce(0) { $0 + $1.traffic[.interZone] } > 0)
        let zonal = moved.lines(.egress).filter { $0.description == "sent to other zones" }
        #expect(zonal.map(\.contractedUnitPrice) == [Money(dollars: 0.02)])
        #expect(zonal.map(\.nanoQuantity) == [moved.rentals().reduce(0) { $0 + $1.traffic[.interZone] }])
        // Within one zone they cross nothing.
        let still = try spotThatMoves(zones: "us-east-1a")
        #expect(still.rentals().allSatisfy { $0.traffic[.interZone] == 0 })
        #expect(still.lines(.egress).allSatisfy { $0.description != "sent to other zones" })
    }

    private func spotThatMoves(zones: String) throws -> Trial {
        try Trial(
            scenarioText(
                workload: constant(rate: "4 /s", output: 200, requests: 1_200),
                pools: """
                    [{offer: aws/g6e.xlarge/us-east-1, terms: spot, replicas: 4, zones: [\(zones)], fate: {migrate: 100 Gbit/s},
                      start: {provision: 10 s, image-pull: 0 s}, spot: {reclaims: 30 /h, notice: 2 min, price: fixed}}]
                    """))
    }

    private func residence(_ pools: String) throws -> Trial {
        try Trial(
            scenarioText(
                workload: constant(rate: "3 /s", requests: 120), pools: pools,
                more: """
                    users:
                      - {region: union, at: eu-central-1, share: 1, residency: eu}
                      - {region: elsewhere, at: us-east-1, share: 2}
                    """))
    }

    @Test("Geography: residency rules forbid placements")
    func residencyForbids() throws {
        let here = "{name: here, offer: aws/g6e.xlarge/eu-central-1}"
        let there = "{name: there, offer: aws/g6e.xlarge/us-east-1, replicas: 3}"
        let trial = try residence("[\(there), \(here)]")
        let union = trial.outcomes().filter { $0.regionIndex == 0 }
        #expect(union.count > 20 && union.allSatisfy { $0.replica == 3 && $0.failure == nil })
        #expect(trial.outcomes().contains { $0.regionIndex == 1 && $0.replica < 3 })
        let refusal = scenarioError { _ = try residence("[\(there)]") }
        #expect(refusal?.kind == .conflict)
        #expect(refusal?.message == "no pool of `a` is in `eu`, where users in `union` must be served")
    }

    @Test(
        """
        Edge: requests served at the edge pay edge RTT and edge device speed, overflow beyond edge capacity goes to the \
        cloud and pays cloud RTT, and the report shows the share, latency and cost of both paths
        """)
    func edgeFirst() throws {
        let trial = try Trial(
            scenarioText(
                workload: random,
                pools: """
                    [{name: edge, device: L4, price: 0.3 $/h, region: branch},
                     {name: cloud, offer: aws/g6e.xlarge/us-east-1, replicas: 6}]
                    """,
                more: """
                    users: [{region: people, at: branch}]
                    regions: {branch: {latitude: 48, longitude: 11, rtt: {branch: 4 ms, us-east-1: 100 ms}}}
                    """
            ).replacingOccurrences(of: "name: a\n", with: "name: a\n    routing: {policy: nearest, spill-at: 4}\n"))
        let (edge, cloud) = (trial.outcomes().filter { $0.replica == 0 }, trial.outcomes().filter { $0.replica > 0 })
        #expect(edge.count > 25 && cloud.count > 25 && edge.count + cloud.count == 250)
        #expect(
            edge.allSatisfy { $0.network == .milliseconds(4) } && cloud.allSatisfy { $0.network == .milliseconds(100) })
        // An L4 has a third of the memory bandwidth of an L40S.
        let slow = edge.compactMap(\.tpot).map(\.seconds).min() ?? 0
        let fast = cloud.compactMap(\.tpot).map(\.seconds).min() ?? 1
        #expect(slow > 2 * fast, "\(slow) s against \(fast) s")
        let pools = trial.record().pools
        #expect(pools.map(\.name) == ["edge", "cloud"])
        #expect(pools.map(\.completed) == [UInt64(edge.count), UInt64(cloud.count)])
        for (pool, own) in zip(pools, [edge, cloud]) {
            #expect(pool.e2e.count == UInt64(own.count))
            #expect(pool.e2e.total == own.reduce(Int128(0)) { $0 + Int128($1.e2e.nanoseconds) })
        }
        let bill = trial.bill()
        #expect(bill.poolSplits.count == 2 && bill.poolSplits.allSatisfy { $0.total > .zero })
        #expect(bill.poolSplits[0].total + bill.poolSplits[1].total == trial.run().metrics.cost)
        // Never beyond the edge's capacity: at most four there at once.
        let changes = edge.flatMap {
            [($0.arrival.nanoseconds, 1), (($0.arrival + $0.e2e).nanoseconds - 4_000_000, -1)]
        }
        let most = changes.sorted { $0 < $1 }.reduce(into: (0, 0)) { $0 = ($0.0 + $1.1, max($0.1, $0.0 + $1.1)) }.1
        #expect(most <= 4, "\(most) at the edge")
    }
}
