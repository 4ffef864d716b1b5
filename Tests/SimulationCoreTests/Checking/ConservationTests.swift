import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Nothing is lost, doubled or made up, in hundreds of random worlds.
@Suite struct ConservationTests {
    @Test(arguments: 0..<8)
    func everythingIsConserved(block: UInt64) throws {
        var completed: UInt64 = 0
        for seed in (block * 50)..<(block * 50 + 50) {
            let world = RandomWorld(seed: 50_000 + seed)
            let run = try world.run(.leaping)
            let checker = ConservationChecker(
                fleet: world.fleet, requests: world.requests, record: run.record, outcomes: run.outcomes)
            #expect(checker.violations == [], "seed \(seed)")
            completed += run.record.completed
        }
        #expect(completed > 500)
    }

    /// Laws are seen to be broken: a checker that accepts everything would be worthless.
    @Test func theCheckerSeesTampering() throws {
        let world = RandomWorld(seed: 50_003)
        let run = try world.run(.leaping)
        func violations(_ change: (inout RunRecord, inout [RequestOutcome]) -> Void) -> [String] {
            var (record, outcomes) = run
            change(&record, &outcomes)
            return ConservationChecker(
                fleet: world.fleet, requests: world.requests, record: record, outcomes: outcomes
            ).violations
        }
        #expect(violations { _, _ in } == [])
        #expect(violations { _, outcomes in outcomes.removeLast() }.contains("every request offered ends once"))
        #expect(violations { record, _ in record.outputTokens += 1 }.contains("output tokens are conserved"))
        #expect(violations { record, _ in record.ledger.rentals[0].states[2] += 1 }.contains("the ledger balances"))
        #expect(violations { record, _ in record.timeline.bins[0].waitingTime += 1 }.count == 2)
        #expect(violations { _, outcomes in outcomes[0].e2e += SimulatedDuration(nanoseconds: 1) }.count >= 2)
    }

    /// A run is a function of its inputs; another workload is another run.
    @Test func fingerprintsTellRunsApart() throws {
        var seen: [UInt64: UInt64] = [:]
        for seed in 0..<60 as Range<UInt64> {
            let world = RandomWorld(seed: 60_000 + seed)
            let (first, second) = (try world.run(.leaping), try world.run(.leaping))
            #expect(first.record == second.record, "seed \(seed)")
            #expect(first.outcomes == second.outcomes, "seed \(seed)")
            #expect(seen.updateValue(seed, forKey: first.record.fingerprint) == nil, "seed \(seed)")
        }
    }

    /// One nanosecond in one arrival, or one token in one prompt, changes the fingerprint.
    @Test func fingerprintsSeeSmallChanges() throws {
        let requests = (0..<20).map { Request(UInt64($0), at: Int64($0) * 1_000, input: 10, output: 3) }
        let engine = EngineConfiguration(kvBlocks: 1_000)
        let base = try LoggedRun(engine, requests).record.fingerprint
        var (later, longer) = (requests, requests)
        later[19].arrival += SimulatedDuration(nanoseconds: 1)
        longer[19].inputTokens += 1
        #expect(try LoggedRun(engine, later).record.fingerprint == base, "all latencies are the same")
        #expect(try LoggedRun(engine, longer).record.fingerprint != base)
        later[19].arrival = later[18].arrival
        #expect(try LoggedRun(engine, later).record.fingerprint != base)
    }

    /// Requests that reach the router at one instant may be submitted in any order. (They are sent together by classes
    /// at different distances; where all are equally far, a source keeps ties in order of id itself.)
    @Test func simultaneousArrivalsMayBePermuted() throws {
        for seed in 0..<40 as Range<UInt64> {
            let world = RandomWorld(seed: 90_000 + seed)
            var fleet = world.fleet
            fleet.classDelays = [.milliseconds(3), .zero, .milliseconds(1)]
            var requests = world.requests
            // Coarser times, so that many coincide.
            for index in requests.indices {
                let time = requests[index].arrival.nanoseconds / 50_000_000 * 50_000_000
                requests[index].arrival = SimulatedTime(nanoseconds: time)
            }
            var dice = RandomKey(seed: seed).derived("order").generator()
            var permuted = requests.shuffled(using: &dice)
            permuted.sort { $0.arrival < $1.arrival }
            let records = try [requests, permuted].map { list in
                let source = ListSource(list, classes: world.classes, prompts: world.prompts)
                return try Simulation(fleet: fleet, source: source, options: .init(seed: seed)).run()
            }
            #expect(records[0] == records[1], "seed \(seed)")
        }
    }

    /// Every token that is computed is a prompt's, an output's fed back, or one computed again after a preemption.
    @Test func computedTokensAreConserved() throws {
        var checked = 0
        var recomputed: UInt64 = 0
        for seed in 0..<400 as Range<UInt64> {
            let world = RandomWorld(seed: 70_000 + seed)
            guard world.prompts.isEmpty else { continue }
            let log = StepLog()
            var fleet = world.fleet
            for index in fleet.pools.indices { fleet.pools[index].stepCost = log }
            let simulation = try Simulation(fleet: fleet, source: world.source(), options: .init(seed: seed))
            log.clear()
            let record = try simulation.run()
            let computed = log.shapes.reduce(0) { $0 + $1.tokens }
            let needed = record.inputTokens + record.outputTokens - record.completed + record.recomputedTokens
            #expect(computed == Int(needed - record.cachedTokens), "seed \(seed)")
            #expect(record.steps == UInt64(log.shapes.count), "seed \(seed)")
            recomputed += record.recomputedTokens
            checked += 1
        }
        #expect(checked > 150 && recomputed > 10_000)
    }

    /// Little's law in every bin: the timeline's waiting and running time is the integral of the number of requests
    /// in the system, rebuilt here from each request's arrival and end alone.
    @Test(arguments: 0..<3)
    func littleHoldsInEveryBin(block: UInt64) throws {
        var bins = 0
        for seed in (block * 40)..<(block * 40 + 40) {
            let world = RandomWorld(seed: 80_000 + seed)
            var fleet = world.fleet
            fleet.classDelays = []
            for index in fleet.pools.indices { fleet.pools[index].oneWayDelay = .zero }
            let collector = Collector()
            let record = try Simulation(fleet: fleet, source: world.source(), observer: collector).run()
            let width = record.timeline.width.nanoseconds
            var expected = [Int128](repeating: 0, count: record.timeline.bins.count)
            for outcome in collector.outcomes where outcome.failure == nil {
                let start = outcome.arrival.nanoseconds
                let end = start + outcome.e2e.nanoseconds
                for bin in expected.indices {
                    let overlap = min(end, Int64(bin + 1) * width) - max(start, Int64(bin) * width)
                    expected[bin] += Int128(max(0, overlap))
                }
            }
            #expect(record.timeline.bins.map { $0.runningTime + $0.waitingTime } == expected, "seed \(seed)")
            bins += expected.count
        }
        #expect(bins > 100)
    }
}
