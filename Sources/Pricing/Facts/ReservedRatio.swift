/// The price of a commitment for one or three years as a share of the on-demand price, as once listed.
public struct ReservedRatio: Sendable, Equatable {
    /// As in the catalogue, e.g. `aws`.
    public let provider: String
    /// Beginning of the instance types meant, in lower case, e.g. `g6e.`.
    public let family: String
    /// One-year price over on-demand price, × 1000; `nil` = none listed.
    public let oneYear: Int64?
    /// Three-year price over on-demand price, × 1000; `nil` = none listed.
    public let threeYears: Int64?
    /// Where the prices were read.
    public let source: String
    /// When.
    public let observed: String
    /// What was assumed, or `nil`.
    public let assumption: String?

    /// The ratio that holds for an offer on a term, and where it is from; `nil` where none is listed.
    public static func of(_ offer: Offer, on terms: PurchaseTerms) -> (thousandths: Int64, ratio: ReservedRatio)? {
        let type = offer.instanceType.lowercased()
        guard let row = all.first(where: { $0.provider == offer.provider && type.hasPrefix($0.family) }) else {
            return nil
        }
        switch terms {
        case .reservedOneYear: return row.oneYear.map { ($0, row) }
        case .reservedThreeYears: return row.threeYears.map { ($0, row) }
        default: return nil
        }
    }

    /// Every row, longer families of a provider before their beginnings.
    public static let all = amazon + microsoft + google

    private typealias Listed = (family: String, oneYear: Int64?, threeYears: Int64?)

    private static let amazon: [ReservedRatio] = {
        let source = "sooddvs/gpu-pricing, us-east-1"
        let listed: [Listed] = [
            ("p4de.", 634, 427), ("p4d.", 634, 427), ("p5.", nil, 432), ("g6e.", 630, 432), ("g6.", 651, 459),
        ]
        let standIn = "no ratio of g5 was found: that of g6 stands in"
        return listed.map { row("aws", $0, source, "2026-06-15") }
            + [row("aws", ("g5.", 651, 459), source, "2026-06-15", assumption: standIn)]
    }()

    private static let microsoft =
        ([
            ("standard_nc24ads_a100_v4", 832, 617), ("standard_nc48ads_a100_v4", 832, 617),
            ("standard_nc96ads_a100_v4", 832, 617), ("standard_nc40ads_h100_v5", 832, 617),
            ("standard_nc80adis_h100_v5", 832, 617), ("standard_nd96amsr_a100_v4", 862, 519),
        ] as [Listed]).map { row("azure", $0, "sooddvs/gpu-pricing, eastus", "2026-06-15") }

    /// Whole machines, host and accelerators; the accelerator alone of an `a3` has the ratios of the whole.
    private static let google =
        ([
            ("a2-highgpu", 630, 350), ("a2-megagpu", 630, 350), ("a3-highgpu", 694, 439), ("g2-standard", 630, 450),
            ("g4-standard", 690, 440), ("c3-", 630, 450), ("c3d-", 630, 450), ("c4-", 630, 450), ("c4d-", 630, 450),
            ("n1-", 630, 450), ("n2-", 630, 450), ("n2d-", 630, 450), ("e2-", 630, 450),
        ] as [Listed]).map {
            row("gcp", $0, "Cyclenerd/google-cloud-pricing-cost-calculator, us-central1", "2026-07-30")
        }

    private static func row(
        _ provider: String, _ ratio: Listed, _ source: String, _ observed: String, assumption: String? = nil
    ) -> ReservedRatio {
        ReservedRatio(
            provider: provider, family: ratio.family, oneYear: ratio.oneYear, threeYears: ratio.threeYears,
            source: source, observed: observed, assumption: assumption)
    }
}
