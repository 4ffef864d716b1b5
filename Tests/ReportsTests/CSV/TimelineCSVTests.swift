import Planning
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct TimelineCSVTests {
    /// Two bins of 10 s, the second cut short by the end at 15 s; one machine, 3 s of loading, 1 $/h.
    static func run() -> StrategyRun {
        var run = Fixture.result(replications: 1).strategies[0].runs[0]
        run.metrics.strategy = "one"
        run.record = RunRecord()
        run.record.end = SimulatedTime(nanoseconds: 15_000_000_000)
        var first = TimelineBin()
        first.arrivals = 5
        first.completions = 4
        first.good = 3
        first.outputTokens = 40
        first.runningTime = 20_000_000_000
        first.waitingTime = 5_000_000_000
        first.kvBlockTime = 250_000_000_000
        first.busyTime = 6_000_000_000
        var second = TimelineBin()
        second.arrivals = 1
        second.completions = 2
        second.busyTime = 5_000_000_000
        run.record.timeline = Timeline(width: .seconds(10), bins: [first, second])
        var replica = ReplicaRecord(pool: 0)
        replica.kvBlocks = 100
        run.record.replicas = [replica]
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        states[Int(InstanceState.loading.rawValue)] = 3_000_000_000
        states[Int(InstanceState.busy.rawValue)] = 11_000_000_000
        states[Int(InstanceState.idle.rawValue)] = 1_000_000_000
        run.record.ledger = UsageLedger(rentals: [
            Rental(pool: 0, instance: 0, start: .start, end: run.record.end, states: states)
        ])
        run.invoice = Invoice(lines: [line(cost: 3_000_000_000, end: 15)])
        return run
    }

    static func line(cost: Int64, start: Int64 = 0, end: Int64) -> InvoiceLine {
        var line = Fixture.invoice(Fixture.shapes[0], end: .start).lines[0]
        line.billedCost = Money(nanodollars: cost)
        line.start = SimulatedTime(nanoseconds: start * 1_000_000_000)
        line.end = SimulatedTime(nanoseconds: end * 1_000_000_000)
        return line
    }

    @Test func golden() {
        var strategy = Fixture.result(replications: 1).strategies[0]
        strategy.runs = [Self.run()]
        #expect(
            TimelineCSV.text(of: [strategy]) == """
                strategy,replication,bin,start_s,end_s,arrivals,completions,good,output_tokens,arrival_rps,running,waiting,\
                kv_use,instances_provisioning,instances_loading,instances_busy,instances_idle,instances_draining,\
                instances_stopped,instances_paused,cost_usd,replicas_provisioning,replicas_loading,replicas_serving,\
                replicas_draining,replicas_held,failures
                one,0,0,0,10,5,4,3,40,0.5,2,0.5,0.25,0,0.3,0.6,0.1,0,0,0,2,0,0,0,0,0,0
                one,0,1,10,15,1,2,0,0,0.2,0,0,0,0,0,1,0,0,0,0,3,0,0,0,0,0,0

                """)
    }

    @Test func statesSumToTheInstancesRented() {
        for sample in TimelineSamples(Fixture.result().strategies[0].runs[0]).samples {
            #expect(abs(sample.instances.reduce(0, +) - 6) < 1e-9)
            #expect(sample.instances.allSatisfy { $0 >= 0 })
        }
    }

    @Test func costNeverFallsAndEndsAtTheInvoice() throws {
        for strategy in Fixture.result().strategies {
            let samples = TimelineSamples(strategy.runs[0]).samples
            let costs = samples.map(\.costSoFar)
            #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 <= $1 })
            #expect(costs.last == strategy.runs[0].invoice.total)
        }
    }

    @Test func aBillThatOutlivesTheRunIsWholeInTheLastBin() {
        var run = Self.run()
        // A minimum of a minute: the period billed ends after the run.
        run.invoice = Invoice(lines: [Self.line(cost: 6_000_000_000, end: 60)])
        #expect(TimelineSamples(run).samples.map(\.costSoFar.nanodollars) == [1_000_000_000, 6_000_000_000])
    }

    @Test func accrualIsExactAtItsEnds() {
        let invoice = Invoice(lines: [Self.line(cost: 7, start: 2, end: 5), Self.line(cost: 100, start: 0, end: 0)])
        func accrued(_ second: Int64) -> Int64 {
            invoice.accrued(by: SimulatedTime(nanoseconds: second * 1_000_000_000)).nanodollars
        }
        #expect(accrued(0) == 100)
        #expect(accrued(2) == 100)
        #expect(accrued(3) == 102)
        #expect(accrued(5) == 107)
        #expect(accrued(500) == 107)
    }

    @Test func severalInstancesPerReplicaAreAllBusy() {
        var run = Self.run()
        var rental = run.record.ledger.rentals[0]
        rental.instance = 1
        run.record.ledger.rentals.append(rental)
        let busy = TimelineSamples(run).samples.map { $0.instances[Int(InstanceState.busy.rawValue)] }
        #expect(busy == [1.2, 2])
    }

    @Test func aRunWithoutBinsHasNoRows() {
        var strategy = Fixture.result(replications: 1).strategies[0]
        strategy.runs[0].record = RunRecord()
        #expect(CSVReader.rows(TimelineCSV.text(of: [strategy])).count == 1)
    }
}
