/// Decode attention of all layers as a function of sequences and summed context.
struct DecodeCoefficients: Hashable, Sendable {
    /// Nanoseconds of the calls themselves, and per sequence.
    let launch: Double
    let perSequence: Double
    /// Nanoseconds per token of context in layers that see everything, and in layers with a window.
    let perContext: Double
    let perWindowed: Double
    /// Factor on the time per token in steps that also compute prompt chunks, ≥ 1.
    let mixedFactor: Double
    /// Tokens of the window; `.max` without one.
    let window: Int

    init(_ architecture: ModelArchitecture, _ attention: LayerWork.Attention, _ kernels: StepKernels) {
        let kernel = kernels.decode
        // Both walls grow with the context alone, so their norm does too: a line through the origin.
        let slope = kernel.overlap.join(
            kernel.perOperation * attention.decodeOperations,
            kernel.perByte * attention.cachedElements * kernel.elementBytes)
        let windowed = architecture.slidingWindow?.layers ?? 0
        launch = Double(architecture.layers) * kernel.overhead
        perSequence =
            Double(architecture.layers) * kernel.perRowByte * attention.rowElements * kernels.plain.elementBytes
        // A block table is read for every token even where all layers are limited, so a line never lies flat.
        perContext = max(Double(architecture.layers - windowed) * slope, 1e-6)
        perWindowed = Double(windowed) * slope
        window = architecture.slidingWindow?.tokens ?? .max
        mixedFactor = 1 + kernels.mixedAttention * Double(Self.sharing(architecture.attention) - 1)
    }

    /// Query heads per KV head; 1 where all heads share one compressed vector, for which other kernels serve.
    private static func sharing(_ attention: AttentionLayer) -> Int {
        guard case .grouped(let shape) = attention else { return 1 }
        return max(1, shape.heads / shape.kvHeads)
    }

    /// Nanoseconds that do not depend on the context; 0 without sequences.
    func fixed(sequences: Int) -> Double {
        sequences == 0 ? 0 : launch + perSequence * Double(sequences)
    }

    /// The line through `context`, given its part that does not depend on windows.
    func line(fixed: Double, sequences: Int, context: Int) -> DecodeLine {
        guard perWindowed > 0 else { return DecodeLine(fixed: fixed, perContextToken: perContext) }
        let (limit, overflow) = sequences.multipliedReportingOverflow(by: window)
        if overflow || context <= limit {
            return DecodeLine(
                fixed: fixed, perContextToken: perContext + perWindowed, contextLimit: overflow ? .max : limit)
        }
        return DecodeLine(fixed: fixed + perWindowed * Double(limit), perContextToken: perContext)
    }

    /// Nanoseconds of decode attention beside prompt chunks.
    func mixedTime(sequences: Int, context: Int) -> Double {
        let fixed = fixed(sequences: sequences)
        return fixed + mixedFactor * (time(sequences: sequences, context: context) - fixed)
    }

    /// Nanoseconds of decode attention in a step of decodes only.
    func time(sequences: Int, context: Int) -> Double {
        guard sequences > 0 else { return 0 }
        let line = line(fixed: fixed(sequences: sequences), sequences: sequences, context: context)
        return line.fixed + line.perContextToken * Double(context)
    }
}

/// Prefill attention of all layers as a function of pairs, context and new tokens.
struct PrefillCoefficients: Hashable, Sendable {
    let launch: Double
    let perToken: Double
    let perPair: Double
    let perContext: Double
    let overlap: KernelFit.Overlap
    /// Layers that see everything, and layers with a window.
    let full: Double
    let windowed: Double
    let window: Double

    init(_ architecture: ModelArchitecture, _ attention: LayerWork.Attention, _ kernels: StepKernels) {
        let kernel = kernels.prefill
        launch = Double(architecture.layers) * kernel.overhead
        perToken =
            Double(architecture.layers) * kernel.perRowByte * attention.rowElements * kernels.plain.elementBytes
        perPair = kernel.perOperation * attention.prefillOperations
        perContext = kernel.perByte * attention.cachedElements * kernel.elementBytes
        overlap = kernel.overlap
        windowed = Double(architecture.slidingWindow?.layers ?? 0)
        full = Double(architecture.layers) - windowed
        window = Double(architecture.slidingWindow?.tokens ?? 0)
    }

    /// Nanoseconds of prefill attention, calls aside. A windowed layer scores at most `window` pairs per new token and
    /// reads at most the chunk and one window per sequence.
    func time(_ shape: StepShape) -> Double {
        let (tokens, context) = (Double(shape.prefillTokens), Double(shape.prefillContext))
        let everything = perToken * tokens + full * overlap.join(perPair * shape.prefillPairs, perContext * context)
        guard windowed > 0 else { return everything }
        let pairs = min(shape.prefillPairs, tokens * window)
        let seen = min(context, tokens + Double(shape.prefillSequences) * window)
        return everything + windowed * overlap.join(perPair * pairs, perContext * seen)
    }

    /// Nanoseconds of calls: one kernel serves prompts and decodes of a step, so only what exceeds decode's own.
    func launch(besides decode: DecodeCoefficients, _ shape: StepShape) -> Double {
        shape.decodeSequences == 0 ? launch : max(0, launch - decode.launch)
    }
}
