/// What was measured on a machine, what was fitted to it, and how wrong the fit is on shapes it never saw.
///
/// A profile is a file (JSON, see `DeviceProfile+JSON.swift`): a scenario can serve from it, and every prediction made
/// with it can name the measurement it rests on.
public struct DeviceProfile: Hashable, Sendable, Codable {
    /// Version of the file layout that this build reads and writes.
    public static let currentVersion = 1

    /// Version of the layout; always ``currentVersion`` in memory.
    public var version: Int
    /// Name of the device that users will write.
    public var name: String
    /// The machine the kernels ran on.
    public var machine: Machine
    /// Day of the measurement, `YYYY-MM-DD`.
    public var date: String
    /// The kernel library and its version, e.g. `OpenBLAS 0.3.21 SkylakeX 2 threads`.
    public var library: String
    /// Who measured, with which command.
    public var provenance: String
    /// The raw rows, in the order measured.
    public var measurements: [KernelMeasurement]
    /// One fit per kernel and format, in order of first appearance.
    public var fits: [KernelFit]

    /// The measured machine.
    public struct Machine: Hashable, Sendable, Codable {
        /// Processor or accelerator, as the system names it.
        public var processor: String
        /// Cores (or devices' multiprocessors) that took part.
        public var cores: Int
        /// Threads the kernels ran on.
        public var threads: Int
        /// Bytes of memory that models can use.
        public var memoryBytes: Int
        /// Measured copy bandwidth in bytes per second, 0 when not measured.
        public var copyBytesPerSecond: Double
        /// Measured matrix-product rate in operations per second, 0 when not measured.
        public var peakOperationsPerSecond: Double

        public init(
            processor: String, cores: Int, threads: Int, memoryBytes: Int, copyBytesPerSecond: Double = 0,
            peakOperationsPerSecond: Double = 0
        ) {
            self.processor = processor
            self.cores = cores
            self.threads = threads
            self.memoryBytes = memoryBytes
            self.copyBytesPerSecond = copyBytesPerSecond
            self.peakOperationsPerSecond = peakOperationsPerSecond
        }
    }

    /// A profile with `measurements` and the fits of them; see ``fit(measurements:holdOut:)``.
    public init(
        name: String, machine: Machine, date: String, library: String, provenance: String,
        measurements: [KernelMeasurement], holdOut: HoldOut = .third
    ) {
        version = Self.currentVersion
        self.name = name
        self.machine = machine
        self.date = date
        self.library = library
        self.provenance = provenance
        self.measurements = measurements
        fits = Self.fit(measurements: measurements, holdOut: holdOut)
    }

    /// The fit of a kernel in a format, if those were measured.
    public func fit(_ kernel: Kernel, _ format: NumberFormat) -> KernelFit? {
        fits.first { $0.kernel == kernel && $0.format == format }
    }
}
