import PerformanceModel
import Primitives
import Testing
import Workloads

@testable import SimulationCore

@Suite struct RouterTests {
    private let seed: UInt64

    init() { self.init(seed: 1) }
    private init(seed: UInt64) { self.seed = seed }

    /// Pools of single replicas; the second number of each is how many times slower than the best its steps are.
    private func fleet(_ router: RouterPolicy, slowness: [Double]) -> FleetConfiguration {
        FleetConfiguration(
            pools: slowness.map { factor in
                PoolConfiguration(
                    name: "\(factor)", replicas: 1, engine: EngineConfiguration(blockSize: 4, kvBlocks: 4_000),
                    stepCost: LinearStepCost(perStep: 1_000 * factor, perPrefillToken: 10 * factor))
            }, router: router)
    }

    /// What the router chooses for requests 0 ..< count, with given loads, each choice added to its load on demand.
    private func choices(
        _ policy: RouterPolicy, slowness: [Double] = [1, 1, 1, 1], loads: [Int32] = [0, 0, 0, 0], count: UInt64,
        filling: Bool = false
    ) -> [Int] {
        let fleet = fleet(policy, slowness: slowness)
        let replicas = Replicas(fleet: fleet, stepping: .leaping, source: ListSource([]))
        var router = Router(fleet: fleet, key: RandomKey(seed: seed))
        for index in loads.indices { router.outstanding[index] = loads[index] }
        return (0..<count).map { id in
            let request = Request(id, input: 1, output: 1)
            let now = Moment(time: 0, afterSteps: false)
            guard let choice = router.choose(request, row: 0, at: now, replicas: replicas) else { return -1 }
            if filling { router.outstanding[choice] += 1 }
            return choice
        }
    }

    private func counts(_ choices: [Int]) -> [Int] { (0..<4).map { index in choices.filter { $0 == index }.count } }

    @Test(arguments: RouterPolicy.allCases)
    func choicesAreDeterministic(policy: RouterPolicy) {
        let first = choices(policy, slowness: [1, 2, 1, 3], count: 500, filling: true)
        #expect(choices(policy, slowness: [1, 2, 1, 3], count: 500, filling: true) == first)
        #expect(first.allSatisfy { (0..<4).contains($0) })
    }

    @Test func roundRobinIsACycle() {
        #expect(choices(.roundRobin, loads: [9, 0, 5, 1], count: 9) == [0, 1, 2, 3, 0, 1, 2, 3, 0])
    }

    @Test func randomIsUniformAndKeyed() {
        let drawn = choices(.random, loads: [9, 0, 5, 1], count: 40_000)
        // χ² with 3 degrees of freedom stays below 16.3 in 99.9 % of samples.
        let distance = counts(drawn).reduce(0.0) { $0 + (Double($1) - 10_000) * (Double($1) - 10_000) / 10_000 }
        #expect(distance < 16.3)
        #expect(RouterTests(seed: 2).choices(.random, count: 100) != Array(drawn.prefix(100)))
    }

    @Test func leastOutstandingTiesGoToTheFirst() {
        #expect(choices(.leastOutstanding, loads: [3, 1, 2, 1], count: 5, filling: true) == [1, 3, 1, 2, 3])
    }

    /// With loads 0 < 1 < 2 < 3, the less loaded of two draws is replica k in (7 − 2k) of 16 cases; the more loaded of
    /// two different ones never.
    @Test func twoChoicesNeverTakeTheMoreLoaded() {
        let drawn = counts(choices(.powerOfTwoChoices, loads: [0, 1, 2, 3], count: 64_000))
        for (count, share) in zip(drawn, [7.0, 5, 3, 1]) {
            let expected = 4_000 * share
            #expect(abs(Double(count) - expected) < 4 * expected.squareRoot(), "\(drawn)")
        }
        // Equal loads: a tie keeps the first draw, so all four are chosen alike.
        let even = counts(choices(.powerOfTwoChoices, loads: [5, 5, 5, 5], count: 64_000))
        #expect(even.allSatisfy { abs($0 - 16_000) < 500 })
    }

    @Test func weightedBySpeedIsProportional() {
        let filled = counts(choices(.weightedBySpeed, slowness: [1, 2, 4, 4], count: 8_000, filling: true))
        #expect(filled == [4_000, 2_000, 1_000, 1_000])
    }

    // MARK: In whole runs

    private func outcomes(
        _ policy: RouterPolicy, _ requests: [Request], prompts: [UInt64: ([PromptSegment], Bool)],
        slowness: [Double] = [1, 1]
    ) throws -> (record: RunRecord, replicas: [Int]) {
        let collector = Collector()
        let record = try Simulation(
            fleet: fleet(policy, slowness: slowness), source: ListSource(requests, prompts: prompts),
            observer: collector
        ).run()
        return (record, collector.outcomes.sorted { $0.id < $1.id }.map { Int($0.replica) })
    }

    /// Two warm-up requests leave prefix 1 on replica 0 and prefix 2 on replica 1; `followers` at once ask for 2.
    private func warmed(followers: Int) -> (requests: [Request], prompts: [UInt64: ([PromptSegment], Bool)]) {
        var requests = [Request(0, at: 0, input: 40, output: 5), Request(1, at: 1, input: 40, output: 5)]
        var prompts: [UInt64: ([PromptSegment], Bool)] = [
            0: ([PromptSegment(key: 1, tokens: 40)], false), 1: ([PromptSegment(key: 2, tokens: 40)], false),
        ]
        for id in 2..<UInt64(2 + followers) {
            requests.append(Request(id, at: 1_000_000, input: 44, output: 5))
            prompts[id] = ([PromptSegment(key: 2, tokens: 40), PromptSegment(key: 100 + id, tokens: 4)], false)
        }
        return (requests, prompts)
    }

    @Test func prefixAwarePrefersTheHolder() throws {
        let world = warmed(followers: 3)
        let aware = try outcomes(.prefixAware, world.requests, prompts: world.prompts)
        #expect(aware.replicas == [0, 1, 1, 1, 1])
        #expect(aware.record.cachedTokens == 3 * 40)
        let blind = try outcomes(.leastOutstanding, world.requests, prompts: world.prompts)
        #expect(blind.replicas == [0, 1, 0, 1, 0])
        #expect(blind.record.cachedTokens == 40 + 40)
    }

    /// The holder is left when its load h exceeds 1.5 × the mean and the mean by over 8. With (0, h): h > h/2 + 8, so
    /// the holder takes 17 and the 18th goes elsewhere; with (1, 17): 17 = 9 + 8, the holder again; with (1, 18):
    /// 18 > 17.5, elsewhere.
    @Test func prefixAwareLeavesAnOverloadedHolder() throws {
        let world = warmed(followers: 20)
        let aware = try outcomes(.prefixAware, world.requests, prompts: world.prompts)
        #expect(Array(aware.replicas.dropFirst(2)) == Array(repeating: 1, count: 17) + [0, 1, 0])
    }

    /// Every policy is its own, and the same again.
    @Test func policiesDifferAndRepeat() throws {
        var dice = RandomKey(seed: 31).generator()
        var (requests, prompts) = ([Request](), [UInt64: ([PromptSegment], Bool)]())
        var now: Int64 = 0
        for id in 0..<400 as Range<UInt64> {
            now += Int64(dice.next() % 6_000)
            requests.append(Request(id, at: now, input: 40, output: Int32(1 + dice.next() % 20)))
            prompts[id] = ([PromptSegment(key: dice.next() % 5, tokens: 40)], false)
        }
        var seen: [UInt64: RouterPolicy] = [:]
        for policy in RouterPolicy.allCases {
            let run = try outcomes(policy, requests, prompts: prompts, slowness: [1, 3, 1, 2])
            let again = try outcomes(policy, requests, prompts: prompts, slowness: [1, 3, 1, 2])
            #expect(run.record == again.record && run.replicas == again.replicas)
            #expect(run.record.completed == 400)
            #expect(seen.updateValue(policy, forKey: run.record.fingerprint) == nil, "\(policy)")
        }
    }
}
