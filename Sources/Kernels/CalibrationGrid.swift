package import PerformanceModel

/// The shapes that a calibration times, in order, for some models on one machine.
///
/// Order matters: a fit keeps a third of a kernel's rows out by their place in it, evenly spread, so within each family
/// the sizes ascend and the rows kept out lie between fitted ones.
package struct CalibrationGrid {
    /// What to run. Each point knows the row of a device profile that its time becomes.
    package enum Point: Hashable {
        case gemm(m: Int, n: Int, k: Int, format: NumberFormat = .fp32)
        case prefill(DecoderShape, tokens: Int, cached: Int)
        case decode(DecoderShape, sequences: Int, context: Int)
        /// One element-wise kernel of a layer for so many tokens.
        case elementwise(DecoderShape, ElementwiseKernel, tokens: Int)
        /// A decode step of the smallest decoder there is: what a step costs besides its work on elements.
        case step(sequences: Int)
    }

    /// The kernels that are bound by the bytes they move.
    package enum ElementwiseKernel: Hashable, CaseIterable {
        /// Root-mean-square norm: the hidden row in and out.
        case norm
        /// Rotary embedding and cache writes: queries, keys and values in and out.
        case rotary
        /// Gated activation: gate and up in, their product out.
        case activation
    }

    /// The points, each once, in the order to time them.
    package private(set) var points: [Point] = []

    /// Bounds of what may be run.
    package struct Limits {
        /// Bytes that one point may hold.
        package var memoryBytes: Int
        /// Longest time of a single run, by the machine's limits, in seconds.
        package var longestRun: Double
        /// The machine's best rates.
        package var machine: MachineLimits

        /// All bounds; see the properties.
        package init(memoryBytes: Int, longestRun: Double, machine: MachineLimits) {
            self.memoryBytes = memoryBytes
            self.longestRun = longestRun
            self.machine = machine
        }
    }

    /// Rows of activations of the products.
    static let rows = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    /// Rows through the output projection: sequences that emit a token.
    static let sampledRows = [1, 2, 4, 8, 16, 32]

    /// The points for `shapes` within `limits`, their layers' matrices in each of `formats` and their output projections
    /// in what those leave unquantised. An output projection of more than half the memory limit is cut to fewer
    /// outputs; a layer's matrix that does not fit is left out. Points of one kernel that several models share appear
    /// once.
    package init(_ shapes: [DecoderShape], formats: [NumberFormat] = [.fp32], limits: Limits) {
        let candidates =
            formats.flatMap { Self.products(shapes, $0, limits) } + shapes.flatMap(Self.attention)
            + shapes.flatMap(Self.elementwise)
            + Self.sampledRows.map { .step(sequences: $0) }
        var seen: Set<Point> = []
        points = candidates.filter { $0.fits(limits) && seen.insert($0).inserted }
    }

    private static func products(_ shapes: [DecoderShape], _ format: NumberFormat, _ limits: Limits) -> [Point] {
        shapes.flatMap { shape -> [Point] in
            let layer = [
                (shape.projectionWidth, shape.hiddenSize), (shape.hiddenSize, shape.queryWidth),
                (2 * shape.intermediateSize, shape.hiddenSize), (shape.hiddenSize, shape.intermediateSize),
            ]
            let output = min(shape.vocabularySize, max(1, limits.memoryBytes / 8 / shape.hiddenSize))
            let plain = WeightLayout.unquantised(format)
            return layer.flatMap { n, k in rows.map { .gemm(m: $0, n: n, k: k, format: format) } }
                + sampledRows.map { .gemm(m: $0, n: output, k: shape.hiddenSize, format: plain) }
        }
    }

    private static func attention(_ shape: DecoderShape) -> [Point] {
        let prefill = [0, 256, 1024, 3072].flatMap { cached in
            [16, 64, 128, 256, 512].map { Point.prefill(shape, tokens: $0, cached: cached) }
        }
        let decode = [1, 2, 4, 8, 16, 32].flatMap { sequences in
            [64, 128, 256, 512, 1024, 2048, 4096].map { Point.decode(shape, sequences: sequences, context: $0) }
        }
        return prefill + decode
    }

    private static func elementwise(_ shape: DecoderShape) -> [Point] {
        ElementwiseKernel.allCases.flatMap { kernel in rows.map { .elementwise(shape, kernel, tokens: $0) } }
    }
}

extension CalibrationGrid.Point {
    /// The row of a profile.
    package var shape: KernelShape {
        switch self {
        case .gemm(let m, let n, let k, _): .gemm(m: m, n: n, k: k)
        case .prefill(let shape, let tokens, let cached):
            .prefillAttention(
                tokens: tokens, cached: cached, heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim)
        case .decode(let shape, let sequences, let context):
            .decodeAttention(
                sequences: sequences, context: context, heads: shape.heads, kvHeads: shape.kvHeads,
                headDim: shape.headDim)
        case .elementwise(let shape, let kernel, let tokens): .elementwise(bytes: tokens * shape.bytesPerToken(kernel))
        case .step(let sequences): .stepOverhead(sequences: sequences)
        }
    }

    /// Format of the weights; of what has none, of the elements.
    package var format: NumberFormat {
        if case .gemm(_, _, _, let format) = self { format } else { .fp32 }
    }

    /// Bytes that timing this point touches in one run.
    package var footprint: Int {
        switch self {
        case .gemm(let m, let n, let k, let format): n * k * format.bits / 8 + 4 * m * (n + k)
        case .prefill(let shape, let tokens, let cached):
            4 * (2 * tokens * shape.queryWidth + 2 * (cached + tokens) * shape.kvHeads * shape.headDim)
        case .decode(let shape, let sequences, let context):
            4 * 2 * sequences * context * shape.kvHeads * shape.headDim
        case .elementwise(let shape, let kernel, let tokens): tokens * shape.bytesPerToken(kernel)
        case .step: 0
        }
    }

    /// Whether one run stays within the bounds on memory and on time at the machine's best rates.
    func fits(_ limits: CalibrationGrid.Limits) -> Bool {
        let work = shape.work(weightBytes: format.bytes, elementBytes: 4)
        let compute = work.operations / limits.machine.gemmOperationsPerSecond
        let memory = Double(footprint) / limits.machine.readBytesPerSecond
        return footprint <= limits.memoryBytes && max(compute, memory) <= limits.longestRun
    }
}

extension DecoderShape {
    /// Bytes that an element-wise kernel reads and writes per token.
    package func bytesPerToken(_ kernel: CalibrationGrid.ElementwiseKernel) -> Int {
        switch kernel {
        case .norm: 4 * 2 * hiddenSize
        case .rotary: 4 * 2 * projectionWidth
        case .activation: 4 * 3 * intermediateSize
        }
    }
}
