import PerformanceModel

/// A data-parallel rank of a mixture-of-experts model whose experts are spread over all ranks.
///
/// Every rank computes attention for its own sequences; experts see the tokens of all ranks, each rank holding an equal
/// share of them. Ranks step together, so all are taken to carry the same batch, and agree on every step through the
/// host. Per layer the tokens are gathered from, and their sums scattered to, the other ranks: two exchanges of the
/// size of an all-reduce over one rank's tokens.
struct ExpertRankStepCost: StepCostModel {
    private let rank: TransformerStepCost
    /// Nanoseconds for which ranks agree on a step: a sum over sockets of one host (assumption).
    private static let agreement = 1e6
    /// Nanoseconds to add to a step of so many tokens on this rank.
    private let correction: [Double]

    /// - Throws: ``ParallelismError`` when the experts cannot be split over `ranks`.
    init(
        _ architecture: ModelArchitecture, _ precision: Precision, device: Device, ranks: Int, maxBatchedTokens: Int
    ) throws(ParallelismError) {
        let rank = try TransformerStepCost(architecture, precision, device: device, maxBatchedTokens: maxBatchedTokens)
        // A tensor-parallel slice of every expert does the work of a whole share of the experts.
        let together = try TransformerStepCost(
            architecture, precision, device: device, split: Parallelism(tensor: ranks),
            maxBatchedTokens: 1)
        correction = (0...maxBatchedTokens).map { tokens in
            var (own, all) = (StepShape(), StepShape())
            own.decodeSequences = tokens
            all.decodeSequences = tokens * ranks
            let exchange = Self.time(of: .allReduce, together, own)
            let experts = Self.time(of: .experts, together, all) - Self.time(of: .experts, rank, own)
            return tokens == 0 ? 0 : experts + exchange + Self.agreement
        }
        self.rank = rank
    }

    private static func time(of part: StepPart, _ cost: TransformerStepCost, _ shape: StepShape) -> Double {
        cost.breakdown(shape).first { $0.part == part }?.nanoseconds ?? 0
    }

    func stepTime(_ shape: StepShape) -> Double {
        guard shape.prefillTokens > 0 else {
            let line = decodeLine(sequences: shape.decodeSequences, context: shape.decodeContext)
            return line.fixed + line.perContextToken * Double(shape.decodeContext)
        }
        return rank.stepTime(shape) + correction[min(shape.tokens, correction.count - 1)]
    }

    func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        var line = rank.decodeLine(sequences: sequences, context: context)
        line.fixed += correction[min(sequences, correction.count - 1)]
        return line
    }
}
