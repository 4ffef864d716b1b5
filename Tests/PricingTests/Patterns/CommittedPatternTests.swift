import Pricing
import Primitives
import Testing

/// Reserved quantities, spending and blocks: what is bought, what it covers, what nothing used.
@Suite struct CommittedPatternTests {
    @Test("Commitments to the nano-dollar", arguments: patterns)
    func bills(_ pattern: WorkedPattern) throws { try pattern.check() }

    /// Dollars of each pattern that were committed to and not used.
    @Test(arguments: [
        (reservedForThreeYears, "35.66592"), (overlapping, "17.00763"), (halfHours, "0.49108096"), (exhausted, "0"),
        (blocks, "0"), (leasedAhead, "1.666666667"), (betweenHours, "0.5239248"), (besideSpot, "0.5239248"),
        (withFee, "0"),
    ])
    func whatNothingUsed(_ pattern: WorkedPattern, wasted: String) throws {
        let pools = try pattern.pools()
        let bill = try pattern.ledger.bill(pools: pools, plan: pattern.plan(pools))
        #expect(bill.invoice.commitmentWaste == dollars(wasted))
        #expect(bill.split[.commitmentWaste] == dollars(wasted))
    }

    static let patterns = [
        reservedForThreeYears, overlapping, halfHours, exhausted, blocks, leasedAhead, betweenHours, besideSpot,
        withFee,
    ]

    static let reservedForThreeYears = WorkedPattern(
        name: "aws: a p5 reserved for three years, half an hour of two used",
        pools: { [try worked("aws/p5.48xlarge", .reservedThreeYears)] },
        rentals: [lease([.busy: 1_800])], endSeconds: 7_200,
        lines: [
            WorkedLine("p5.48xlarge under 1 x p5.48xlarge, reserved-3y", 0, "covered"),
            WorkedLine("1 x p5.48xlarge, reserved-3y, the run's share", 47_554_560_000, "2 × .432 × 55.04"),
            WorkedLine("unused part of 1 x p5.48xlarge, reserved-3y", 0, "an hour and a half: 1.5 × 23.77728"),
        ])

    static let overlapping = WorkedPattern(
        name: "azure: two machines overlap for half of an hour and a half",
        pools: { [try worked("azure/Standard_ND96amsr_A100_v4", .reservedThreeYears)] },
        rentals: [lease([.busy: 3_600]), lease([.busy: 3_600], at: 1_800) { $0.instance = 1 }],
        lines: [
            WorkedLine("Standard_ND96amsr_A100_v4 under 2 x Standard_ND96amsr_A100_v4, reserved-3y", 0, "covered"),
            WorkedLine("Standard_ND96amsr_A100_v4 under 2 x Standard_ND96amsr_A100_v4, reserved-3y", 0, "covered"),
            WorkedLine(
                "2 x Standard_ND96amsr_A100_v4, reserved-3y, the run's share", 51_022_890_000,
                "2 × 1.5 h × .519 × 32.77 = 3 × 17.00763"),
            WorkedLine("unused part of 2 x Standard_ND96amsr_A100_v4, reserved-3y", 0, "one machine-hour of three"),
        ])

    /// g2-standard-4 draws .72 × .706832 = .50891904 an hour.
    private static func spending(_ perHour: String) -> @Sendable ([PoolTerms]) throws -> BillingPlan {
        { _ in
            BillingPlan(commitments: [
                try .spend(dollars(perHour), at: "gcp", rates: [.init(prefix: "gcp/g2-", thousandths: 720)])
            ])
        }
    }

    static let halfHours = WorkedPattern(
        name: "gcp: half a dollar an hour, half of two hours used: neither hour lends to the other",
        pools: { [try worked("gcp/g2-standard-4")] },
        rentals: [lease([.busy: 1_800]), lease([.busy: 1_800], at: 5_400) { $0.instance = 1 }],
        plan: spending("0.5"),
        lines: [
            WorkedLine("g2-standard-4 under 0.5 $/h of spending at gcp", 0, "draws .25445952"),
            WorkedLine("g2-standard-4 under 0.5 $/h of spending at gcp", 0, "draws as much"),
            WorkedLine("0.5 $/h of spending at gcp, the run's share", 1_000_000_000, "two hours"),
            WorkedLine("unused part of 0.5 $/h of spending at gcp", 0, "1 − 2 × .25445952 = .49108096"),
        ])

    static let exhausted = WorkedPattern(
        name: "gcp: three quarters of a dollar an hour do not reach for two machines",
        pools: { [try worked("gcp/g2-standard-4")] },
        rentals: [lease([.busy: 3_600]), lease([.busy: 3_600]) { $0.instance = 1 }],
        plan: spending("0.75"),
        lines: [
            WorkedLine("g2-standard-4 under 0.75 $/h of spending at gcp", 0, "draws .50891904"),
            WorkedLine("g2-standard-4 under 0.75 $/h of spending at gcp", 0, "draws the .24108096 that are left"),
            WorkedLine("on-demand g2-standard-4", 371_997_333, ".706832 − .24108096 / .72 = .3719973333…"),
            WorkedLine("0.75 $/h of spending at gcp, the run's share", 750_000_000, "used up"),
        ])

    static let blocks = WorkedPattern(
        name: "vast: two blocks and three machines",
        pools: { [try worked("vast/1x-L40S")] },
        rentals: (0..<3).map { number in lease([.busy: 3_600]) { $0.instance = number } },
        plan: { BillingPlan(commitments: [try .prepaid(2, of: $0[0].offer, months: 6, perHour: dollars("0.2"))]) },
        lines: [
            WorkedLine("1x-L40S under 2 x 1x-L40S, 6 months prepaid", 0, "covered"),
            WorkedLine("1x-L40S under 2 x 1x-L40S, 6 months prepaid", 0, "covered"),
            WorkedLine("on-demand 1x-L40S", 400_000_000, "the third at the list price"),
            WorkedLine(
                "2 x 1x-L40S, 6 months prepaid, paid in advance for 6 months: the run's share", 400_000_000, "2 × .2"),
        ])

    static let leasedAhead = WorkedPattern(
        name: "lambda: a reserved term by hand, ten minutes of an hour used",
        pools: { [try worked("lambda/gpu_1x_h100_sxm5", .prepaid, price: PriceOverride(perHour: dollars("2")))] },
        rentals: [lease([.provisioning: 300, .busy: 600])], endSeconds: 3_600,
        lines: [
            WorkedLine("gpu_1x_h100_sxm5 under 1 x gpu_1x_h100_sxm5, prepaid", 0, "600 s, not rounded to minutes"),
            WorkedLine("1 x gpu_1x_h100_sxm5, prepaid, paid in advance: the run's share", 2_000_000_000, "an hour"),
            WorkedLine("unused part of 1 x gpu_1x_h100_sxm5, prepaid", 0, "50 minutes: 1.6666666666…"),
        ])

    private static let oneG6: @Sendable ([PoolTerms]) throws -> BillingPlan = {
        BillingPlan(commitments: [try .reserved(1, of: $0[0].offer)])
    }

    static let betweenHours = WorkedPattern(
        name: "aws: a machine from half past to half past uses half of two reserved hours",
        pools: { [try worked("aws/g6.xlarge")] },
        rentals: [lease([.busy: 3_600], at: 1_800)], endSeconds: 7_200, plan: oneG6,
        lines: [
            WorkedLine("g6.xlarge under 1 x g6.xlarge, reserved-1y", 0, "1800 s of each hour"),
            WorkedLine("1 x g6.xlarge, reserved-1y, the run's share", 1_047_849_600, "2 × .651 × .8048"),
            WorkedLine("unused part of 1 x g6.xlarge, reserved-1y", 0, ".5239248"),
        ])

    static let besideSpot = WorkedPattern(
        name: "aws: a reservation does nothing for a spot machine of its type",
        pools: { [try worked("aws/g6.xlarge", .spot)] }, rentals: [lease([.busy: 3_600])], plan: oneG6,
        lines: [
            WorkedLine("spot g6.xlarge", 365_900_000, "at its own price"),
            WorkedLine("1 x g6.xlarge, reserved-1y, the run's share", 523_924_800, ".651 × .8048"),
            WorkedLine("unused part of 1 x g6.xlarge, reserved-1y", 0, "all of it"),
        ])

    static let withFee = WorkedPattern(
        name: "hyperbolic: a platform's fee is on what is charged, not on what a commitment pays for",
        pools: {
            var rule = BillingRule.of(provider: "hyperbolic")
            rule.feeMillionths = 50_000
            return [try PoolTerms(pool: "p", offer: offer("hyperbolic", "1.2"), rule: rule)]
        },
        rentals: [lease([.busy: 3_600]), lease([.busy: 3_600]) { $0.instance = 1 }],
        plan: { BillingPlan(commitments: [try .reserved(1, of: $0[0].offer, perHour: dollars("0.6"))]) },
        lines: [
            WorkedLine("test under 1 x test, reserved-1y", 0, "covered"),
            WorkedLine("platform fee on test", 0, "5 % of nothing"),
            WorkedLine("on-demand test", 1_200_000_000, "the second machine"),
            WorkedLine("platform fee on test", 60_000_000, "5 % of 1.2"),
            WorkedLine("1 x test, reserved-1y, the run's share", 600_000_000, "the first"),
        ])
}
