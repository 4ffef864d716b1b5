import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// With every fault and market process switched off, results equal those of the plain fleet, byte for byte.
@Suite struct NeutralMarketTests {
    private let workload = """
        {synthetic: {arrivals: {process: gamma, cv: 2, rate: 7 /s},
          lengths: {input: {log-normal: {median: 300, sigma: 0.7, to: 3000}}, output: {geometric: {mean: 40}}},
          prefix: {groups: 3, tokens: 400}, requests: 400, classes: {a: {}, b: {}}}}
        """

    private func trial(_ pool: String = "", more: String = "", router: String = "least-outstanding") throws -> Trial {
        try Trial(
            scenarioText(
                workload: workload,
                pools: "[{offer: aws/g6e.xlarge/us-east-1, replicas: 3, zones: [here, there]\(pool)}]",
                more: "slo: {ttft: {p99: 1 s}, e2e: {p95: 4 s}}\n\(more)"
            ).replacingOccurrences(of: "name: a\n", with: "name: a\n    router: \(router)\n"))
    }

    /// Everything but how many events it took.
    private func expectEqual(_ trial: Trial, _ plain: Trial, _ comment: Comment) {
        #expect(trial.outcomes() == plain.outcomes(), comment)
        var record = trial.record()
        record.events = plain.record().events
        #expect(record.fingerprint == plain.record().fingerprint, comment)
        #expect(record.timeline == plain.record().timeline, comment)
        #expect(record.ledger == plain.record().ledger, comment)
        #expect(record.latency == plain.record().latency && record.split == plain.record().split, comment)
        #expect(record == plain.record(), comment)
        #expect(trial.run().invoice == plain.run().invoice, comment)
        #expect(trial.run().metrics == plain.run().metrics, comment)
    }

    @Test(arguments: [
        ", capacity: {depth: 1000}",
        ", capacity: {depth: 1000, launch-success: 100 %, availability: always, retry: 1 h}",
        ", reliability: {mtbf: 1000000 h}",
        ", reliability: {mtbf: 1000000 h}, fate: resumed",
    ])
    func poolsThatLoseNothing(pool: String) throws {
        expectEqual(try trial(pool), try trial(), "\(pool)")
    }

    @Test(arguments: [
        "clients: {timeout: {first-token: 24 h, deadline: 24 h}}",
        "clients: {retry: {attempts: 3}}", "clients: {queue-limit: 1000000}",
        "clients: {rate-limit: {rate: 100000 /s, burst: 1000000}}", "clients: {hedge: {after: 24 h}}",
        "classes: {b: {clients: {timeout: {deadline: 24 h}, retry: {attempts: 2, jitter: 1}}}}",
        "outages: [{zone: here, from: 100 h, for: 1 h}]", "outages: [{region: us-east-1, from: 100 h, for: 1 h}]",
    ])
    func clientsAndPlacesWithoutTrouble(more: String) throws {
        for router in ["least-outstanding", "random", "prefix-aware"] {
            expectEqual(try trial(more: more, router: router), try trial(router: router), "\(more), \(router)")
        }
    }

    /// Another price, and so another bill; the service is the same.
    @Test func interruptionsNoneIsThePlainFleet() throws {
        let plain = try trial(", price: 0.7 $/h")
        let spot = try trial(", terms: spot, interruptions: none, price: 0.7 $/h")
        let lossless = try trial(", terms: spot, price: 0.7 $/h, spot: {availability: always, price: fixed}")
        for other in [spot, lossless] {
            #expect(other.outcomes() == plain.outcomes())
            #expect(other.record().ledger == plain.record().ledger)
            #expect(other.run().metrics == plain.run().metrics)
            #expect(other.run().invoice.lines.map(\.billedCost) == plain.run().invoice.lines.map(\.billedCost))
        }
    }

    /// Users beside the machines are no users at all.
    @Test func usersOnTheSpotAreBesideTheMachines() throws {
        let plain = try trial()
        let users =
            "users: [{region: people, at: home}]\nregions: {home: {latitude: 0, longitude: 0, rtt: {us-east-1: 0}}}"
        let near = try trial(more: users)
        #expect(near.outcomes() == plain.outcomes() && near.run().invoice == plain.run().invoice)
        #expect(near.run().metrics == plain.run().metrics)
    }
}
