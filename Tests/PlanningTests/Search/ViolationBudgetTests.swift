import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The count of misses after which an objective is lost is the count at which the finished run misses it.
@Suite struct ViolationBudgetTests {
    private static func objective(
        _ quantity: ServiceObjective.Quantity = .ttft, _ quantile: Double = 0.9, _ milliseconds: Int64 = 100,
        of name: String? = nil
    ) -> ServiceObjective {
        ServiceObjective(
            quantity: quantity, quantile: quantile, bound: .milliseconds(milliseconds), requestClass: name)
    }

    /// A class with so many requests on time and late, in all three latencies alike.
    private static func record(_ name: String, onTime: Int, late: Int, failed: UInt64 = 0) -> ClassRecord {
        var record = ClassRecord(name: name)
        record.completed = UInt64(onTime + late)
        record.failed = failed
        record.offered = record.completed + failed
        for (count, value) in [(onTime, Int64(50_000_000)), (late, Int64(200_000_000))] where count > 0 {
            record.ttft.record(value, weight: UInt64(count))
            record.tpot.record(value, weight: UInt64(count))
            record.e2e.record(value, weight: UInt64(count))
        }
        return record
    }

    @Test(arguments: [(100, 0.9, 10), (100, 0.99, 1), (101, 0.9, 10), (1, 0.99, 0), (1_000, 0.999, 1), (10, 0.5, 5)])
    func asManyMayBeLateAsThePercentileLeaves(count: Int, quantile: Double, allowed: Int) {
        let objectives = [Self.objective(.ttft, quantile)]
        let budget = ViolationBudget(objectives, classes: ["default"], offered: [UInt64(count)])
        for late in 0...min(count, allowed + 2) {
            let record = Self.record("default", onTime: 0, late: late)
            #expect((budget.lost(in: [record]) != nil) == (late > allowed), "\(late) of \(count)")
        }
    }

    /// Against the check of the finished run, for every split.
    @Test func lostMeansMissed() {
        for quantity in ServiceObjective.Quantity.allCases {
            let objectives = [Self.objective(quantity, 0.95)]
            let budget = ViolationBudget(objectives, classes: ["default"], offered: [60])
            for late in 0...10 {
                for failed in 0...3 {
                    let classes = [
                        Self.record("default", onTime: 60 - late - failed, late: late, failed: UInt64(failed))
                    ]
                    var run = RunRecord()
                    run.classes = classes
                    run.failures = failed > 0 ? [.timedOut: UInt64(failed)] : [:]
                    run.latency.ttft = classes[0].ttft
                    run.latency.tpot = classes[0].tpot
                    run.latency.e2e = classes[0].e2e
                    let isMet = ObjectiveCheck(objectives[0], on: run, among: objectives).isMet
                    #expect((budget.lost(in: classes) == nil) == isMet, "\(quantity): \(late) late, \(failed) failed")
                }
            }
        }
    }

    @Test func aClassWithItsOwnBoundIsLeftToIt() {
        let objectives = [Self.objective(), Self.objective(.ttft, 0.5, 100, of: "batch")]
        let budget = ViolationBudget(objectives, classes: ["chat", "batch"], offered: [100, 100])
        let calm = Self.record("chat", onTime: 95, late: 5)
        #expect(budget.lost(in: [calm, Self.record("batch", onTime: 60, late: 40)]) == nil)
        #expect(budget.lost(in: [calm, Self.record("batch", onTime: 40, late: 60)]) == 1)
        let rough = Self.record("chat", onTime: 80, late: 20)
        #expect(budget.lost(in: [rough, Self.record("batch", onTime: 60, late: 40)]) == 0)
    }

    @Test func withoutRequestsOrObjectivesNothingIsLost() {
        #expect(
            ViolationBudget([], classes: ["a"], offered: [10]).lost(in: [Self.record("a", onTime: 0, late: 10)]) == nil)
        let none = ViolationBudget([Self.objective()], classes: ["a"], offered: [0])
        #expect(none.lost(in: [ClassRecord(name: "a")]) == nil)
    }

    @Test func fewLateOnesProveTheObjective() {
        let budget = ViolationBudget([Self.objective(.ttft, 0.99)], classes: ["a"], offered: [2_000])
        #expect(budget.proves([Self.record("a", onTime: 459, late: 0)]))
        #expect(!budget.proves([Self.record("a", onTime: 458, late: 0)]))
        #expect(budget.proves([Self.record("a", onTime: 2_290, late: 10)]))
        #expect(!budget.proves([Self.record("a", onTime: 1_980, late: 20)]))
    }
}
