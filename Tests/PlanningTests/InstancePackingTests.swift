import Pricing
import Primitives
import Testing

@testable import Planning

@Suite struct InstancePackingTests {
    /// replicas, tensor, pipeline, accelerators per instance → instances, replicas per instance, instances per replica.
    @Test(arguments: [
        ([4, 1, 1, 1], [4, 1, 1]), ([4, 2, 1, 8], [1, 4, 1]), ([5, 2, 1, 8], [2, 4, 1]), ([3, 8, 1, 8], [3, 1, 1]),
        ([1, 1, 1, 8], [1, 8, 1]), ([9, 1, 1, 8], [2, 8, 1]), ([8, 3, 1, 8], [4, 2, 1]), ([2, 8, 2, 8], [4, 1, 2]),
        ([2, 4, 3, 8], [4, 1, 2]), ([1, 2, 2, 8], [1, 2, 1]), ([3, 1, 4, 1], [12, 1, 4]), ([2, 5, 2, 8], [4, 1, 2]),
    ])
    func instancesByHand(shape: [Int], expected: [Int]) throws {
        let packing = try #require(
            InstancePacking(
                replicas: shape[0], tensorParallel: shape[1], pipelineParallel: shape[2], accelerators: shape[3]))
        #expect([packing.instances, packing.replicasPerInstance, packing.instancesPerReplica] == expected)
    }

    @Test func withoutLeftoversItIsTheCeilingOfAccelerators() throws {
        for (tensor, pipeline, count) in [(1, 1, 8), (2, 1, 8), (4, 1, 8), (2, 2, 8), (8, 1, 8), (1, 1, 1), (2, 1, 4)] {
            for replicas in 1...20 {
                let packing = try #require(
                    InstancePacking(
                        replicas: replicas, tensorParallel: tensor, pipelineParallel: pipeline, accelerators: count))
                #expect(packing.instances == (replicas * tensor * pipeline + count - 1) / count)
            }
        }
    }

    @Test func tensorParallelismNeverCrossesInstances() {
        #expect(InstancePacking(replicas: 1, tensorParallel: 16, pipelineParallel: 1, accelerators: 8) == nil)
    }

    private func rental(_ pool: Int, _ instance: Int, busy: Int64, end: Int64 = 100) -> Rental {
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        states[Int(InstanceState.busy.rawValue)] = busy
        states[Int(InstanceState.idle.rawValue)] = end - busy
        return Rental(
            pool: pool, instance: instance, start: .start, end: SimulatedTime(nanoseconds: end), states: states)
    }

    @Test func packedStatesAreMeansThatSumExactly() throws {
        let packing = try #require(
            InstancePacking(replicas: 5, tensorParallel: 2, pipelineParallel: 1, accelerators: 8))
        let single = try #require(
            InstancePacking(replicas: 1, tensorParallel: 1, pipelineParallel: 1, accelerators: 1))
        let ledger = UsageLedger(
            rentals: [rental(0, 0, busy: 7)]
                + [10, 20, 33, 40, 61].enumerated().map { rental(1, $0.offset + 1, busy: $0.element) })
        let packed = ledger.packed([single, packing])
        // 10 + 20 + 33 + 40 = 103 over four places is 25 rounded down; the fifth replica is alone among four places.
        #expect(packed.rentals.map { $0[.busy].nanoseconds } == [7, 25, 15])
        #expect(packed.rentals.map { $0[.idle].nanoseconds } == [93, 75, 85])
        #expect(packed.rentals.map(\.instance) == [0, 1, 2])
        #expect(packed.rentals.map(\.pool) == [0, 1, 1])
        #expect(packed.balances)
    }

    /// Nothing but the sharing changes: not tokens, traffic, the run's end, nor which rentals are one instance's.
    @Test func packingKeepsTheRestOfTheBooks() throws {
        let shared = try #require(InstancePacking(replicas: 3, tensorParallel: 2, pipelineParallel: 1, accelerators: 8))
        let single = try #require(InstancePacking(replicas: 2, tensorParallel: 1, pipelineParallel: 1, accelerators: 1))
        var rentals = [0, 1, 2].map { rental(0, $0, busy: 10) } + [3, 4].map { rental(1, $0, busy: 10) }
        for index in rentals.indices {
            rentals[index].traffic[.internet] = Int64(index + 1)
            rentals[index].lost = SimulatedDuration(nanoseconds: 4)
        }
        var later = rental(1, 3, busy: 5)
        (later.start, later.end) = (later.end, later.end + later.duration)
        later.resumes = true
        var ledger = UsageLedger(rentals: rentals + [later])
        ledger.tokens = [TokenUse(), TokenUse()]
        ledger.end = SimulatedTime(nanoseconds: 900)
        let packed = ledger.packed([shared, single])
        #expect(packed.tokens.count == 2 && packed.end == SimulatedTime(nanoseconds: 900) && packed.balances)
        #expect(
            packed.rentals.map(\.instance) == [0, 1, 2, 1]
                && packed.rentals.map(\.resumes) == [false, false, false, true])
        #expect(packed.rentals.map { $0.traffic[.internet] } == [6, 4, 5, 0])
        #expect(packed.rentals[0].lost == SimulatedDuration(nanoseconds: 3), "twelve over four places")
    }

    @Test func unsharedInstancesStayAsTheyAre() throws {
        let packing = try #require(
            InstancePacking(replicas: 2, tensorParallel: 8, pipelineParallel: 2, accelerators: 8))
        let ledger = UsageLedger(rentals: (0..<4).map { rental(0, $0, busy: 3) })
        #expect(ledger.packed([packing]) == ledger)
    }
}
