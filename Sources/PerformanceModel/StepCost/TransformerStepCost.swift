/// The time of an engine step of a transformer, as the sum over its kernels.
///
/// Everything that depends on the number of tokens alone is tabulated at initialisation up to `maxBatchedTokens`; a
/// step then costs a few table reads and multiplications. The replica's pipeline stages run one after the other:
/// overlapping several batches over stages is not modelled.
///
/// Sliding-window layers: a decode step knows only the sum of its contexts, so such layers are charged
/// min(context, sequences·window) tokens, i.e. the window is applied to the mean context. That never undercharges
/// (the mean of minima is at most the minimum of means). The decode line breaks where the mean context reaches the
/// window; ``DecodeLine/contextLimit`` says so.
///
/// A class although it is an immutable value: it is asked through a protocol at every step, and that would copy a
/// structure of two kilobytes each time.
public final class TransformerStepCost: StepCostModel {
    /// The model served.
    public let architecture: ModelArchitecture
    /// Its number formats.
    public let precision: Precision
    /// Devices of the replica.
    public let split: Parallelism
    /// Where each part's time comes from, in the order of ``StepPart``.
    public let provenance: [PartProvenance]

    let kernels: StepKernels
    let work: LayerWork
    let decode: DecodeCoefficients
    let prefill: PrefillCoefficients
    /// Host nanoseconds per step and per sequence; scalars, for the hot path.
    let perStep: Double
    let perSequence: Double
    /// Nanoseconds by tokens in the step: products of the layers, elementwise work, sums over ranks, stage hand-over.
    let tokenTable: [Double]
    /// Nanoseconds by sequences that emit a token.
    let outputTable: [Double]
    /// ``DecodeLine/fixed`` by sequences, before any saturated window.
    let decodeTable: [Double]

    /// The step cost on a device known by its spec sheet.
    /// - Parameter maxBatchedTokens: size of the tables; larger steps are computed when asked.
    /// - Throws: ``ParallelismError`` when `split` does not divide the model.
    public convenience init(
        _ architecture: ModelArchitecture, _ precision: Precision, device: Device, split: Parallelism = .single,
        maxBatchedTokens: Int = 8_192
    ) throws(ParallelismError) {
        try architecture.validate(split)
        let kernels = StepKernels(device: device, precision: precision, tensor: split.tensor)
        self.init(architecture, precision, kernels: kernels, split: split, tableSize: maxBatchedTokens)
    }

    /// The step cost on a measured machine, straight from its fitted kernels. One device: a profile measures no links.
    /// - Throws: ``ProfileGap`` when the profile lacks a kernel in the precision's formats.
    public convenience init(
        _ architecture: ModelArchitecture, _ precision: Precision, profile: DeviceProfile, maxBatchedTokens: Int = 8_192
    ) throws(ProfileGap) {
        let kernels = try StepKernels(profile: profile, precision: precision, tensor: 1)
        self.init(architecture, precision, kernels: kernels, split: .single, tableSize: maxBatchedTokens)
    }

    init(
        _ architecture: ModelArchitecture, _ precision: Precision, kernels: StepKernels, split: Parallelism,
        tableSize: Int
    ) {
        self.architecture = architecture
        self.precision = precision
        self.split = split
        self.kernels = kernels
        provenance = kernels.provenance
        work = LayerWork(architecture: architecture, tensor: split.tensor)
        decode = DecodeCoefficients(architecture, work.attention, kernels)
        prefill = PrefillCoefficients(architecture, work.attention, kernels)
        let parts = TokenParts(architecture: architecture, work: work, kernels: kernels, split: split)
        let tokens = (0...max(1, tableSize)).map { parts.total(tokens: $0) }
        let output = (0...max(1, tableSize)).map { parts.output(sequences: $0) }
        perStep = kernels.host.perStep
        perSequence = kernels.host.perSequence
        let (decode, host) = (decode, kernels.host)
        tokenTable = tokens
        outputTable = output
        decodeTable = tokens.indices.map { sequences in
            tokens[sequences] + output[sequences] + host.perStep + host.perSequence * Double(sequences)
                + decode.fixed(sequences: sequences)
        }
    }

    /// Nanoseconds for one step; a decode-only step emits a token for every sequence, whatever `sampledSequences` says.
    public func stepTime(_ shape: StepShape) -> Double {
        guard shape.prefillTokens > 0 else {
            let line = decodeLine(sequences: shape.decodeSequences, context: shape.decodeContext)
            return line.fixed + line.perContextToken * Double(shape.decodeContext)
        }
        let sequences = shape.prefillSequences + shape.decodeSequences
        return tokenTime(shape.tokens) + outputTime(shape.sampledSequences)
            + perStep + perSequence * Double(sequences)
            + decode.mixedTime(sequences: shape.decodeSequences, context: shape.decodeContext)
            + prefill.time(shape) + prefill.launch(besides: decode, shape)
    }

    /// The line of decode-only steps; see the type's note on sliding windows.
    public func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        let fixed = sequences < decodeTable.count ? decodeTable[sequences] : untabulatedFixed(sequences)
        return decode.line(fixed: fixed, sequences: sequences, context: context)
    }

    func tokenTime(_ tokens: Int) -> Double {
        tokens < tokenTable.count ? tokenTable[tokens] : parts.total(tokens: tokens)
    }

    func outputTime(_ sequences: Int) -> Double {
        sequences < outputTable.count ? outputTable[sequences] : parts.output(sequences: sequences)
    }

    var parts: TokenParts {
        TokenParts(architecture: architecture, work: work, kernels: kernels, split: split)
    }

    private func untabulatedFixed(_ sequences: Int) -> Double {
        tokenTime(sequences) + outputTime(sequences) + perStep + perSequence * Double(sequences)
            + decode.fixed(sequences: sequences)
    }
}
