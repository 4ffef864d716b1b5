public import PerformanceModel

/// A kernel's rate as a share of what the machine can do.
public struct KernelRate: Hashable, Sendable {
    /// What ran, e.g. `decode product 1 × 16384 × 2048`.
    public var kernel: String
    /// Format of its weights, or of its elements.
    public var format: NumberFormat
    /// Middle rate: operations a second where ``limit`` is the product's, else bytes a second.
    public var rate: Double
    /// What it is a share of.
    public var limit: Limit
    /// Shares, one a round, ascending: rate ÷ limit, both measured in that round.
    public var shares: [Double]
    /// The share that it ought to reach; `nil` where none is asked of it.
    public var bar: Double?

    /// The limits that kernels are held against.
    public enum Limit: String, Hashable, Sendable {
        /// The rate of a large square product of OpenBLAS.
        case product = "GEMM rate"
        /// STREAM's copy bandwidth: bytes read plus bytes written.
        case copy = "copy bandwidth"
        /// The same product in fp32, faster in proportion to the bytes of its weights.
        case proportion = "bytes against fp32"
    }

    /// The middle share.
    public var share: Double { (shares[(shares.count - 1) / 2] + shares[shares.count / 2]) / 2 }
    /// Whether the middle share reaches the bar; true where there is none.
    public var isReached: Bool { bar.map { share >= $0 } ?? true }
}

/// The rates of the kernels and of what they are held against.
public struct KernelRates: Hashable, Sendable {
    /// Middle rates of the limits over the rounds.
    public var limits: MachineLimits
    /// The kernels, in the order of ``KernelBench/cases``.
    public var rates: [KernelRate]
}

/// Times the kernels beside the machine's limits, round by round, so that what else the machine does meanwhile slows
/// both alike.
public struct KernelBench {
    /// Sizes of the matrices and of the attention; those of a Llama-3.2-1B layer unless told otherwise.
    package struct Sizes {
        package var hidden = 2048
        package var outputs = 16_384
        package var prefillTokens = 512
        package var context = 1024

        package init() {}
    }

    /// A kernel and what it is held against.
    package struct Case {
        package var name: String
        package var point: CalibrationGrid.Point
        package var limit: KernelRate.Limit
        package var bar: Double?
    }

    private let machine: HostMachine
    private let team: ThreadTeam
    private let sizes: Sizes
    private let memoryBytes: Int

    /// - Parameter threads: `nil` for one per logical processor.
    /// - Throws: ``KernelError`` when the machine has fewer processors than `threads`.
    public init(threads: Int? = nil) throws(KernelError) {
        try self.init(threads: threads, sizes: Sizes(), memoryBytes: .max)
    }

    package init(threads: Int?, sizes: Sizes, memoryBytes: Int) throws(KernelError) {
        machine = HostMachine.current()
        team = ThreadTeam(threads: try machine.threads(threads))
        self.sizes = sizes
        self.memoryBytes = min(memoryBytes, machine.memoryBytes / 4)
    }

    /// Threads that the kernels run on.
    public var threads: Int { team.threads }

    /// What is timed, in order.
    package var cases: [Case] {
        let (k, n, tokens) = (sizes.hidden, sizes.outputs, sizes.prefillTokens)
        let prefill = WeightLayout.formats.map {
            Case(
                name: "prefill product, \(tokens) × \(n / 2) × \(k)",
                point: .gemm(m: tokens, n: n / 2, k: k, format: $0), limit: .product, bar: 0.85)
        }
        let decode = WeightLayout.formats.map {
            Case(
                name: "decode product, 1 × \(n) × \(k)", point: .gemm(m: 1, n: n, k: k, format: $0),
                limit: $0 == .fp32 ? .copy : .proportion,
                bar: $0 == .fp32 ? 0.8 : $0 == .bf16 ? nil : 0.7)
        }
        let batch = WeightLayout.formats.map {
            Case(
                name: "decode product, 8 × \(n) × \(k)", point: .gemm(m: 8, n: n, k: k, format: $0),
                limit: $0 == .fp32 ? .copy : .proportion, bar: nil)
        }
        return prefill + decode + batch + rest
    }

    private var rest: [Case] {
        guard
            let shape = try? DecoderShape(
                hiddenSize: sizes.hidden, heads: sizes.hidden / 64, kvHeads: max(1, sizes.hidden / 256), headDim: 64,
                intermediateSize: sizes.outputs / 2, layers: 1, vocabularySize: 1)
        else { return [] }
        let (tokens, context) = (sizes.prefillTokens, sizes.context)
        return [
            Case(
                name: "prefill attention, \(tokens) tokens", point: .prefill(shape, tokens: tokens, cached: 0),
                limit: .product, bar: nil),
            Case(
                name: "decode attention, 8 × \(context)", point: .decode(shape, sequences: 8, context: context),
                limit: .copy, bar: nil),
            Case(
                name: "norm, \(tokens) rows", point: .elementwise(shape, .norm, tokens: tokens), limit: .copy, bar: nil),
            Case(
                name: "rotary embedding, \(tokens) rows", point: .elementwise(shape, .rotary, tokens: tokens),
                limit: .copy, bar: nil),
            Case(
                name: "activation, \(tokens) rows", point: .elementwise(shape, .activation, tokens: tokens),
                limit: .copy, bar: nil),
        ]
    }

    /// Runs everything `rounds` times, some seconds each.
    /// - Parameter progress: called with the kernels timed so far and in all.
    /// - Precondition: `rounds` > 0.
    public func run(rounds: Int, progress: (Int, Int) -> Void = { _, _ in }) -> KernelRates {
        precondition(rounds > 0, "no rounds, no rates")
        let cases = cases
        let probe = LimitProbe(on: machine, team: team, quick: false, memoryBytes: memoryBytes)
        let timer = KernelTimer(cases.map(\.point), team: team, machine: machine, memoryBytes: memoryBytes)
        var (limits, shares, rates) = (
            [MachineLimits](), cases.map { _ in [Double]() }, cases.map { _ in [Double]() }
        )
        for round in 0..<rounds {
            let sampler = Sampler(nanoseconds: 0, fewest: 3, most: 3)
            var floats: [Int: Double] = [:]
            for (index, one) in cases.enumerated() {
                // The limits anew before each family of kernels: close in time to what they judge.
                if index % WeightLayout.formats.count == 0 { limits.append(measure(probe, sampler)) }
                let nanoseconds = timer.measure(one.point, sampler).medianNanoseconds
                let rate = one.amount / nanoseconds * 1e9
                rates[index].append(rate)
                if case .gemm(let m, _, _, .fp32) = one.point { floats[m] = rate }
                shares[index].append(rate / one.limit(limits[limits.count - 1], fp32: floats))
                progress(round * cases.count + index + 1, rounds * cases.count)
            }
        }
        return KernelRates(
            limits: MachineLimits(middleOf: limits),
            rates: cases.indices.map { index in
                KernelRate(
                    kernel: cases[index].name, format: cases[index].point.format,
                    rate: rates[index].sorted()[rounds / 2], limit: cases[index].limit,
                    shares: shares[index].sorted(), bar: cases[index].bar)
            })
    }

    private func measure(_ probe: LimitProbe, _ sampler: Sampler) -> MachineLimits {
        MachineLimits(
            gemmOperationsPerSecond: probe.operations / probe.product(sampler).medianNanoseconds * 1e9,
            copyBytesPerSecond: probe.copyBytes / probe.copy(sampler).medianNanoseconds * 1e9,
            readBytesPerSecond: probe.readBytes / probe.read(sampler).medianNanoseconds * 1e9)
    }
}

extension KernelBench.Case {
    /// Operations, or bytes moved.
    var amount: Double {
        limit == .product ? point.shape.work(weightBytes: 4, elementBytes: 4).operations : Double(point.footprint)
    }

    /// The limit's rate; of a proportion the rate of the same product in fp32 in this round: bytes are to flow as fast.
    func limit(_ limits: MachineLimits, fp32: [Int: Double]) -> Double {
        switch (limit, point) {
        case (.product, _): limits.gemmOperationsPerSecond
        case (.proportion, .gemm(let m, _, _, _)): fp32[m] ?? limits.copyBytesPerSecond
        default: limits.copyBytesPerSecond
        }
    }
}

extension MachineLimits {
    /// The middle of each limit.
    init(middleOf all: [MachineLimits]) {
        func middle(_ limit: KeyPath<MachineLimits, Double>) -> Double {
            let sorted = all.map { $0[keyPath: limit] }.sorted()
            return sorted[sorted.count / 2]
        }
        self.init(
            gemmOperationsPerSecond: middle(\.gemmOperationsPerSecond),
            copyBytesPerSecond: middle(\.copyBytesPerSecond),
            readBytesPerSecond: middle(\.readBytesPerSecond))
    }
}
