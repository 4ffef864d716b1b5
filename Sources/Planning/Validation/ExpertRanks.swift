import PerformanceModel

/// A data-parallel rank of a mixture-of-experts model whose experts are spread over all ranks.
///
/// Every rank computes attention for its own sequences; experts see the tokens of all ranks, each rank holding an equal
/// share of them. Ranks step together, so all are taken to carry the same batch. Per layer the tokens are gathered
/// from, and their sums scattered to, the other ranks, which moves what one all-reduce moves.
struct ExpertRankStepCost: StepCostModel {
    private let rank: TransformerStepCost
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
            let shared = Self.parts(together, all)
            return shared.experts + shared.allReduce / 2 - Self.parts(rank, own).experts
        }
        self.rank = rank
    }

    private static func parts(_ cost: TransformerStepCost, _ shape: StepShape) -> (experts: Double, allReduce: Double) {
        let parts = cost.breakdown(shape)
        func time(_ part: StepPart) -> Double { parts.first { $0.part == part }?.nanoseconds ?? 0 }
        return (time(.experts), time(.allReduce))
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
