import Pricing
public import Primitives

/// Defaults for supply, each with its source. Figures marked measured were computed from the data named; the data
/// themselves are not part of Isocost.
public enum SupplyFacts {
    // MARK: Spot availability

    /// Up- and down-runs of spot capacity, with the correlation of the zones of a region.
    ///
    /// Unbroken runs of recorded availability, those cut off by a trace's ends left out. Hours; classes by region of
    /// p3.2xlarge (one V100), CPU from r5.16xlarge in us-east-1. Correlation: mean over the pairs of zones of a region,
    /// each .25 to .59; between regions .14 (.03 to .27), which is taken as none.
    private static let runs: [SpotTightness: (up: (Double, Double), down: (Double, Double), regional: Double)] = [
        .scarce: ((0.487, 1.533), (0.542, 2.077), 0.40),
        .typical: ((0.542, 3.220), (0.487, 1.793), 0.43),
        .ample: ((1.029, 6.969), (0.379, 0.889), 0.45),
    ]
    private static let processorRuns = (up: (0.378, 1.628), down: (0.151, 0.391), regional: 0.24)

    private static let traces = "skypilot-org/spot-traces @ 221da1a (no licence: figures only)"
    private static let gpuTraces =
        traces + ", AWS p3.2xlarge (1 V100), 9 zones in 3 regions, 45 days from 2023-02-15, a probe each 195 s; "
        + "probes at the margin of capacity lose it far more often than running fleets (see the advisor's bands)"
    private static let processorTraces =
        traces + ", AWS r5.16xlarge, 3 zones of us-east-1, 6 days from 2023-04-19, a probe each 34 s"

    /// Mean up-run of one accelerator over that of eight: 3.30 h ÷ 1.04 h over the same zones (V100 3.4, K80 2.9),
    /// while down-runs were alike, 1.31 h and 1.38 h.
    public static let eightAcceleratorPenalty = SupplyFact(
        3.17, .measured, traces + ", AWS p2 and p3, 2 zones of us-west-2, from 2022-10-26 (2,144 runs)")

    /// When a zone has spot capacity.
    ///
    /// - Parameters:
    ///   - provider: lower case, e.g. `aws`. Other providers' capacity is assumed to behave like AWS's.
    ///   - accelerators: per instance; 0 = a CPU instance. Between 1 and 8 the penalty grows as a power of the number,
    ///     and not beyond.
    ///   - tightness: the class of region; without effect on CPU instances.
    public static func spot(
        provider: String, accelerators: Int, tightness: SpotTightness = .typical
    ) -> SupplyFact<AvailabilityProcess> {
        let found = accelerators > 0 ? runs[tightness] ?? processorRuns : processorRuns
        let power = Mathematics.log(Double(min(max(accelerators, 1), 8))) / Mathematics.log(8)
        let process = AvailabilityProcess(
            upMedian: hours(found.up.0), upMean: hours(found.up.1), downMedian: hours(found.down.0),
            downMean: hours(found.down.1), regionalShare: found.regional,
            sizePenalty: Mathematics.pow(eightAcceleratorPenalty.value, power))
        let source = accelerators > 0 ? gpuTraces : processorTraces
        guard provider == "aws" else {
            return SupplyFact(process, .assumed, "as on AWS, for lack of traces of \(provider): " + source)
        }
        return SupplyFact(process, accelerators > 1 ? .derived : .measured, source)
    }

    // MARK: Spot notice

    /// From the announcement of an interruption to the loss of the machine. Best effort everywhere.
    public static func notice(provider: String) -> SupplyFact<SimulatedDuration> {
        switch provider {
        case "aws":
            .init(.seconds(120), .published, "EC2 user guide, spot interruption notices (2 min; none with hibernation)")
        case "gcp": .init(.seconds(30), .published, "Compute Engine documentation of Spot VMs (ACPI, 30 s)")
        case "azure": .init(.seconds(30), .published, "Azure Spot VM documentation, Scheduled Events (30 s)")
        case "mithril": .init(.seconds(300), .published, "docs.mithril.ai, spot auction (5 min)")
        case "runpod":
            .init(.seconds(5), .assumed, "SIGTERM, then killed about 5 s later: reported, never verified")
        case "vast": .init(.zero, .published, "docs.vast.ai, FAQ: outbid means paused at once")
        default: .init(.zero, .assumed, "no notice is known of \(provider); none is assumed")
        }
    }

    // MARK: The spot advisor

    /// The bands of AWS's spot advisor: share of instances interrupted in a month.
    public enum AdvisorBand: String, Sendable, CaseIterable {
        case under5 = "<5%"
        case from5 = "5-10%"
        case from10 = "10-15%"
        case from15 = "15-20%"
        case over20 = ">20%"

        /// Interruptions per running hour: −ln(1 − share) ÷ 730 at the band's middle; of the open band, its lower bound.
        public var reclaimsPerHour: Double {
            let share: Double =
                switch self {
                case .under5: 0.025
                case .from5: 0.075
                case .from10: 0.125
                case .from15: 0.175
                case .over20: 0.20
                }
            return -Mathematics.log(1 - share) / 730
        }
    }

    /// Type-regions of an instance family per band, in the order of ``AdvisorBand``; six regions.
    private static let advisor: [(family: String, counts: [Int])] = [
        ("g4dn", [0, 3, 9, 5, 25]), ("g5", [6, 1, 5, 5, 31]), ("g5g", [16, 4, 1, 1, 2]), ("g6", [5, 3, 5, 4, 23]),
        ("g6e", [7, 3, 7, 2, 21]), ("inf2", [13, 3, 1, 3, 4]), ("p3", [0, 0, 0, 0, 18]), ("p4d", [1, 1, 1, 0, 3]),
        ("p4de", [3, 0, 0, 1, 0]), ("p5", [0, 2, 1, 0, 1]), ("p5en", [2, 1, 0, 0, 1]), ("c6i", [1, 9, 6, 13, 31]),
        ("c7a", [4, 7, 7, 4, 50]), ("c7i", [2, 9, 8, 9, 38]), ("c8g", [17, 19, 9, 7, 20]), ("m6i", [3, 7, 6, 8, 36]),
        ("m7i", [5, 16, 11, 11, 23]),
    ]

    /// Interruptions of running spot machines of an AWS instance type per hour, the mean over the type's family: the
    /// experience of whole fleets, far milder than ``spot(provider:accelerators:tightness:)``. Take one or the other: both
    /// describe the same interruptions. `nil` for families that were not looked up.
    public static func advisorReclaimsPerHour(instanceType: String) -> SupplyFact<Double>? {
        let family = instanceType.prefix { $0 != "." }
        guard let counts = advisor.first(where: { $0.family == family })?.counts else { return nil }
        let sum = zip(AdvisorBand.allCases, counts).reduce(0) { $0 + $1.0.reclaimsPerHour * Double($1.1) }
        return SupplyFact(
            sum / Double(counts.reduce(0, +)), .derived,
            "AWS spot advisor 2025-06-28 (alexei-led/spotinfo), \(family) in 6 regions; the band >20% counted as 20%")
    }

    // MARK: Marketplace hosts

    /// Mean unrented offers a day of machines with 1, 2, 4 and 8 accelerators, and the median over days of the day's
    /// median price of what is unrented, in dollars per accelerator and hour.
    private static let offers: [(accelerator: String, byCount: [Double], dollars: Double)] = [
        ("RTX-4090", [28.8, 15.4, 7.9, 3.2], 0.801), ("RTX-5090", [22.5, 10.8, 8.5, 4.7], 1.003),
        ("A100-80GB", [10.8, 6.3, 4.1, 1.7], 1.189), ("H200", [6.6, 5.7, 4.7, 3.6], 4.014),
        ("B200", [3.7, 4.5, 4.4, 2.6], 6.239), ("A100-80GB-PCIe", [6.4, 3.0, 1.5, 1.1], 0.889),
        ("H100-SXM", [4.8, 3.0, 1.1, 0.9], 3.520), ("L40S", [3.6, 2.4, 1.0, 0.5], 1.002),
    ]

    private static let offerNote =
        "; counts swing more than this model's Poisson numbers do (variance 3 to 26 times the mean)"

    /// A free machine's mean stay on the market, and its log-normal sigma.
    ///
    /// In a market of Poisson arrivals the correlation of the numbers of offers k days apart is the share of stays that
    /// last k days more. Medians over the eight accelerators: .58, .33, .175 at 1, 2, 3 days; fitted by
    /// least squares, which leaves .584, .32, .18.
    public static let freeStay = SupplyFact(
        SimulatedDuration.hours(54), .derived,
        MarketFacts.hostSpreadSource
            + ": from the correlation of daily numbers (29 days, so ±40 %); at least 17 % of single offers were there on the"
            + " next day at the same price")
    /// See ``freeStay``.
    public static let freeStaySigma = 0.7

    /// Mean time until a host takes a rented machine away.
    public static let rentedStay = SupplyFact(
        SimulatedDuration.hours(720), .assumed,
        "30 days: rented machines are in no public listing; hosts state their longest rental themselves")

    /// The hosts of Vast.ai that offer `count` accelerators in one machine, or the nearest of 1, 2, 4 and 8 below.
    ///
    /// Prices are those of unrented machines, and thus dear when little is left; the median is of one accelerator × `count`.
    /// - Parameter accelerator: canonical device name, e.g. `RTX-4090`; `nil` is returned where too few were seen.
    public static func market(accelerator: String, count: Int = 1) -> HostMarketFact? {
        guard let found = offers.first(where: { $0.accelerator == accelerator }),
            let spread = MarketFacts.hostSpread(of: accelerator)
        else { return nil }
        let column = count < 2 ? 0 : count < 4 ? 1 : count < 8 ? 2 : 3
        let bidShare = spread.leastBid.value(at: 0.5)
        let perHour = Money(dollars: found.dollars * Double(max(1, count)))
        var population = HostPopulation(
            meanOffers: found.byCount[column], meanStay: freeStay.value, staySigma: freeStaySigma,
            medianPerHour: perHour,
            priceSigma: spread.logSigma, bidShare: bidShare, speedSigma: 0.05, bandwidthSigma: 0.7,
            rentedStay: rentedStay.value)
        population.storagePerGBMonth = MarketFacts.hostStorage
        let source = MarketFacts.hostSpreadSource
        let notes = [
            SupplyNote("offers", "\(found.byCount[column]) machines", .measured, source + offerNote),
            SupplyNote("stay of a free machine", "54 h, sigma 0.7", freeStay.confidence, freeStay.source),
            SupplyNote("stay of a rented machine", "720 h", rentedStay.confidence, rentedStay.source),
            SupplyNote("median price", "\(perHour) $/h", .measured, source + ", unrented machines"),
            SupplyNote("spread of prices", "sigma \(spread.logSigma)", .measured, source),
            SupplyNote("least bid over price", "\(bidShare)", .measured, source),
            SupplyNote(
                "others' bids", "sigma \(population.bidSigma), new each 6 h", .assumed, "others' bids are not public"),
            SupplyNote(
                "takeovers by on-demand renters", "\(population.takeoversPerHour) per hour, for 4 h", .assumed,
                "not public"),
            SupplyNote("speed of hosts", "sigma 0.05", .assumed, "power limits and hosts' processors differ; no data"),
            SupplyNote(
                "downlink", "500 Mbit/s median, sigma 0.7", .assumed,
                "Vast.ai verifies 10 Mbit/s, and the catalogue lists 100 Mbit/s and more; no distribution was found"),
        ]
        return HostMarketFact(
            population: population, offersPerDay: [spread.supply.low, spread.supply.median, spread.supply.high],
            notes: notes)
    }

    /// Chance that a machine rented on a marketplace comes up.
    public static let marketLaunchSuccess = SupplyFact(
        0.85, .assumed,
        "between certainty and the .58 of one project's log of 571 launches on Vast.ai, 240 of which its own watchdog killed"
            + " (75 % to 37 % by group of machines; timeout unknown), an upper bound of failures")

    // MARK: Reliability

    /// How machines fail by themselves: a share of time up, with an assumed repair of half an hour (one hour where nobody
    /// is on duty).
    public static func reliability(_ tier: HostTier) -> SupplyFact<Reliability> {
        let proposal = "no field distribution was found; "
        let known: (uptime: Double, repair: SimulatedDuration, text: String) =
            switch tier {
            case .hyperscale: (0.999, .seconds(1_800), "the upper end of data centres' 99.5 to 99.9 % of time up")
            case .dataCentre: (0.997, .seconds(1_800), "the middle of data centres' 99.5 to 99.9 % of time up")
            case .community:
                (0.99, .seconds(3_600), "within 98 to 99.5 %; RunPod drops hosts below 98 % (docs.runpod.io)")
            }
        let mean = SimulatedDuration(seconds: (known.repair.seconds * known.uptime / (1 - known.uptime)).rounded())
        return SupplyFact(
            Reliability(meanTimeToFailure: mean, meanRepair: known.repair), .assumed, proposal + known.text)
    }

    private static func hours(_ value: Double) -> SimulatedDuration { SimulatedDuration(seconds: value * 3_600) }
}
