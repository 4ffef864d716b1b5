import Primitives

/// One client of a ServeGen folder.
struct ServeGenChunk {
    /// A stretch of time with a constant rate.
    struct Window {
        var start: Int64
        /// `nil` when inactive.
        var gaps: Distribution?
    }

    private let windows: [Window]
    private let datasets: [ServeGenLengths]
    private let datasetPath: String
    private let arrivalKey: RandomKey
    private let lengthKey: RandomKey
    private var window = -1
    private var generator: KeyedGenerator
    /// Seconds since the window's start.
    private var elapsed = 0.0
    private var drawn: UInt64 = 0

    init(folder: String, number: UInt64, key: RandomKey) throws(TraceError) {
        let trace = "\(folder)/chunk-\(number)-trace.csv"
        datasetPath = "\(folder)/chunk-\(number)-dataset.json"
        windows = try ServeGenFolder.windows(trace)
        datasets = try ServeGenFolder.datasets(datasetPath)
        arrivalKey = key.derived("arrivals")
        lengthKey = key.derived("lengths")
        generator = arrivalKey.generator()
        let isActive = windows.contains { $0.gaps != nil }
        guard !isActive || datasets.contains(where: { !$0.isEmpty }) else {
            throw TraceError(
                file: datasetPath, line: 1, column: 1, message: "the client has active windows but no lengths")
        }
    }

    /// The last window is as long as the one before it, a single one 600 s.
    private func length(of window: Int) -> Int64 {
        if window + 1 < windows.count { return windows[window + 1].start - windows[window].start }
        return window > 0 ? windows[window].start - windows[window - 1].start : 600_000_000_000
    }

    /// The next arrival in nanoseconds; `nil` when the last window has passed.
    mutating func nextArrival() -> Int64? {
        while true {
            if window >= 0, window < windows.count, let gaps = windows[window].gaps {
                elapsed += gaps.sample(using: &generator)
                if let time = timeInWindow() { return time }
            }
            window += 1
            guard window < windows.count else { return nil }
            guard let gaps = windows[window].gaps else { continue }
            generator = arrivalKey.derived(UInt64(window)).generator()
            elapsed = gaps.sampleResidual(using: &generator)
            if let time = timeInWindow() { return time }
        }
    }

    private func timeInWindow() -> Int64? {
        let nanoseconds = elapsed * 1e9
        guard nanoseconds < Double(length(of: window)) else { return nil }
        return windows[window].start + Int64(nanoseconds)
    }

    mutating func drawLengths(at time: Int64) -> (input: Int32, output: Int32) {
        defer { drawn += 1 }
        return dataset(at: time).draw(lengthKey.uniform(2 * drawn), lengthKey.uniform(2 * drawn + 1))
    }

    /// The window in force, or the nearest before it, or after it, that is not empty.
    private func dataset(at time: Int64) -> ServeGenLengths {
        let current = datasets.lastIndex { $0.start <= time } ?? 0
        let before = datasets[...current].lastIndex { !$0.isEmpty }
        let found = before ?? datasets.firstIndex { !$0.isEmpty } ?? 0
        return datasets[found]
    }

    func zeroLengthError(at time: Int64) -> TraceError {
        TraceError(
            file: datasetPath, line: 1, column: 1,
            message: "a length of zero tokens was drawn at \(SimulatedTime(nanoseconds: time).decimalSeconds) s")
    }
}

/// The input and output lengths of one dataset window.
struct ServeGenLengths {
    var start: Int64
    var input: ServeGenDistribution?
    var output: ServeGenDistribution?

    var isEmpty: Bool { input == nil || output == nil }

    func draw(_ first: Double, _ second: Double) -> (input: Int32, output: Int32) {
        (input?.value(at: first) ?? 0, output?.value(at: second) ?? 0)
    }
}

/// Values with probabilities.
struct ServeGenDistribution {
    let values: [Int32]
    let choice: WeightedChoice

    func value(at uniform: Double) -> Int32 { values[choice.index(at: uniform)] }
}
