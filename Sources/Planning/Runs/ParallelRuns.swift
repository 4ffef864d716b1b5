import Dispatch
import Synchronization

/// Computes `count` independent values on up to `threads` threads and returns them in order, whatever the order in
/// which they were finished. After the first failure no further one is started; the failure with the lowest index is
/// thrown, so that the error, too, does not depend on the threads.
func inParallel<Value: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
    let next = Atomic<Int>(0)
    let failed = Atomic<Bool>(false)
    let results = Mutex<[Result<Value, any Error>?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
        while !failed.load(ordering: .relaxed) {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            let result = Result { try body(index) }
            if case .failure = result { failed.store(true, ordering: .relaxed) }
            results.withLock { $0[index] = result }
        }
    }
    let finished = results.withLock { $0 }
    for case .failure(let error) in finished.compactMap({ $0 }) { throw error }
    return try finished.compactMap { try $0?.get() }
}
