import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Bounds, defaults of a start, and what `lint` prints of them.
@Suite struct ScalingResolutionTests {
    private func resolved(
        _ offer: String = "aws/g6e.xlarge/us-east-1", replicas: String = "{min: 1, max: 4}", more: String = "",
        model: String = "llama-3.1-8b"
    ) throws -> ResolvedScenario {
        let pool = "[{offer: \(offer), replicas: \(replicas), autoscaler: {kind: knative}\(more)}]"
        return try scenario(scenarioText(model: model, pools: pool)).resolved()
    }

    private func scaling(_ scenario: ResolvedScenario) throws -> PoolScaling {
        try #require(scenario.strategies[0].fleet.pools[0].scaling)
    }

    @Test func initialIsTheMinimumButAtLeastOne() throws {
        for (text, initial) in [
            ("{min: 0, max: 4}", 1), ("{min: 1, max: 4}", 1), ("{min: 3, max: 4}", 3),
            ("{min: 0, max: 4, initial: 0}", 0), ("{min: 0, max: 4, initial: 4}", 4),
        ] {
            #expect(try scaling(resolved(replicas: text)).initial == initial, "\(text)")
        }
        let pool = try resolved(replicas: "{min: 2, max: 4}").strategies[0].fleet.pools[0]
        #expect(pool.replicas == 4 && pool.scaling?.minimum == 2 && pool.scaling?.maximum == 4)
    }

    @Test func startsTakeWhatWasPublished() throws {
        let start = try scaling(resolved()).startup
        #expect(start.provision == .seconds(60) && start.imagePull == .seconds(300))
        // 8.03 billion parameters of two bytes: 3.6 s + 16.06 GB ÷ 3.6 GB/s.
        #expect(abs(start.weightLoad.seconds - 8.06) < 0.01)
        #expect(abs(start.compile.seconds - 12) < 0.02 && start.warmUp == .seconds(8))
        #expect(abs(start.total.seconds - 388.07) < 0.03)
        #expect(start.loading + start.provision == start.total)
        let distributed = try scaling(resolved("runpod/1x_L40S_SECURE"))
        #expect(distributed.startup.provision == .seconds(45))
    }

    @Test func bothPublishedPointsAreOnTheLines() {
        #expect(abs(StartupDefaults.weightLoad(bytes: 16.06e9).seconds - 8) < 0.2)
        #expect((40...45).contains(StartupDefaults.weightLoad(bytes: 141.1e9).seconds))
        #expect(StartupDefaults.compile(parameters: 8e9) == .seconds(12))
        #expect(StartupDefaults.compile(parameters: 39e9) == .seconds(21))
        #expect(StartupDefaults.compile(parameters: 70e9) == .seconds(30))
        #expect(StartupDefaults.compile(parameters: 405e9) == .seconds(30))
        #expect(StartupDefaults.compile(parameters: 5e8) == .seconds(12))
    }

    @Test func defaultsAreAssumptionsAndGivenTimesAreNot() throws {
        func subjects(_ scenario: ResolvedScenario) -> [String] {
            scenario.assumptions.map(\.subject).filter { $0.hasPrefix("start: ") }
        }
        let silent = try resolved()
        #expect(
            subjects(silent) == [
                "start: provision on hyperscale", "start: image-pull", "start: weight-load of llama-3.1-8b in bf16",
                "start: compile of llama-3.1-8b", "start: warm-up",
            ])
        #expect(silent.assumptions.filter { $0.subject.hasPrefix("start: ") }.allSatisfy { !$0.source.isEmpty })
        let given = try resolved(
            more: ", start: {provision: 1 s, image-pull: 2 s, weight-load: 3 s, compile: 4 s, warm-up: 5 s}")
        #expect(subjects(given).isEmpty)
        let start = try scaling(given).startup
        #expect(start.total == .seconds(15) && start.provision == .seconds(1) && start.warmUp == .seconds(5))
    }

    @Test func lintPrintsStagesAndTheirSum() throws {
        let text = try resolved(
            replicas: "{min: 0, max: 4, initial: 2}",
            more: ", start: {provision: 1 s, image-pull: 2.5 s, weight-load: 3 s, compile: 4 s, warm-up: 5 s}"
        ).lintText
        #expect(text.contains("at least 0, 2 at first, by knative"))
        #expect(
            text.contains(
                "a start takes 15.5 s: provision 1 s + image pull 2.5 s + weight load 3 s + compile 4 s + warm-up 5 s"))
        #expect(text.contains("up to 4 replicas on 4 instances"))
        #expect(text.contains("a: 0.000 $/h to 7.444 $/h, 0 to 5,434 $/month of 730 h"))
    }

    @Test func aSharedInstanceCannotScale() {
        let error = scenarioError { _ = try resolved("aws/g6e.12xlarge/us-east-1") }
        #expect(error?.message.contains("4 of them share one here") == true)
        #expect(error?.kind == .conflict && error?.line == 7)
    }

    @Test func aReplicaOverSeveralInstancesScalesByAllOfThem() throws {
        let scenario = try resolved(more: ", pipeline-parallel: 2")
        #expect(scenario.strategies[0].pools[0].scaling?.instancesPerReplica == 2)
        #expect(scenario.strategies[0].leastCostPerHour * 4 == scenario.strategies[0].costPerHour)
    }

    @Test func ownedMachinesAreThere() throws {
        let pool = "[{device: L40S, price: 0.5 $/h, replicas: {min: 1, max: 2}, autoscaler: {kind: knative}}]"
        let scenario = try scenario(scenarioText(pools: pool)).resolved()
        #expect(try scaling(scenario).startup.provision == .zero)
    }
}
