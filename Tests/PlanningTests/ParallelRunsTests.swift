import Synchronization
import Testing

@testable import Planning

@Suite struct ParallelRunsTests {
    @Test(arguments: [1, 2, 5, 100])
    func resultsKeepTheirOrder(threads: Int) throws {
        #expect(try inParallel(50, threads: threads) { $0 * $0 } == (0..<50).map { $0 * $0 })
        #expect(try inParallel(0, threads: threads) { $0 } == [])
    }

    private struct Fault: Error, Equatable { var index: Int }

    @Test func theFirstFailureInOrderIsThrownAndStopsTheRest() {
        let started = Atomic<Int>(0)
        #expect(throws: Fault(index: 3)) {
            _ = try inParallel(1_000, threads: 1) { index in
                started.add(1, ordering: .relaxed)
                if index >= 3 { throw Fault(index: index) }
                return index
            }
        }
        #expect(started.load(ordering: .relaxed) == 4)
    }

    @Test func progressNeverFallsAndCountsAllRuns() {
        let seen = Mutex<[RunProgress]>([])
        let board = ProgressBoard(runs: 2, expectedPerRun: 10) { progress in seen.withLock { $0.append(progress) } }
        board.update(run: 0, requests: 4)
        board.update(run: 1, requests: 10, hasEnded: true)
        board.update(run: 0, requests: 3)
        board.update(run: 0, requests: 10, hasEnded: true)
        let progress = seen.withLock { $0 }
        #expect(progress.map(\.requests) == [4, 14, 14, 20])
        #expect(progress.map(\.runsFinished) == [0, 1, 1, 2])
        #expect(progress.allSatisfy { $0.expectedRequests == 20 && $0.runs == 2 })
    }

    @Test func aTraceOfUnknownLengthIsGuessedFromWhatHasBeenRead() {
        let seen = Mutex<[UInt64?]>([])
        let board = ProgressBoard(runs: 3, expectedPerRun: nil) { state in
            seen.withLock { $0.append(state.expectedRequests) }
        }
        board.update(run: 0, requests: 4)
        board.update(run: 0, requests: 5, of: 100)
        board.update(run: 1, requests: 5, of: 80)
        board.update(run: 0, requests: 90, hasEnded: true)
        #expect(seen.withLock { $0 } == [nil, 300, 270, 255])
    }

    @Test func groupsOfThousands() {
        #expect(
            [0, 7, 999, 1_000, 19_366, 1_234_567].map { grouped($0) } == [
                "0", "7", "999", "1,000", "19,366", "1,234,567",
            ])
    }
}
