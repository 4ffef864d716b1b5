public import PerformanceModel

/// How much time a calibration may take.
public struct CalibrationBudget: Hashable, Sendable {
    /// Seconds for timing all points; set-up and the least number of samples may exceed it somewhat.
    public var seconds: Double
    /// Most bytes that the timed arrays may take; `nil` for a quarter of the machine's memory.
    public var memoryBytes: Int?

    /// A budget of `seconds` and `memoryBytes`.
    public init(seconds: Double = 60, memoryBytes: Int? = nil) {
        self.seconds = seconds
        self.memoryBytes = memoryBytes
    }

    /// Ten seconds: a coarse profile, for trying out and for continuous integration.
    public static let quick = CalibrationBudget(seconds: 10, memoryBytes: 1 << 30)

    var isQuick: Bool { seconds < 30 }
}

/// One point of a calibration that has just been timed.
public struct CalibrationProgress: Sendable {
    /// Points timed so far, this one included.
    public var done: Int
    /// Points in all.
    public var total: Int
    /// What was timed, as the profile will have it.
    public var row: KernelMeasurement
    /// Its times.
    public var sample: TimingSample
    /// What was timed.
    public var shape: KernelShape { row.shape }
}

/// What a calibration is asked for.
public struct CalibrationRequest: Hashable, Sendable {
    /// Grouped-query decoders, dense or mixtures; their biases and query-key norms are not timed.
    public var models: [ModelArchitecture]
    /// Formats of the layers' matrices, each one of ``WeightLayout/formats``.
    public var formats: [NumberFormat]
    /// Threads the kernels may use; `nil` for one per logical processor.
    public var threads: Int?
    /// Time and memory.
    public var budget: CalibrationBudget

    /// Everything asked for; see the properties.
    public init(
        models: [ModelArchitecture], formats: [NumberFormat] = [.fp32], threads: Int? = nil,
        budget: CalibrationBudget = CalibrationBudget()
    ) {
        self.models = models
        self.formats = formats
        self.threads = threads
        self.budget = budget
    }
}

/// What a calibration has measured so far: enough to go on from there after an interruption.
public struct CalibrationJournal: Hashable, Sendable, Codable {
    /// Which calibration this is of; only the same goes on from it.
    public var identity: String
    /// The machine's limits, from which the grid was drawn.
    public var limits: MachineLimits
    /// The rows measured, in the grid's order.
    public var rows: [KernelMeasurement]

    /// All parts; see the properties.
    public init(identity: String, limits: MachineLimits, rows: [KernelMeasurement] = []) {
        self.identity = identity
        self.limits = limits
        self.rows = rows
    }
}

/// Runs and times the kernels on this machine over the shapes of `models` in fp32; otherwise as
/// ``HostCalibration/run(date:resuming:begun:progress:)``.
///
/// - Throws: ``KernelError`` as ``HostCalibration`` does.
public func calibrateHost(
    models: [ModelArchitecture], threads: Int? = nil, budget: CalibrationBudget = CalibrationBudget(),
    date: String, progress: (CalibrationProgress) -> Void = { _ in }
) throws(KernelError) -> DeviceProfile {
    try HostCalibration(CalibrationRequest(models: models, threads: threads, budget: budget))
        .run(date: date, progress: progress)
}

/// Runs and times the kernels on this machine and fits a device profile to them.
public struct HostCalibration: Sendable {
    let request: CalibrationRequest
    let shapes: [DecoderShape]
    let machine: HostMachine
    let team: ThreadTeam
    let memoryBytes: Int

    /// - Throws: ``KernelError`` when a model is of a kind these kernels do not run, a format is none of theirs, or
    ///   there are no models or formats.
    public init(_ request: CalibrationRequest) throws(KernelError) {
        guard !request.models.isEmpty else {
            throw KernelError("a calibration needs at least one model to take shapes from")
        }
        guard !request.formats.isEmpty else { throw KernelError("a calibration needs at least one number format") }
        for format in request.formats where !WeightLayout.formats.contains(format) {
            let known = WeightLayout.formats.map(\.rawValue).joined(separator: ", ")
            throw KernelError("the kernels of this host have no \(format.rawValue) weights, only \(known)")
        }
        var shapes: [DecoderShape] = []
        for model in request.models { shapes.append(try DecoderShape(calibrating: model)) }
        machine = HostMachine.current()
        team = ThreadTeam(threads: try machine.threads(request.threads))
        self.request = request
        self.shapes = shapes
        memoryBytes = min(request.budget.memoryBytes ?? .max, machine.memoryBytes / 4)
    }

    /// What a journal must say for this calibration to go on from it: machine, library, models, formats, threads and
    /// budget.
    public var identity: String {
        [
            machine.processor, machine.library(threads: team.threads, formats: request.formats),
            request.models.map(\.name).joined(separator: ","),
            "\(request.budget.seconds) s", "\(memoryBytes) bytes",
        ].joined(separator: "; ")
    }

    /// - Parameters:
    ///   - date: day of the measurement, `YYYY-MM-DD`; the function asks no clock for it.
    ///   - journal: what an interrupted run had measured. One of another ``identity`` is ignored.
    ///   - begun: called with the journal to go on from before the first point, its rows as far as they fit the grid.
    ///   - progress: called after each point that is timed, on the calling thread.
    /// - Returns: measurements in grid order, a fit per kernel and format with held-out error (a third of the shapes),
    ///   the machine's measured product rate and copy bandwidth, and as provenance the system, the library and the
    ///   spread of the times.
    /// - Throws: ``KernelError`` when the budget leaves no shape of some kernel.
    ///
    /// Takes about the budget's seconds. A machine that is busy with something else gives a profile of the rest of
    /// it: the spread of the rows says how steady the times were.
    public func run(
        date: String, resuming journal: CalibrationJournal? = nil, begun: (CalibrationJournal) -> Void = { _ in },
        progress: (CalibrationProgress) -> Void = { _ in }
    ) throws(KernelError) -> DeviceProfile {
        let earlier = journal?.identity == identity ? journal : nil
        let limits =
            earlier?.limits
            ?? MachineLimits.measure(on: machine, team: team, quick: request.budget.isQuick, memoryBytes: memoryBytes)
        let grid = CalibrationGrid(
            shapes, formats: request.formats,
            limits: .init(memoryBytes: memoryBytes, longestRun: request.budget.seconds / 100, machine: limits))
        try requireEveryKernel(grid)
        var done = CalibrationJournal(identity: identity, limits: limits)
        for (row, point) in zip(earlier?.rows ?? [], grid.points) {
            guard row.shape == point.shape, row.format == point.format else { break }
            done.rows.append(row)
        }
        begun(done)
        return profile(time(grid, from: done.rows, progress), limits: limits, date: date)
    }

    private func requireEveryKernel(_ grid: CalibrationGrid) throws(KernelError) {
        let present = Set(grid.points.map(\.shape.kernel))
        for kernel in [Kernel.gemm, .prefillAttention, .decodeAttention, .elementwise, .stepOverhead]
        where !present.contains(kernel) {
            throw KernelError(
                "a budget of \(request.budget.seconds) seconds and \(memoryBytes) bytes leaves no \(kernel.rawValue) shape to time"
            )
        }
    }

    /// The interquartile range, as a share of the median, from which a point is timed once more.
    private static let unsteady = 0.25

    /// Each point gets an equal part of the time that is left, so that what quick points leave over goes to others;
    /// half of it at first, and the other half, if the times were unsteady, for a second attempt, of which the steadier
    /// counts.
    private func time(
        _ grid: CalibrationGrid, from earlier: [KernelMeasurement], _ progress: (CalibrationProgress) -> Void
    ) -> [KernelMeasurement] {
        let timer = KernelTimer(grid.points, team: team, machine: machine, memoryBytes: memoryBytes)
        let start = Sampler.now()
        let seconds = request.budget.seconds * Double(grid.points.count - earlier.count) / Double(grid.points.count)
        var rows = earlier
        for (index, point) in grid.points.enumerated().dropFirst(earlier.count) {
            let left = max(0, seconds * 1e9 - (Sampler.now() - start))
            let sampler = Sampler(nanoseconds: left / Double(grid.points.count - index) / 2)
            var sample = timer.measure(point, sampler)
            if sample.spread > Self.unsteady {
                let again = timer.measure(point, sampler)
                if again.spread < sample.spread { sample = again }
            }
            rows.append(
                KernelMeasurement(
                    shape: point.shape, format: point.format, medianNanoseconds: sample.medianNanoseconds,
                    samples: sample.samples, spread: sample.spread, outliers: sample.outliers))
            progress(
                CalibrationProgress(
                    done: index + 1, total: grid.points.count, row: rows[index], sample: sample))
        }
        return rows
    }

    private func profile(_ rows: [KernelMeasurement], limits: MachineLimits, date: String) -> DeviceProfile {
        DeviceProfile(
            name: Self.slug(machine.processor) + "-\(team.threads)t",
            machine: .init(
                processor: machine.processor, cores: machine.cores, threads: team.threads,
                memoryBytes: machine.memoryBytes, copyBytesPerSecond: limits.copyBytesPerSecond,
                peakOperationsPerSecond: limits.gemmOperationsPerSecond),
            date: date, library: machine.library(threads: team.threads, formats: request.formats),
            provenance: provenance(rows), measurements: rows)
    }

    private func provenance(_ rows: [KernelMeasurement]) -> String {
        let spreads = rows.compactMap(\.spread).sorted()
        var parts = ["isocost calibrate --device cpu on \(machine.system)", machine.blasConfiguration]
        parts.append("vectors of \(VectorUnit.best.floats) floats")
        if let core = OpenBLAS.requestedCore { parts.append("kernels chosen by \(OpenBLAS.coreVariable)=\(core)") }
        parts.append("shapes of \(request.models.map(\.name).joined(separator: ", "))")
        let spread = percent(spreads[spreads.count / 2])
        parts.append("median interquartile spread \(spread) over \(rows.count) shapes")
        return parts.joined(separator: "; ")
    }

    private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

    /// Lower-case letters and digits, everything else a single hyphen: `AMD EPYC 9655` → `amd-epyc-9655`.
    static func slug(_ text: String) -> String {
        let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "host" : words.joined(separator: "-")
    }
}
