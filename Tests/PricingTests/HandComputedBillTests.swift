import Pricing
import Primitives
import Testing

/// A line as it should be: its words, what it is billed at in nano-dollars, and how that comes about.
struct WorkedLine: Sendable {
    let text: String
    let nanodollars: Int64
    init(_ text: String, _ nanodollars: Int64, _ because: String) {
        self.text = text
        self.nanodollars = nanodollars
    }
}

/// A usage pattern under one provider's rules, and its bill worked out on paper.
struct WorkedPattern: Sendable, CustomTestStringConvertible {
    let name: String
    /// Offer, terms and what is around the machine; made where the test runs, since it may throw.
    let pools: @Sendable () throws -> [PoolTerms]
    let rentals: [Rental]
    var tokens: [TokenUse] = []
    /// Where the run ends; its last rental's end unless later.
    var endSeconds: Double = 0
    var plan: @Sendable ([PoolTerms]) throws -> BillingPlan = { _ in BillingPlan() }
    let lines: [WorkedLine]

    var testDescription: String { name }
    var ledger: UsageLedger {
        var ledger = UsageLedger(rentals: rentals)
        ledger.tokens = tokens
        ledger.end = max(ledger.end, SimulatedTime(nanoseconds: seconds(endSeconds)))
        return ledger
    }
}

/// A rental of instance 0 of pool 0 from `at` seconds on, in seconds per state.
func lease(
    _ spent: [InstanceState: Double], at start: Double = 0, ending: RentalEnding = .runEnd, resumes: Bool = false,
    _ change: (inout Rental) -> Void = { _ in }
) -> Rental {
    var lease = rental(start: seconds(start), spent.mapValues(seconds))
    lease.ending = ending
    lease.resumes = resumes
    change(&lease)
    return lease
}

func gigabytes(_ value: Int64) -> Int64 { value * 1_000_000_000 }

private func pool(
    _ offer: String, _ terms: PurchaseTerms = .onDemand, price: PriceOverride? = nil,
    around extras: PoolExtras = PoolExtras()
) throws -> PoolTerms {
    try PoolTerms(pool: "p", offer: PriceBook.bundled.offer(offer), terms: terms, price: price).holding(extras)
}

@Suite struct HandComputedBillTests {
    @Test(
        """
        Hyperscale pricing: one hour of a hand-made usage pattern under AWS, GCP and Azure rules (on-demand, spot, \
        commitment, disk, egress, stop/start) yields the same cents as a hand-computed invoice, line by line
        """, arguments: amazon + google + microsoft)
    func hyperscale(_ pattern: WorkedPattern) throws { try check(pattern) }

    @Test(
        "Distributed pricing: an outbid keeps charging disk; platform fee and bandwidth appear as own lines",
        arguments: markets)
    func distributed(_ pattern: WorkedPattern) throws { try check(pattern) }

    @Test(
        """
        Flexibility in pricing: on-demand, spot/market, interruptible bid, reserved/committed, serverless per-second \
        and per-token API are selectable
        """, arguments: otherWays)
    func otherWaysToBuy(_ pattern: WorkedPattern) throws { try check(pattern) }

    private func check(_ pattern: WorkedPattern) throws {
        let pools = try pattern.pools()
        let bill = try pattern.ledger.bill(pools: pools, plan: pattern.plan(pools))
        #expect(bill.invoice.lines.map(\.description) == pattern.lines.map(\.text))
        #expect(bill.invoice.lines.map(\.billedCost.nanodollars) == pattern.lines.map(\.nanodollars))
        #expect(bill.invoice.total.nanodollars == pattern.lines.reduce(0) { $0 + $1.nanodollars })
        #expect(bill.split.total == bill.invoice.total)
    }

    @Test func thereAreEnoughPatterns() {
        let all = Self.amazon + Self.google + Self.microsoft + Self.markets + Self.otherWays
        #expect(all.count >= 20 && Set(all.map(\.name)).count == all.count)
    }

    // MARK: AWS. g6e.xlarge: 1.861 $/h on demand, .914 spot; disk .08 $/GB-month of 730 h

    static let amazon: [WorkedPattern] = [
        WorkedPattern(
            name: "aws: an hour on demand with disk, address and 250 GB sent",
            pools: { [try pool("aws/g6e.xlarge", around: PoolExtras(disk: .gigabytes(100), addresses: 1))] },
            rentals: [
                lease([.loading: 300, .busy: 3_000, .idle: 300]) { $0.traffic[.internet] = gigabytes(250) }
            ],
            lines: [
                WorkedLine("on-demand g6e.xlarge", 1_861_000_000, "3600 s of running states: 1.861"),
                WorkedLine("disk of g6e.xlarge", 10_958_904, "100 GB × 1/730 month = .136986301 × .08 = .01095890408"),
                WorkedLine("public IPv4 address of g6e.xlarge", 5_000_000, ".005 × 1 h"),
                WorkedLine("sent to the internet, free allowance", 0, "the first 100 GB of the month"),
                WorkedLine("sent to the internet", 13_500_000_000, "150 GB × .09"),
            ]),
        WorkedPattern(
            name: "aws: started, stopped for half an hour, started again",
            pools: { [try pool("aws/g6e.xlarge", around: PoolExtras(disk: .gigabytes(100)))] },
            rentals: [
                lease([.busy: 30]), lease([.stopped: 1_800], at: 30, resumes: true),
                lease([.busy: 1_000.2], at: 1_830, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand g6e.xlarge", 31_016_667, "30 s is under the minimum of 60 s: 1.861 / 60"),
                WorkedLine("disk of g6e.xlarge", 182_648, "60 s at least: 100 × 60 / 2628000 = .002283105 × .08"),
                WorkedLine("on-demand g6e.xlarge", 0, "stopped: no compute"),
                WorkedLine("disk of g6e.xlarge", 5_479_452, "100 × 1800 / 2628000 = .068493151 × .08 = .00547945208"),
                WorkedLine(
                    "on-demand g6e.xlarge", 517_461_389, "1000.2 s is 1001 s: 1.861 × 1001 / 3600 = .5174613888…"),
                WorkedLine("disk of g6e.xlarge", 3_044_749, "100 × 1000.2 / 2628000 = .038059361 × .08 = .00304474888"),
            ]),
        WorkedPattern(
            name: "aws: spot reclaimed after 59 minutes",
            pools: { [try pool("aws/g6e.xlarge", .spot, around: PoolExtras(disk: .gigabytes(100)))] },
            rentals: [lease([.provisioning: 40, .busy: 3_540], ending: .interrupted)],
            lines: [
                WorkedLine("spot g6e.xlarge, reclaimed early: free", 0, "interrupted by AWS in the first hour"),
                WorkedLine("disk of g6e.xlarge", 10_898_021, "100 × 3580 / 2628000 = .136225266 × .08 = .01089802128"),
            ]),
        WorkedPattern(
            name: "aws: spot reclaimed after an hour and a minute",
            pools: { [try pool("aws/g6e.xlarge", .spot)] },
            rentals: [lease([.busy: 3_660], ending: .interrupted)],
            lines: [WorkedLine("spot g6e.xlarge", 929_233_333, ".914 × 3660 / 3600 = .9292333333…")]),
        WorkedPattern(
            name: "aws: spot given back by its user after 20 minutes",
            pools: { [try pool("aws/g6e.xlarge", .spot)] },
            rentals: [lease([.busy: 1_200], ending: .released)],
            lines: [WorkedLine("spot g6e.xlarge", 304_666_667, "per second always: .914 / 3 = .3046666666…")]),
        WorkedPattern(
            name: "aws: spot at a price that moves within the hour",
            pools: {
                let path = PricePath(steps: [
                    .init(start: .start, perHour: dollars("0.9")),
                    .init(start: SimulatedTime(nanoseconds: seconds(1_000)), perHour: dollars("1.2")),
                    .init(start: SimulatedTime(nanoseconds: seconds(2_800)), perHour: dollars("0.6")),
                ])
                return [try pool("aws/g6e.xlarge", .spot, price: path.map { PriceOverride(path: $0) })]
            },
            rentals: [lease([.provisioning: 400, .busy: 3_600])],
            lines: [
                WorkedLine(
                    "spot g6e.xlarge", 950_000_000,
                    "600 s at .9, 1800 s at 1.2, 1200 s at .6: (540 + 2160 + 720) / 3600 = .95")
            ]),
        WorkedPattern(
            name: "aws: one reserved machine used for three quarters of an hour, a second one on demand for half of it",
            pools: { [try pool("aws/g6e.xlarge")] },
            rentals: [lease([.busy: 2_700]), lease([.busy: 1_800], at: 900) { $0.instance = 1 }], endSeconds: 3_600,
            plan: { BillingPlan(commitments: [try .reserved(1, of: $0[0].offer)]) },
            lines: [
                WorkedLine("g6e.xlarge under 1 x g6e.xlarge, reserved-1y", 0, "2700 of the hour's 3600 s"),
                WorkedLine("g6e.xlarge under 1 x g6e.xlarge, reserved-1y", 0, "the other 900 s: whose is all the same"),
                WorkedLine("on-demand g6e.xlarge", 465_250_000, "900 s are left: 1.861 / 4"),
                WorkedLine(
                    "1 x g6e.xlarge, reserved-1y, the run's share", 1_172_430_000, ".630 × 1.861 = 1.17243, used or not"
                ),
            ]),
        WorkedPattern(
            name: "aws: a pool of two machines reserved for a year, one of them idle for half the hour",
            pools: { [try pool("aws/g6e.xlarge", .reservedOneYear)] },
            rentals: [lease([.busy: 3_600]), lease([.busy: 1_800]) { $0.instance = 1 }],
            lines: [
                WorkedLine("g6e.xlarge under 2 x g6e.xlarge, reserved-1y", 0, "covered"),
                WorkedLine("g6e.xlarge under 2 x g6e.xlarge, reserved-1y", 0, "covered"),
                WorkedLine("2 x g6e.xlarge, reserved-1y, the run's share", 2_344_860_000, "2 × 1.17243"),
                WorkedLine(
                    "unused part of 2 x g6e.xlarge, reserved-1y", 0, "1800 s × 1.17243, told but not billed again"),
            ]),
        WorkedPattern(
            name: "aws: two dollars an hour of spending committed to, at .72 of on demand",
            pools: { [try pool("aws/g6e.xlarge")] },
            rentals: [lease([.busy: 3_600]), lease([.busy: 3_600]) { $0.instance = 1 }],
            plan: { _ in
                BillingPlan(commitments: [
                    try .spend(dollars("2"), at: "aws", rates: [.init(prefix: "aws/", thousandths: 720)])
                ])
            },
            lines: [
                WorkedLine("g6e.xlarge under 2 $/h of spending at aws", 0, "an hour draws .72 × 1.861 = 1.33992"),
                WorkedLine(
                    "g6e.xlarge under 2 $/h of spending at aws", 0,
                    ".66008 are left: .66008 / 1.33992 of the hour"),
                WorkedLine(
                    "on-demand g6e.xlarge", 944_222_222,
                    "the rest of that hour: 1.861 − .66008 / .72 = .9442222222…"),
                WorkedLine("2 $/h of spending at aws, the run's share", 2_000_000_000, "used up"),
            ]),
        WorkedPattern(
            name: "aws: traffic between zones and regions, a load balancer, and a gateway",
            pools: { [try pool("aws/g6e.xlarge", around: PoolExtras(loadBalancers: 1, natGateways: 1))] },
            rentals: [
                lease([.busy: 3_601]) {
                    $0.traffic[.interZone] = gigabytes(10)
                    $0.traffic[.interRegion] = gigabytes(5)
                    $0.traffic[.ingress] = gigabytes(140)
                }
            ],
            lines: [
                WorkedLine("on-demand g6e.xlarge", 1_861_516_944, "1.861 × 3601 / 3600 = 1.8615169444…"),
                WorkedLine("load balancer", 45_000_000, "two started hours × .0225"),
                WorkedLine("address translation", 90_000_000, "two started hours × .045"),
                WorkedLine("sent to other regions", 100_000_000, "5 GB × .02"),
                WorkedLine("sent to other zones", 200_000_000, "10 GB × .01 in each direction"),
                WorkedLine("through address translation", 6_300_000_000, "140 GB × .045; receiving is free"),
            ]),
    ]

    // MARK: GCP. g2-standard-4: .706832 $/h on demand, .397336 spot; disk .10 $/GB-month

    static let google: [WorkedPattern] = [
        WorkedPattern(
            name: "gcp: on demand with a disk and 3 TB sent",
            pools: { [try pool("gcp/g2-standard-4", around: PoolExtras(disk: .gigabytes(50)))] },
            rentals: [lease([.busy: 61.2, .idle: 538.8]) { $0.traffic[.internet] = gigabytes(3_000) }],
            lines: [
                WorkedLine("on-demand g2-standard-4", 117_805_333, ".706832 / 6 = .1178053333…"),
                WorkedLine(
                    "disk of g2-standard-4", 1_141_552, "50 × 600 / 2628000 = .011415525 × .10 = .0011415525, even"),
                WorkedLine("sent to the internet", 120_000_000_000, "the first 1000 GB × .12"),
                WorkedLine("sent to the internet", 220_000_000_000, "2000 GB × .11"),
            ]),
        WorkedPattern(
            name: "gcp: spot preempted after 50 seconds",
            pools: { [try pool("gcp/g2-standard-4", .spot)] },
            rentals: [lease([.loading: 50], ending: .interrupted)],
            lines: [WorkedLine("spot g2-standard-4, reclaimed early: free", 0, "within the first minute")]),
        WorkedPattern(
            name: "gcp: spot preempted after ten minutes, with an address",
            pools: { [try pool("gcp/g2-standard-4", .spot, around: PoolExtras(addresses: 1))] },
            rentals: [lease([.busy: 600], ending: .interrupted)],
            lines: [
                WorkedLine("spot g2-standard-4", 66_222_667, ".397336 / 6 = .0662226666…"),
                WorkedLine(
                    "public IPv4 address of g2-standard-4", 416_667, "a spot machine's: .0025 / 6 = .0004166666…"),
            ]),
        WorkedPattern(
            name: "gcp: committed for three years, twenty minutes' use of an hour",
            pools: { [try pool("gcp/g2-standard-4", .reservedThreeYears)] },
            rentals: [lease([.busy: 1_200])], endSeconds: 3_600,
            lines: [
                WorkedLine("g2-standard-4 under 1 x g2-standard-4, reserved-3y", 0, "covered"),
                WorkedLine("1 x g2-standard-4, reserved-3y, the run's share", 318_074_400, ".45 × .706832"),
                WorkedLine("unused part of 1 x g2-standard-4, reserved-3y", 0, "40 minutes"),
            ]),
    ]

    // MARK: Azure. Standard_NC24ads_A100_v4: 3.673 $/h

    static let microsoft: [WorkedPattern] = [
        WorkedPattern(
            name: "azure: deallocated for most of the hour, 300 GB sent, a load balancer",
            pools: { [try pool("azure/Standard_NC24ads_A100_v4", around: PoolExtras(loadBalancers: 1))] },
            rentals: [
                lease([.busy: 90.5]) { $0.traffic[.internet] = gigabytes(300) },
                lease([.stopped: 3_000], at: 90.5, resumes: true), lease([.busy: 20], at: 3_090.5, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand Standard_NC24ads_A100_v4", 92_845_278, "91 s: 3.673 × 91 / 3600 = .0928452777…"),
                WorkedLine("on-demand Standard_NC24ads_A100_v4", 0, "deallocated"),
                WorkedLine("on-demand Standard_NC24ads_A100_v4", 61_216_667, "a start is a minute: 3.673 / 60"),
                WorkedLine("load balancer", 25_000_000, "one started hour × .025"),
                WorkedLine("sent to the internet, free allowance", 0, "the first 100 GB of the month"),
                WorkedLine("sent to the internet", 17_400_000_000, "200 GB × .087"),
            ]),
        WorkedPattern(
            name: "azure: two machines reserved for a year, both busy",
            pools: { [try pool("azure/Standard_NC24ads_A100_v4", .reservedOneYear)] },
            rentals: [lease([.busy: 3_600]), lease([.busy: 3_600]) { $0.instance = 1 }],
            lines: [
                WorkedLine(
                    "Standard_NC24ads_A100_v4 under 2 x Standard_NC24ads_A100_v4, reserved-1y", 0, "covered"),
                WorkedLine(
                    "Standard_NC24ads_A100_v4 under 2 x Standard_NC24ads_A100_v4, reserved-1y", 0, "covered"),
                WorkedLine(
                    "2 x Standard_NC24ads_A100_v4, reserved-1y, the run's share", 6_111_872_000,
                    "2 × .832 × 3.673 = 2 × 3.055936"),
            ]),
    ]

    // MARK: Marketplaces and specialised clouds

    /// A host's prices: .36 $/h, disk .15 $/GB-month, .01 $/GB received, .02 $/GB sent.
    static let host = HostTerms(
        host: 17, perHour: dollars("0.36"), storagePerGBMonth: dollars("0.15"), ingressPerGB: dollars("0.01"),
        egressPerGB: dollars("0.02"))

    static let markets: [WorkedPattern] = [
        WorkedPattern(
            name: "vast: outbid after half an hour, paused for an hour, on again, 16 GB received and 3 GB sent",
            pools: { [try pool("vast/1x-L40S", .interruptible, around: PoolExtras(disk: .gigabytes(60)))] },
            rentals: [
                lease([.loading: 200, .busy: 1_600.5], ending: .outbid) {
                    $0.host = host
                    $0.traffic[.ingress] = gigabytes(16)
                },
                lease([.paused: 3_600], at: 1_800.5, resumes: true) { $0.host = host },
                lease([.busy: 900], at: 5_400.5, resumes: true) {
                    $0.host = host
                    $0.traffic[.internet] = gigabytes(3)
                },
            ],
            lines: [
                WorkedLine("interruptible 1x-L40S", 180_100_000, "1800.5 s is 1801 s: .36 × 1801 / 3600"),
                WorkedLine("disk of 1x-L40S", 6_166_096, "60 × 1800.5 / 2628000 = .041107306 × .15 = .0061660959"),
                WorkedLine("received by 1x-L40S", 160_000_000, "16 GB × .01"),
                WorkedLine("interruptible 1x-L40S", 0, "paused: no GPU"),
                WorkedLine("disk of 1x-L40S", 12_328_767, "paused too: 60 / 730 = .082191781 × .15 = .01232876715"),
                WorkedLine("interruptible 1x-L40S", 90_000_000, ".36 × 900 / 3600"),
                WorkedLine("disk of 1x-L40S", 3_082_192, "60 × 900 / 2628000 = .020547945 × .15 = .00308219175"),
                WorkedLine("sent by 1x-L40S", 60_000_000, "3 GB × .02"),
            ]),
        WorkedPattern(
            name: "vast: a host that never came up",
            pools: { [try pool("vast/1x-L40S", around: PoolExtras(disk: .gigabytes(60)))] },
            rentals: [lease([.provisioning: 1_200], ending: .launchFailed) { $0.host = host }],
            lines: [
                WorkedLine("on-demand 1x-L40S", 0, "never active"),
                WorkedLine(
                    "disk of 1x-L40S", 4_109_589, "storage exists: 60 × 1200 / 2628000 = .02739726 × .15 = .004109589"),
            ]),
        WorkedPattern(
            name: "vast: a block of three months paid in advance, at .25 $/h, half an hour of two used",
            pools: {
                [try pool("vast/1x-L40S", .prepaid, price: PriceOverride(perHour: dollars("0.25")))]
            },
            rentals: [lease([.busy: 1_800])], endSeconds: 7_200,
            plan: { BillingPlan(commitments: [try .prepaid(1, of: $0[0].offer, months: 3, perHour: dollars("0.25"))]) },
            lines: [
                WorkedLine("1x-L40S under 1 x 1x-L40S, 3 months prepaid", 0, "covered"),
                WorkedLine(
                    "1 x 1x-L40S, 3 months prepaid, paid in advance for 3 months: the run's share", 500_000_000,
                    "2 h of the block's 2190 h × .25"),
                WorkedLine("unused part of 1 x 1x-L40S, 3 months prepaid", 0, "an hour and a half"),
            ]),
        WorkedPattern(
            name: "runpod: a pod runs an hour and is stopped for two",
            pools: { [try pool("runpod/1x_L40S_SECURE", around: PoolExtras(disk: .gigabytes(20)))] },
            rentals: [
                lease([.loading: 59.3, .busy: 3_540.7]) { $0.traffic[.internet] = gigabytes(500) },
                lease([.stopped: 7_200], at: 3_600, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand 1x_L40S_SECURE", 990_000_000, ".99; traffic is free"),
                WorkedLine("disk of 1x_L40S_SECURE", 2_739_726, "20 / 730 = .02739726 × .10 = .002739726"),
                WorkedLine("on-demand 1x_L40S_SECURE", 0, "stopped"),
                WorkedLine("disk of 1x_L40S_SECURE", 5_479_452, "40 / 730 = .054794521 × .10 = .0054794521"),
            ]),
        WorkedPattern(
            name: "lambda: two and a half minutes",
            pools: { [try pool("lambda/gpu_1x_a10")] },
            rentals: [lease([.provisioning: 90, .loading: 30, .busy: 120]) { $0.traffic[.internet] = gigabytes(9) }],
            lines: [WorkedLine("on-demand gpu_1x_a10", 64_500_000, "from passing health checks: 3 min × 1.29 / 60")]),
        WorkedPattern(
            name: "akash: a lease stays open over a stop",
            pools: { [try pool("akash/1x-rtx4090")] },
            rentals: [lease([.loading: 100, .busy: 1_000, .stopped: 700.1])],
            lines: [WorkedLine("on-demand 1x-rtx4090", 85_283_333, "1800.1 s is 301 blocks of 6 s: .17 × 1806 / 3600")]),
        WorkedPattern(
            name: "gpuflow: forty minutes, a pause, and forty more share one hour's minimum",
            pools: { [try PoolTerms(pool: "p", offer: offer("gpuflow", "0.6"))] },
            rentals: [
                lease([.busy: 2_400], ending: .outbid), lease([.paused: 600], at: 2_400, resumes: true),
                lease([.busy: 2_400], at: 3_000, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand test", 600_000_000, "an hour at least: .6"),
                WorkedLine("on-demand test", 0, "paused"),
                WorkedLine("on-demand test", 200_000_000, "80 minutes less the hour paid for: .6 × 20 / 60"),
            ]),
        WorkedPattern(
            name: "a platform's fee of 10 % on its own line",
            pools: {
                var rule = BillingRule.of(provider: "hyperbolic")
                rule.feeMillionths = 100_000
                return [try PoolTerms(pool: "p", offer: offer("hyperbolic", "1.29"), rule: rule)]
            },
            rentals: [lease([.busy: 100])],
            lines: [
                WorkedLine("on-demand test", 35_833_333, "1.29 / 36 = .0358333333…"),
                WorkedLine("platform fee on test", 3_583_333, "a tenth of the charge: .0035833333"),
            ]),
    ]

    // MARK: Other ways to buy

    static let otherWays: [WorkedPattern] = [
        WorkedPattern(
            name: "runpod serverless: a worker loads, works and waits 7.3 seconds",
            pools: { [try pool("runpod/1x_L40S_SECURE", .serverless)] },
            rentals: [lease([.provisioning: 20, .loading: 1.1, .busy: 1.2, .idle: 5])],
            lines: [WorkedLine("serverless 1x_L40S_SECURE", 4_240_000, "8 started seconds × .00053")]),
        WorkedPattern(
            name: "runpod serverless: active workers are cheaper by the second",
            pools: { [try pool("runpod/1x_L40S_SECURE", .serverlessActive)] },
            rentals: [lease([.busy: 3_600])],
            lines: [WorkedLine("serverless-active 1x_L40S_SECURE", 1_332_000_000, "3600 × .00037")]),
        WorkedPattern(
            name: "per token: a million and a half in, a quarter of it cached, 300 000 out",
            pools: {
                let tokens = TokenPrices(
                    inputPerMillion: dollars("0.5"), cachedInputPerMillion: dollars("0.05"),
                    outputPerMillion: dollars("1.5"))
                return [
                    try PoolTerms(
                        pool: "p", offer: offer("api", "1"), terms: .perToken, price: PriceOverride(tokens: tokens))
                ]
            },
            rentals: [lease([.busy: 3_600])],
            tokens: [
                {
                    var use = TokenUse()
                    (use.input, use.cachedInput, use.output) = (1_125_000, 375_000, 300_000)
                    return use
                }()
            ],
            lines: [
                WorkedLine("input tokens", 562_500_000, "1.125 × .5"),
                WorkedLine("cached input tokens", 18_750_000, ".375 × .05"),
                WorkedLine("output tokens", 450_000_000, ".3 × 1.5"),
            ]),
        WorkedPattern(
            name: "owned: one machine of two held for an hour, three quarters of it busy",
            pools: {
                let cost = OwnedCost(
                    capital: dollars("43800"), years: 5, busyWatts: 1_000, idleWatts: 200,
                    effectivenessThousandths: 1_200,
                    perKilowattHour: dollars("0.10"), spacePerMonth: dollars("73"), machines: 2)
                return [
                    try PoolTerms(
                        pool: "p", offer: offer("rack", "1"), terms: .owned, price: PriceOverride(owned: cost))
                ]
            },
            rentals: [lease([.busy: 2_700, .idle: 900])],
            lines: [
                WorkedLine("capital of test", 1_000_000_000, "43800 / (5 × 8760 h) = 1 $/h"),
                WorkedLine("power, busy, test", 90_000_000, "1 kW × 1.2 × .75 h × .10"),
                WorkedLine("power, idle, test", 6_000_000, ".2 kW × 1.2 × .25 h × .10"),
                WorkedLine("place of test", 100_000_000, "73 / 730"),
                WorkedLine("capital of owned machines not in use", 1_000_000_000, "the other one"),
                WorkedLine("place of owned machines not in use", 100_000_000, "its place"),
            ]),
    ]
}
