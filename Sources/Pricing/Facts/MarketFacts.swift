public import Primitives

/// Figures about how prices move and spread, each with where and when it was read. Nothing here is a quotation.
public enum MarketFacts {
    // MARK: Spot prices over time

    /// How the spot prices of one family of instances moved.
    public struct SpotMovement: Sendable, Equatable {
        /// Beginning of the instance types meant.
        public let family: String
        /// Standard deviation of the daily change of the price's logarithm.
        public let dailySigma: Double
        /// Standard deviation of the logarithm of the price within one zone, the median of zones.
        public let levelSigma: Double
    }

    /// AWS, root mean square of log changes per day over observations 1 to 8 days apart, in each availability zone.
    public static let amazonMovements: [SpotMovement] = [
        .init(family: "g4dn.xlarge", dailySigma: 0.0101, levelSigma: 0.162),
        .init(family: "g4dn.", dailySigma: 0.0205, levelSigma: 0.184),
        .init(family: "g5.xlarge", dailySigma: 0.0130, levelSigma: 0.226),
        .init(family: "g5.12xlarge", dailySigma: 0.0223, levelSigma: 0.207),
        .init(family: "g5.", dailySigma: 0.0291, levelSigma: 0.319),
        .init(family: "p3.", dailySigma: 0.0139, levelSigma: 0.103),
        .init(family: "p4d.", dailySigma: 0.0259, levelSigma: 0.448),
        .init(family: "p5.", dailySigma: 0.0156, levelSigma: 0.179),
        .init(family: "inf2.", dailySigma: 0.0336, levelSigma: 0.340),
        .init(family: "c6i.", dailySigma: 0.0199, levelSigma: 0.115),
        .init(family: "c7a.", dailySigma: 0.0387, levelSigma: 0.394),
        .init(family: "c7i.", dailySigma: 0.0246, levelSigma: 0.142),
        .init(family: "m7i.", dailySigma: 0.0206, levelSigma: 0.158),
    ]
    /// Where ``amazonMovements`` come from.
    public static let amazonMovementSource =
        "asaiacai/skypilot-catalog history, 17 types in 5 regions, 2022-12-02 to 2024-04-30"
    /// Share of days on which AWS's price in a zone stayed: between .20 (p5) and .57 (p4d) of steps of 2 or 3 days.
    public static let amazonStays = 0.4

    /// The movement of an offer's spot price on AWS: its family's, or that of `g5.` in general (an assumption).
    public static func amazonMovement(of instanceType: String) -> SpotMovement {
        amazonMovements.first { instanceType.hasPrefix($0.family) }
            ?? .init(family: "other", dailySigma: 0.0223, levelSigma: 0.207)
    }

    /// How the spot prices of `offer` move, or `nil` where nothing is known of its provider.
    ///
    /// - AWS: daily. The daily variance sits in the days that move, and the pull to the mean is the one that
    ///   gives an Ornstein-Uhlenbeck process the level's spread: reversion per moving day = σ² ÷ (2 × level²).
    /// - GCP: administered. 528 changes in 35 938 zone-days of 13 machine types, 2023-05-25 to 2026-07-30: one in 68 days;
    ///   root mean square of a change .163 of the logarithm (median .051), level's spread about .20
    ///   (Cyclenerd/google-cloud-pricing-cost-calculator).
    public static func walk(of offer: Offer) -> PriceWalk? {
        switch offer.provider {
        case "aws":
            let movement = amazonMovement(of: offer.instanceType)
            let variance = movement.dailySigma * movement.dailySigma / (1 - amazonStays)
            return PriceWalk(
                interval: .hours(24), stays: amazonStays, sigma: variance.squareRoot(),
                reversion: min(1, variance / (2 * movement.levelSigma * movement.levelSigma)))
        case "gcp":
            return PriceWalk(interval: .hours(24), stays: 1 - 1 / 68.0, sigma: 0.163, reversion: 0.163 * 0.163 / 0.08)
        default: return nil
        }
    }

    // MARK: Marketplace hosts

    /// Quantiles of a ratio: lowest, .10, .25, .50, .75, .90, highest, made piecewise linear between.
    public struct Quantiles: Sendable, Equatable, ExpressibleByArrayLiteral {
        /// At ``probabilities``, ascending.
        public let values: [Double]
        /// Where the values stand.
        public static let probabilities = [0, 0.10, 0.25, 0.50, 0.75, 0.90, 1]

        /// Seven values, ascending.
        /// - Precondition: there are seven.
        public init(arrayLiteral values: Double...) {
            precondition(values.count == Self.probabilities.count, "a value for each probability")
            self.values = values
        }

        /// The value that a share `probability` stays below; linear between the quantiles.
        public func value(at probability: Double) -> Double {
            let p = min(max(probability, 0), 1)
            let upper = max(1, Self.probabilities.firstIndex { $0 >= p } ?? Self.probabilities.count - 1)
            let (from, to) = (Self.probabilities[upper - 1], Self.probabilities[upper])
            return values[upper - 1] + (values[upper] - values[upper - 1]) * (p - from) / (to - from)
        }
    }

    /// How the hosts of a marketplace that offer one accelerator spread.
    public struct HostSpread: Sendable {
        /// Canonical device name.
        public let accelerator: String
        /// A host's price over the day's median of the same accelerator.
        public let price: Quantiles
        /// Standard deviation of that ratio's logarithm, from the .159 and .841 quantiles.
        public let logSigma: Double
        /// Least bid over on-demand price, day by day in one country and count.
        public let leastBid: Quantiles
        /// Unrented hosts that the price quantiles were taken from, over all days.
        public let offers: Int
        /// Unrented offers on a day: 10th percentile, median, 90th percentile.
        public let supply: (low: Int, median: Int, high: Int)
    }

    /// Where ``hostSpreads`` come from.
    public static let hostSpreadSource =
        "Vast.ai unrented offers by cherielilili/gpu-pricing-tracker, 29 uncapped days, 2026-05-08 to 2026-06-05"

    /// Vast.ai. The outermost prices are hosts that nobody rents: tails are cut at a quarter and four times the median.
    ///
    /// Rows of more than three offers give lowest, median and highest only; the rest was taken evenly between, which is
    /// 4 % (L40S) to 38 % (B200) of all offers. Ratios of least bids above 1, of medians over different hosts, are cut there.
    public static let hostSpreads: [HostSpread] = [
        HostSpread(
            accelerator: "RTX-4090", price: [0.37, 0.76, 0.89, 1, 1.28, 1.58, 4], logSigma: 0.277,
            leastBid: [0.11, 0.44, 0.57, 0.72, 0.90, 0.97, 1], offers: 1_677, supply: (14, 45, 123)),
        HostSpread(
            accelerator: "RTX-5090", price: [0.25, 0.75, 0.88, 1, 1.21, 1.53, 4], logSigma: 0.262,
            leastBid: [0.13, 0.43, 0.55, 0.67, 0.83, 0.94, 1], offers: 1_370, supply: (6, 41, 93)),
        HostSpread(
            accelerator: "A100-80GB", price: [0.38, 0.71, 0.85, 1, 1.30, 1.72, 2.34], logSigma: 0.377,
            leastBid: [0.15, 0.36, 0.46, 0.60, 0.83, 0.92, 0.97], offers: 665, supply: (7, 23, 38)),
        HostSpread(
            accelerator: "H200", price: [0.46, 0.93, 0.96, 1, 1.06, 1.12, 1.98], logSigma: 0.073,
            leastBid: [0.10, 0.30, 0.45, 0.68, 0.87, 0.93, 1], offers: 594, supply: (0, 17, 47)),
        HostSpread(
            accelerator: "B200", price: [0.25, 0.72, 0.87, 1, 1.08, 1.23, 2.16], logSigma: 0.178,
            leastBid: [0.30, 0.42, 0.65, 0.75, 0.83, 0.90, 0.98], offers: 441, supply: (4, 14, 32)),
        HostSpread(
            accelerator: "A100-80GB-PCIe", price: [0.51, 0.70, 0.80, 1, 1.16, 1.48, 2.29], logSigma: 0.285,
            leastBid: [0.11, 0.11, 0.16, 0.60, 0.80, 0.91, 1], offers: 345, supply: (5, 11, 21)),
        HostSpread(
            accelerator: "H100-SXM", price: [0.52, 0.71, 0.86, 1, 1.17, 1.42, 3.71], logSigma: 0.256,
            leastBid: [0.19, 0.24, 0.34, 0.53, 0.80, 0.91, 1], offers: 281, supply: (0, 9, 20)),
        HostSpread(
            accelerator: "L40S", price: [0.53, 0.79, 0.91, 1, 1.26, 1.78, 2.01], logSigma: 0.332,
            leastBid: [0.33, 0.44, 0.44, 0.75, 0.89, 0.96, 0.98], offers: 211, supply: (0, 6, 18)),
    ]

    /// The spread of an accelerator's hosts; `nil` where too few were seen.
    public static func hostSpread(of accelerator: String) -> HostSpread? {
        hostSpreads.first { $0.accelerator == accelerator }
    }

    /// What Vast.ai hosts ask per gigabyte sent or received: from nothing to this (thundercompute.com, 2026-06-01).
    public static let dearestHostTraffic = Money(nanodollars: 60_000_000)
    /// What Vast.ai hosts ask per gigabyte and month of disk: set by each host, no distribution was found.
    public static let hostStorage: Money? = nil
    /// RunPod's interruptible price over its secure price: unknown but for one accelerator (.50); an assumption.
    public static let runpodInterruptibleShare = 0.5

    // MARK: Short reservations

    /// A price for a block of days to months, paid in advance: the price of a ``Commitment/prepaid(_:of:months:perHour:)``.
    public struct ShortReservation: Sendable, Equatable {
        /// As in the catalogue.
        public let provider: String
        /// Instance type, or accelerator where the price is per accelerator.
        public let name: String
        /// What the provider calls it.
        public let product: String
        /// Per hour of the instance, or of one accelerator without its host.
        public let perHour: Money
        /// When it was read.
        public let observed: String
    }

    /// AWS Capacity Blocks (whole instances; the mirror of late 2024 says that rates change on 2025-01-01) and Google's
    /// Dynamic Workload Scheduler (one accelerator, us-central1, sooddvs/gpu-pricing).
    public static let shortReservations: [ShortReservation] =
        [("p5.48xlarge", 3_933), ("p5e.48xlarge", 4_326), ("p4d.24xlarge", 1_475)].map {
            short("aws", $0, "Capacity Block", "2024 (late)")
        }
        + [("A100-40GB", 161), ("A100-80GB", 185), ("H100-SXM", 420), ("H200", 458), ("B200", 806)].map {
            short("gcp", $0, "DWS flex-start", "2026-06-15")
        }
        + [("H100-SXM", 457), ("H200", 647), ("B200", 1_128)].map { short("gcp", $0, "DWS calendar", "2026-06-15") }

    private static func short(
        _ provider: String, _ price: (name: String, cents: Int64), _ product: String, _ observed: String
    ) -> ShortReservation {
        ShortReservation(
            provider: provider, name: price.name, product: product, perHour: cents(price.cents), observed: observed)
    }

    // MARK: Storage

    /// A price of storage per gigabyte and month.
    public struct StoragePrice: Sendable, Equatable {
        /// As in the catalogue.
        public let provider: String
        /// What the provider calls it.
        public let product: String
        /// Per gigabyte (of the provider's counting) and month.
        public let perGBMonth: Money
        /// Where it was read.
        public let source: String
    }

    /// List prices of the first tier, us-east-1, us-central1 or the only ones; the rules' own rates are among them.
    public static let storagePrices: [StoragePrice] =
        [("gp3 volume", 80), ("S3 standard", 23), ("EFS", 300)].map {
            storage("aws", $0, "leanopstech and tensorfuse, 2026; gp3 recalled")
        }
        + [
            ("standard persistent disk", 40), ("balanced persistent disk", 100), ("SSD persistent disk", 170),
            ("local SSD", 80), ("snapshot", 50), ("Cloud Storage standard", 20),
        ].map { storage("gcp", $0, "Cyclenerd/google-cloud-pricing-cost-calculator, 2026-07-30") }
        + [storage("azure", ("blob", 18), "leanopstech, 2026")]
        + [("container disk", 100), ("network volume, first TB", 70), ("network volume, above 1 TB", 50)].map {
            storage("runpod", $0, "docs.runpod.io")
        }
        + [storage("lambda", ("filesystem", 200), "docs.lambda.ai, its own example")]

    private static func storage(
        _ provider: String, _ price: (product: String, thousandths: Int64), _ source: String
    ) -> StoragePrice {
        StoragePrice(
            provider: provider, product: price.product, perGBMonth: Money(nanodollars: price.thousandths * 1_000_000),
            source: source)
    }

    // MARK: Owning

    /// What an hour of one owned accelerator costs, all in, by somebody else's model.
    public struct OwnersCost: Sendable, Equatable {
        /// Canonical device name.
        public let accelerator: String
        /// A hyperscaler that owns it.
        public let hyperscaler: Money
        /// A specialised cloud that owns it.
        public let neocloud: Money
        /// Rented for three years.
        public let threeYearRental: Money
        /// Drawn per accelerator, host, network and cooling included.
        public let kilowatts: Double
    }

    /// Where ``ownersCosts`` come from: a model's constants, not prices.
    public static let ownersCostSource = "SemiAnalysisAI/InferenceX-app @ 77ca49a6, 2026-04-03"

    /// Per accelerator-hour. The three-year rentals of B300 are provisional in the source.
    public static let ownersCosts: [OwnersCost] = [
        ("H100-SXM", 130, 169, 130, 1.73), ("H200", 141, 174, 160, 1.73), ("B200", 195, 234, 290, 2.17),
        ("B300", 234, 281, 348, 2.17), ("MI300X", 112, 140, 155, 1.79), ("MI325X", 128, 159, 180, 2.18),
        ("MI355X", 148, 190, 210, 2.65),
    ].map { name, hyperscaler, neocloud, rental, kilowatts in
        OwnersCost(
            accelerator: name, hyperscaler: cents(hyperscaler), neocloud: cents(neocloud),
            threeYearRental: cents(rental), kilowatts: kilowatts)
    }

    private static func cents(_ value: Int64) -> Money { Money(nanodollars: value * 10_000_000) }
}
