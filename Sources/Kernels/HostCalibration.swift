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
    /// What was timed.
    public var shape: KernelShape
    /// Its times.
    public var sample: TimingSample
}

/// Runs and times the fp32 kernels on this machine over the shapes of `models` and fits a device profile to them.
///
/// - Parameters:
///   - models: dense grouped-query decoders; their biases and query-key norms are not timed.
///   - threads: threads the kernels may use; `nil` for one per logical processor.
///   - budget: time and memory.
///   - date: day of the measurement, `YYYY-MM-DD`; the function asks no clock for it.
///   - progress: called after each point, on the calling thread.
/// - Returns: measurements in grid order, a fit per kernel with held-out error (a third of the shapes), the machine's
///   measured product rate and copy bandwidth, and as provenance the system, the library and the spread of the times.
/// - Throws: ``KernelError`` when a model is of a kind these kernels do not run, when there are no models, or when
///   the budget leaves no shape of some kernel.
///
/// Takes about `budget.seconds`. A machine that is busy with something else gives a profile of the rest of it: the
/// spread in the provenance says how steady the times were.
public func calibrateHost(
    models: [ModelArchitecture], threads: Int? = nil, budget: CalibrationBudget = CalibrationBudget(),
    date: String, progress: (CalibrationProgress) -> Void = { _ in }
) throws(KernelError) -> DeviceProfile {
    try HostCalibration(models: models, threads: threads, budget: budget).run(date: date, progress: progress)
}

/// The stages of ``calibrateHost(models:threads:budget:date:progress:)``.
struct HostCalibration {
    let models: [ModelArchitecture]
    let shapes: [DecoderShape]
    let machine: HostMachine
    let team: ThreadTeam
    let budget: CalibrationBudget
    let memoryBytes: Int

    init(models: [ModelArchitecture], threads: Int?, budget: CalibrationBudget) throws(KernelError) {
        guard !models.isEmpty else { throw KernelError("a calibration needs at least one model to take shapes from") }
        var shapes: [DecoderShape] = []
        for model in models { shapes.append(try DecoderShape(calibrating: model)) }
        let machine = HostMachine.current()
        if let threads, threads < 1 || threads > machine.cores {
            throw KernelError("`\(threads)` threads do not fit this machine of \(machine.cores) logical processors")
        }
        self.models = models
        self.shapes = shapes
        self.machine = machine
        team = ThreadTeam(threads: threads ?? machine.cores)
        self.budget = budget
        memoryBytes = min(budget.memoryBytes ?? .max, machine.memoryBytes / 4)
    }

    func run(date: String, progress: (CalibrationProgress) -> Void) throws(KernelError) -> DeviceProfile {
        let limits = MachineLimits.measure(
            on: machine, team: team, quick: budget.isQuick, memoryBytes: memoryBytes)
        let grid = CalibrationGrid(
            shapes,
            limits: .init(memoryBytes: memoryBytes, longestRun: budget.seconds / 100, machine: limits))
        try requireEveryKernel(grid)
        let samples = time(grid, progress)
        return profile(grid, samples, limits: limits, date: date)
    }

    private func requireEveryKernel(_ grid: CalibrationGrid) throws(KernelError) {
        let present = Set(grid.points.map(\.shape.kernel))
        for kernel in [Kernel.gemm, .prefillAttention, .decodeAttention, .elementwise, .stepOverhead]
        where !present.contains(kernel) {
            throw KernelError(
                "a budget of \(budget.seconds) seconds and \(memoryBytes) bytes leaves no \(kernel.rawValue) shape to time"
            )
        }
    }

    /// Each point gets an equal part of the time that is left, so that what quick points leave over goes to others.
    private func time(_ grid: CalibrationGrid, _ progress: (CalibrationProgress) -> Void) -> [TimingSample] {
        let timer = KernelTimer(grid.points, team: team, machine: machine, memoryBytes: memoryBytes)
        let start = Sampler.now()
        var samples: [TimingSample] = []
        for (index, point) in grid.points.enumerated() {
            let left = max(0, budget.seconds * 1e9 - (Sampler.now() - start))
            let sampler = Sampler(nanoseconds: left / Double(grid.points.count - index))
            samples.append(timer.measure(point, sampler))
            progress(
                CalibrationProgress(
                    done: index + 1, total: grid.points.count, shape: point.shape, sample: samples[index]))
        }
        return samples
    }

    private func profile(
        _ grid: CalibrationGrid, _ samples: [TimingSample], limits: MachineLimits, date: String
    ) -> DeviceProfile {
        DeviceProfile(
            name: Self.slug(machine.processor) + "-\(team.threads)t",
            machine: .init(
                processor: machine.processor, cores: machine.cores, threads: team.threads,
                memoryBytes: machine.memoryBytes, copyBytesPerSecond: limits.copyBytesPerSecond,
                peakOperationsPerSecond: limits.gemmOperationsPerSecond),
            date: date, library: machine.library(threads: team.threads),
            provenance: provenance(samples),
            measurements: zip(grid.points, samples).map { point, sample in
                KernelMeasurement(
                    shape: point.shape, format: .fp32, medianNanoseconds: sample.medianNanoseconds,
                    samples: sample.samples)
            })
    }

    private func provenance(_ samples: [TimingSample]) -> String {
        let spreads = samples.map(\.spread).sorted()
        var parts = ["isocost calibrate --device cpu on \(machine.system)", machine.blasConfiguration]
        if let core = OpenBLAS.requestedCore { parts.append("kernels chosen by \(OpenBLAS.coreVariable)=\(core)") }
        parts.append("shapes of \(models.map(\.name).joined(separator: ", "))")
        let spread = percent(spreads[spreads.count / 2])
        parts.append("median interquartile spread \(spread) over \(samples.count) shapes")
        return parts.joined(separator: "; ")
    }

    private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }

    /// Lower-case letters and digits, everything else a single hyphen: `AMD EPYC 9655` → `amd-epyc-9655`.
    static func slug(_ text: String) -> String {
        let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "host" : words.joined(separator: "-")
    }
}
