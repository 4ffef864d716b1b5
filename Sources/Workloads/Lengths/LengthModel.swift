public import Primitives

/// How a request's input and output lengths come about.
public enum LengthModel: Sendable, Hashable, Codable {
    /// Drawn independently.
    case independent(input: LengthDistribution, output: LengthDistribution)
    /// The output depends on the input's band.
    case joint(JointLengths)

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        switch self {
        case .independent(let input, let output):
            do { try input.validate() } catch { throw error.within("input") }
            do { try output.validate() } catch { throw error.within("output") }
        case .joint(let joint): try joint.validate()
        }
    }
}

/// Input lengths by quantiles, and output lengths by quantiles within bands of the input.
public struct JointLengths: Sendable, Hashable, Codable {
    /// Outputs of the inputs above the previous band's `upTo` and up to this one's.
    public struct Band: Sendable, Hashable, Codable {
        /// The longest input of the band, in tokens.
        public var upTo: Int32
        /// Output lengths in tokens by quantile.
        public var outputs: QuantileTable

        /// A band that ends with inputs of `upTo` tokens.
        public init(upTo: Int32, outputs: QuantileTable) {
            self.upTo = upTo
            self.outputs = outputs
        }
    }

    /// Input lengths in tokens by quantile.
    public var inputs: QuantileTable
    /// In rising order of `upTo`; inputs above the last band take the last band's outputs.
    public var bands: [Band]

    /// Checked by ``validate()``, not here.
    public init(inputs: QuantileTable, bands: [Band]) {
        self.inputs = inputs
        self.bands = bands
    }

    /// Checks bounds and order.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        do { try LengthDistribution.quantiles(inputs).validate() } catch { throw error.within("inputs") }
        guard !bands.isEmpty, zip(bands, bands.dropFirst()).allSatisfy({ $0.upTo < $1.upTo }) else {
            throw WorkloadError(setting: "bands", message: "the bands must rise, and there must be one")
        }
        for band in bands {
            do { try LengthDistribution.quantiles(band.outputs).validate() } catch { throw error.within("bands") }
        }
    }
}

/// A ``LengthModel`` made ready to sample.
struct LengthModelSampler {
    private let input: LengthSampler
    private let outputs: [LengthSampler]
    private let bounds: [Int32]

    /// - Precondition: the model is valid.
    init(_ model: LengthModel) {
        switch model {
        case .independent(let input, let output):
            self.input = LengthSampler(input)
            outputs = [LengthSampler(output)]
            bounds = []
        case .joint(let joint):
            input = LengthSampler(.quantiles(joint.inputs))
            outputs = joint.bands.map { LengthSampler(.quantiles($0.outputs)) }
            bounds = joint.bands.dropLast().map(\.upTo)
        }
    }

    /// Lengths at two uniforms in (0, 1).
    func lengths(at first: Double, _ second: Double) -> (input: Int32, output: Int32) {
        let input = input.length(at: first)
        let band = bounds.firstIndex { input <= $0 } ?? bounds.count
        return (input, outputs[band].length(at: second))
    }
}
