import Primitives

/// A workload as a value: what to open, and what to do to it. The same value and seed give the same stream.
public indirect enum Workload: Sendable, Equatable {
    /// A trace file or ServeGen folder.
    case trace(path: String, options: TraceOptions)
    case synthetic(SyntheticWorkload)
    /// Several workloads merged by arrival; at the same time, the earlier in the list goes first.
    case mix([Part])
    /// A workload changed, in the order listed.
    case transformed(Workload, [WorkloadTransform])

    /// A component of a mix.
    public struct Part: Sendable, Equatable {
        /// What the component is.
        public var workload: Workload
        /// Replaces the component's classes by one of this name; `nil` keeps them. Equal names become one class.
        public var className: String?

        /// A component, its classes kept unless `className` is given.
        public init(_ workload: Workload, className: String? = nil) {
            self.workload = workload
            self.className = className
        }
    }

    /// Opens the stream.
    ///
    /// - Parameter seed: keys every draw; components of a mix get keys of their own. A trace other than ServeGen
    ///   draws nothing; a ServeGen folder is keyed by this seed together with its options' seed.
    /// - Throws: ``TraceError`` for a trace, ``WorkloadError`` for a description that cannot be run.
    public func open(seed: UInt64) throws -> any RequestSource {
        switch self {
        case .trace(let path, var options):
            options.seed = Self.subseed(options.seed, seed)
            return try openTrace(at: path, options: options)
        case .synthetic(let workload): return try workload.source(seed: seed)
        case .mix(let parts):
            guard !parts.isEmpty else { throw WorkloadError(setting: "mix", message: "a mix has at least one part") }
            let sources = try parts.enumerated().map { index, part in
                (try part.workload.open(seed: Self.subseed(seed, UInt64(index))), part.className)
            }
            return try MixSource(sources)
        case .transformed(let workload, let transforms):
            return try Self.apply(transforms[...], to: workload, seed: seed)
        }
    }

    /// `repeated` must be able to open what comes before it afresh, hence the recursion from the last transform.
    private static func apply(
        _ transforms: ArraySlice<WorkloadTransform>, to workload: Workload, seed: UInt64
    ) throws -> any RequestSource {
        guard let last = transforms.last else { return try workload.open(seed: seed) }
        try last.validate()
        let before = transforms.dropLast()
        let inner = { (cycle: UInt64) throws -> any RequestSource in
            try apply(before, to: workload, seed: cycle == 0 ? seed : subseed(seed, cycle))
        }
        switch last {
        case .rate(let factor): return ScaledSource(try inner(0), factor: 1 / factor)
        case .stretch(let factor): return ScaledSource(try inner(0), factor: factor)
        case .slice(let from, let to): return SlicedSource(try inner(0), from: from, to: to ?? .never)
        case .limitRequests(let count): return SlicedSource(try inner(0), from: .start, to: .never, limit: count)
        case .limitDuration(let duration):
            return SlicedSource(
                try inner(0), from: .start, to: duration.nanoseconds == .max ? .never : .start + duration)
        case .resample(let resampling):
            return try ResampledSource(try inner(0), resampling, seed: subseed(seed, UInt64(before.count)))
        case .repeated(let duration): return try RepeatedSource(until: duration, open: inner)
        case .assignClass(let name): return RelabelledSource(try inner(0), className: name, priority: nil)
        case .assignPriority(let priority): return RelabelledSource(try inner(0), className: nil, priority: priority)
        }
    }

    static func subseed(_ seed: UInt64, _ index: UInt64) -> UInt64 {
        RandomKey(seed: seed).derived("part").bits(index)
    }
}
