import Primitives
import SimulationCore
import Synchronization

/// Adds up the progress of runs on several threads.
final class ProgressBoard: Sendable {
    private struct State {
        var requests: [UInt64]
        /// Guesses at how many requests the runs have, from how much of their traces has been read.
        var expected: [UInt64?]
        var finished = 0

        /// All runs' requests, those without a guess taken to be like the others; `nil` without any guess.
        var total: UInt64? {
            let known = expected.compactMap { $0 }
            guard !known.isEmpty else { return nil }
            let sum = known.reduce(0, +)
            return sum + sum / UInt64(known.count) * UInt64(expected.count - known.count)
        }
    }
    private let state: Mutex<State>
    private let report: (@Sendable (RunProgress) -> Void)?
    private let expected: UInt64?

    init(runs: Int, expectedPerRun: UInt64?, report: (@Sendable (RunProgress) -> Void)?) {
        state = Mutex(
            State(requests: Array(repeating: 0, count: runs), expected: Array(repeating: nil, count: runs)))
        expected = expectedPerRun.map { $0 * UInt64(runs) }
        self.report = report
    }

    /// Run `run` has finished `requests` requests so far, of `expected` where there is a guess. The callback is made
    /// under the lock: one at a time.
    func update(run: Int, requests: UInt64, of expected: UInt64? = nil, hasEnded: Bool = false) {
        guard let report else { return }
        state.withLock { state in
            state.requests[run] = max(state.requests[run], requests)
            state.expected[run] = hasEnded ? requests : expected ?? state.expected[run]
            if hasEnded { state.finished += 1 }
            report(
                RunProgress(
                    runsFinished: state.finished, runs: state.requests.count,
                    requests: state.requests.reduce(0, +), expectedRequests: self.expected ?? state.total))
        }
    }
}

/// Watches one run: reports progress, passes outcomes on, stops it on request.
final class RunMonitor: RunObserver {
    private let run: Int
    private let board: ProgressBoard
    private let cancellation: CancellationFlag
    private let sink: (any OutcomeSink)?
    private let source: CountedSource
    /// What the sink threw, if it did; the run is stopped then.
    private(set) var failure: (any Error)?

    init(
        run: Int, source: CountedSource, board: ProgressBoard, cancellation: CancellationFlag,
        sink: (any OutcomeSink)?
    ) {
        self.run = run
        self.source = source
        self.board = board
        self.cancellation = cancellation
        self.sink = sink
    }

    var wantsOutcomes: Bool { sink != nil }

    func finished(_ outcomes: [RequestOutcome]) {
        guard failure == nil, let sink else { return }
        do { try sink.record(outcomes) } catch { failure = error }
    }

    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool {
        board.update(run: run, requests: requests, of: source.expected)
        return failure == nil && !cancellation.isCancelled
    }
}
