/// How many threads a kernel may use, and how its items are dealt to them.
///
/// The kernels divide their own work and call OpenBLAS single-threaded from each part: one set of threads, so that
/// the workers of two libraries never compete for the same cores. With one thread nothing leaves the caller. Copies
/// of a team share its threads, which end with the last copy. One kernel at a time: a team is not for two callers.
public struct ThreadTeam: Sendable {
    /// At least 1; the caller's own thread is one of them.
    public let threads: Int
    private let crew: WorkerCrew?
    private let scratch = Scratch()

    /// Starts `threads` − 1 threads that sleep until there is work.
    /// - Precondition: `threads` > 0.
    public init(threads: Int) {
        precondition(threads > 0, "a team has at least one thread")
        self.threads = threads
        crew = threads > 1 ? WorkerCrew(workers: threads - 1) : nil
    }

    /// Calls `body` once per thread with a contiguous part of 0 ..< `count`; parts begin at multiples of `grain`.
    /// Empty parts are left out.
    func split(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
        let grains = (count + grain - 1) / grain
        let parts = min(threads, grains)
        guard let crew, parts > 1 else { return count > 0 ? body(0..<count) : () }
        crew.perform(parts) { part in
            let first = grains * part / parts * grain
            body(first..<min(grains * (part + 1) / parts * grain, count))
        }
    }

    /// A row of at least `floats` for each thread, whose content is whatever the last kernel left. Kept from call to
    /// call, because fresh memory costs a page fault every few kilobytes.
    func scratch(floats: Int) -> Matrix { scratch.rows(threads, floats: floats) }

    /// Calls `body(worker, item)` for every item of 0 ..< `count`; worker *w* takes items *w*, *w* + threads, …, so
    /// neighbouring items of unequal size spread over the threads.
    func deal(_ count: Int, _ body: (_ worker: Int, _ item: Int) -> Void) {
        let workers = min(threads, count)
        guard let crew, workers > 1 else {
            for item in 0..<count { body(0, item) }
            return
        }
        crew.perform(workers) { worker in
            for item in stride(from: worker, to: count, by: workers) { body(worker, item) }
        }
    }
}

/// The scratch memory of a team.
private final class Scratch: @unchecked Sendable {
    private var matrix = Matrix(rows: 0, columns: 0)

    /// Enlarged when it is too small; on the thread of the caller, before the others are handed their parts.
    func rows(_ count: Int, floats: Int) -> Matrix {
        if matrix.rows < count || matrix.columns < floats { matrix = Matrix(rows: count, columns: floats) }
        return matrix
    }
}
