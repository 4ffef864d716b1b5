import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Threads that run one part each of a job and sleep in between.
///
/// Own threads rather than `DispatchQueue.concurrentPerform`, which on a busy machine runs all parts on the caller's
/// thread: a kernel would then take one core's time or two's, depending on what else runs.
final class WorkerCrew: Sendable {
    private let seats: [Seat]
    private let finished = DispatchSemaphore(value: 0)

    /// Starts `workers` threads; fewer where the system refuses more, whose parts the caller then runs.
    init(workers: Int) {
        var seats: [Seat] = []
        for _ in 0..<workers {
            let seat = Seat(finished: finished)
            guard seat.start() else { break }
            seats.append(seat)
        }
        self.seats = seats
    }

    deinit { for seat in seats { seat.hand(nil) } }

    /// Calls `body(0)` … `body(count − 1)`, the first on the calling thread and the others on a thread each; returns
    /// when all have. The kernels capture pointers, which the compiler cannot know to be disjoint; that each part
    /// writes its own rows or columns is the callers' contract.
    func perform(_ count: Int, _ body: (Int) -> Void) {
        withoutActuallyEscaping(body) { escaping in
            nonisolated(unsafe) let work = escaping
            let helpers = min(count - 1, seats.count)
            for helper in 0..<helpers { seats[helper].hand { work(helper + 1) } }
            work(0)
            for part in (helpers + 1)..<max(count, helpers + 1) { work(part) }
            for _ in 0..<helpers { finished.wait() }
        }
    }

    /// One thread's place: the job it is handed and the bells at both ends. The job is written before `ready` rings
    /// and read after, so the semaphore orders the two.
    private final class Seat: @unchecked Sendable {
        private let ready = DispatchSemaphore(value: 0)
        private let finished: DispatchSemaphore
        private var job: (@Sendable () -> Void)?

        init(finished: DispatchSemaphore) { self.finished = finished }

        /// Gives the thread its next job; `nil` ends it.
        func hand(_ job: (@Sendable () -> Void)?) {
            self.job = job
            ready.signal()
        }

        /// Starts the thread, which keeps its seat alive until it ends.
        func start() -> Bool {
            let seat = Unmanaged.passRetained(self)
            #if canImport(Darwin)
                var thread: pthread_t?
                let code = pthread_create(
                    &thread, nil,
                    { seat in
                        Unmanaged<Seat>.fromOpaque(seat).takeRetainedValue().serve()
                        return nil
                    }, seat.toOpaque())
                guard code == 0, let thread else {
                    seat.release()
                    return false
                }
            #else
                var thread = pthread_t()
                let code = pthread_create(
                    &thread, nil,
                    { seat in
                        if let seat { Unmanaged<Seat>.fromOpaque(seat).takeRetainedValue().serve() }
                        return nil
                    }, seat.toOpaque())
                guard code == 0 else {
                    seat.release()
                    return false
                }
            #endif
            pthread_detach(thread)
            return true
        }

        private func serve() {
            while true {
                ready.wait()
                guard runJob() else { return }
                finished.signal()
            }
        }

        /// Runs the job and lets go of it; false when there is none. A function of its own, so that nothing still
        /// holds the caller's closure when `finished` rings.
        @inline(never) private func runJob() -> Bool {
            guard let job else { return false }
            self.job = nil
            job()
            return true
        }
    }
}
