import Foundation
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The plan against Mélange's integer programme on the same GPUs: whole GPUs at the least price whose throughputs,
/// load by load, cover a steady rate.
@Suite struct MelangeTests {
    private static let offers = [
        "aws/g6e.xlarge/us-east-1", "aws/g6.xlarge/us-east-1", "aws/g5.xlarge/us-east-1",
        "gcp/a2-ultragpu-1g/us-central1",
    ]

    /// The least price per hour of GPU counts that cover the load.
    ///
    /// One bucket: requests of one mix. So a count vector is enough where Σ count · throughput ≥ rate, and the programme
    /// is solved by going through all of them.
    private static func integerProgramme(
        rate: Double, throughput: [Double], price: [Double]
    ) -> (counts: [Int], price: Double) {
        var best: (counts: [Int], price: Double) = ([], .infinity)
        func extend(_ counts: [Int], _ left: Double, _ cost: Double) {
            guard cost < best.price else { return }
            if left <= 0 { return best = (counts + Array(repeating: 0, count: price.count - counts.count), cost) }
            guard counts.count < price.count else { return }
            let index = counts.count
            for count in 0...Int((left / throughput[index]).rounded(.up)) {
                extend(counts + [count], left - Double(count) * throughput[index], cost + Double(count) * price[index])
            }
        }
        extend([], rate, 0)
        return best
    }

    @Test func theProgrammeIsSolved() {
        let solved = Self.integerProgramme(rate: 10, throughput: [4, 3, 1], price: [4, 2.5, 1.1])
        #expect(solved.counts == [0, 3, 1])
        #expect(abs(solved.price - 8.6) < 1e-12)
    }

    private func text(_ workload: String, _ plan: String, more: String = "") -> String {
        "version: 1\nname: melange\nworkload: \(workload)\nmodel: llama-3.1-8b\nprecision: bf16\n"
            + "slo: {ttft: {p99: 2 s}, tpot: {p99: 100 ms}}\n\(plan)\n\(more)"
    }

    /// The rate at which one GPU meets the SLO, by bisection on the same requests closer together: the throughput table.
    private func throughput(_ offer: String, _ workload: String) throws -> Double {
        let strategies = "strategies: [{name: one, pools: [{offer: \(offer)}]}]"
        let scenario = try scenario(text(workload, strategies)).resolved()
        return try #require(try scenario.capacities().first?.rate).mean
    }

    private func check(_ workload: String, rate: Double) throws {
        let table = try Self.offers.map { try throughput($0, workload) }
        let list = "plan: {offers: [\(Self.offers.joined(separator: ", "))], replicas: {max: 24}, replications: 1, "
        let found = try scenario(text(workload, list + "runners-up: 0}")).plan(PlanOptions(threads: 2))
        let winner = try #require(found.winner)
        let resolver = try StrategyResolver(try scenario(text(workload, list + "runners-up: 0}")))
        let plan = try #require(resolver.scenario.plan)
        let prices = try Self.offers.indices.map { index in
            let one = plan.candidate(
                FleetShape(variants: [index], router: "least-outstanding"), index: 0, counts: [1])
            return try resolver.resolve(one.node).costPerHour.dollars
        }
        let programme = Self.integerProgramme(rate: rate, throughput: table, price: prices)
        #expect(
            winner.costPerHour.mean <= programme.price * 1.001,
            "\(winner.name) at \(winner.costPerHour.mean) $/h, the programme \(programme.counts) at \(programme.price)")
        #expect(winner.meetsSLO)
        #expect(found.certificate.dollars <= winner.cost.mean)
    }

    /// Steady arrivals with the lengths of the Azure conversation trace itself.
    @Test(.enabled(if: sharedFolder != nil, "needs real traces: set ISOCOST_SHARED to the folder that has data/traces"))
    func noDearerThanTheProgrammeOnTheTracesLengths() throws {
        let trace = try #require(sharedFolder).appendingPathComponent("data/traces/azure-2023-conv.csv").path
        try check(
            "{trace: {path: \(trace), format: azure-llm}, scale: {resample: {arrivals: {rate: 18 /s}, duration: 6 min}}}",
            rate: 18)
    }

    /// Steady arrivals with the published lengths of the Azure conversation trace.
    @Test func noDearerThanTheProgrammeOnThePresetsLengths() throws {
        let rate = 18.0
        try check("{preset: azure-conv-2023, scale: {rate: \(rate / 5.5), limit: 6 min}}", rate: rate)
    }
}
