import Primitives
import Testing

@testable import Kernels

@Suite struct WorkerCrewTests {
    /// Thousands of short jobs in a row: no wake-up is lost, no part runs twice, and none outlives its call.
    @Test(arguments: [1, 2, 4])
    func manyShortJobsAllRun(workers: Int) {
        let crew = WorkerCrew(workers: workers)
        let counts = Matrix(rows: 8, columns: 16)
        for job in 0..<2000 {
            let parts = job % 7 + 1
            crew.perform(parts) { part in counts[part, 0] += 1 }
            for part in 0..<parts { counts[part, 1] += 1 }
        }
        for part in 0..<8 { #expect(counts[part, 0] == counts[part, 1], "part \(part)") }
    }

    /// Parts beyond the threads run on the caller.
    @Test func morePartsThanThreads() {
        let crew = WorkerCrew(workers: 2)
        let seen = Matrix(rows: 1, columns: 50)
        crew.perform(50) { part in seen[0, part] += 1 }
        #expect((0..<50).allSatisfy { seen[0, $0] == 1 })
    }

    @Test func aCrewWithoutWorkersRunsEverythingItself() {
        let crew = WorkerCrew(workers: 0)
        let seen = Matrix(rows: 1, columns: 5)
        crew.perform(5) { part in seen[0, part] += 1 }
        #expect((0..<5).allSatisfy { seen[0, $0] == 1 })
    }

    /// What one thread writes the caller reads after the call.
    @Test func writesAreSeenAfterTheCall() {
        let team = ThreadTeam(threads: 3)
        let values = Matrix(rows: 1, columns: 999)
        for round in 1...50 {
            team.split(999) { part in
                for index in part { values.pointer[index] = Float(index * round) }
            }
            #expect(values[0, 998] == Float(998 * round) && values[0, 500] == Float(500 * round))
        }
    }

    /// Crews come and go without leaving threads that keep them alive.
    @Test func crewsEnd() {
        weak var gone: WorkerCrew?
        for _ in 0..<20 {
            let crew = WorkerCrew(workers: 2)
            crew.perform(3) { _ in }
            gone = crew
        }
        #expect(gone == nil)
    }

    @Test func partsOfASplitAreBalanced() {
        for (count, grain, threads) in [(100, 1, 3), (64, 16, 4), (70, 16, 2), (5, 4, 8)] {
            let sizes = Matrix(rows: 1, columns: count)
            ThreadTeam(threads: threads).split(count, grain: grain) { part in
                sizes.pointer[part.lowerBound] = Float(part.count)
            }
            let parts = (0..<count).map { sizes.pointer[$0] }.filter { $0 > 0 }
            #expect(parts.reduce(0, +) == Float(count))
            #expect((parts.max() ?? 0) - (parts.min() ?? 0) <= Float(2 * grain), "\(count) by \(grain)")
        }
    }
}
