import Foundation
import Planning
import Reports
import SimulationCore
import Store
import Synchronization

/// A sweep carried out on this machine: what is missing in its job table is run, then everything is written.
struct SweepJobs {
    var sweep: Sweep
    /// Folder for results.
    var out: String
    /// Jobs at the same time; `nil` = as many as there are processors.
    var threads: Int?
    var quiet: Bool
    var cancellation: CancellationFlag

    var folder: RunFolder { RunFolder(root: out, scenario: sweep.scenario.name) }

    /// - Throws: ``SweepStopped`` after an interruption; every finished job is kept.
    func carryOut(_ opening: JobTable.Opening) throws -> SweepTable {
        let table = try open(opening)
        try runMissing(table)
        return try finish(table)
    }

    /// The job table, its folder made.
    func open(_ opening: JobTable.Opening) throws -> JobTable {
        try folder.create()
        return try JobTable(path: folder.file("\(sweep.kind.rawValue).sqlite"), of: sweep, opening)
    }

    private func runMissing(_ table: JobTable) throws {
        let done = try table.finished()
        let missing = sweep.jobs.filter { !done.contains($0.number) }
        let progress = SweepProgress(total: missing.count, before: done.count, quiet: quiet)
        defer { progress.clear() }
        let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        do {
            try sweep.carryOut(missing, threads: threads, cancellation: cancellation) { outcome in
                try table.record(outcome)
                progress.finishedOne()
            }
        } catch RunError.cancelled {
            throw SweepStopped(done: try table.finished().count, jobs: sweep.jobs.count)
        }
    }

    /// Writes the files of a table that is whole.
    func finish(_ table: JobTable) throws -> SweepTable {
        let results = SweepTable(sweep, outcomes: try table.outcomes())
        if results.candidates.isEmpty, let failure = results.failures.first {
            throw InputError.noPoint(scenario: sweep.scenario.name, reason: failure.reason)
        }
        try folder.write(results)
        return results
    }
}

/// A sweep that the user stopped. Printed, it is one sentence.
struct SweepStopped: Error, CustomStringConvertible {
    var done: Int
    var jobs: Int
    var description: String { "stopped with \(done) of \(jobs) jobs done; `--resume` goes on with the others" }
}

/// Counts finished jobs on the progress line. Used by several threads.
final class SweepProgress: Sendable {
    private let progress: Progress
    private let total: Int
    private let before: Int
    private let counter = Atomic<Int>(0)

    /// - Parameter before: jobs that were done before this process began: no part of the rate.
    init(total: Int, before: Int, quiet: Bool) {
        progress = Progress(unit: "jobs", quiet: quiet)
        (self.total, self.before) = (total, before)
    }

    func finishedOne() { show(counter.add(1, ordering: .relaxed).newValue) }

    /// So many have been finished by others.
    func show(_ done: Int) {
        progress.show(UInt64(done), of: UInt64(total), label: "\(before + done)/\(before + total) done")
    }

    func clear() { progress.clear() }
}
