import Pricing
import Primitives
import Testing

/// Owned machines by capital, power and place, and tokens by the million.
@Suite struct OwnedPatternTests {
    @Test("Owned machines to the nano-dollar", arguments: patterns)
    func owned(_ pattern: WorkedPattern) throws { try pattern.check() }

    @Test("Tokens to the nano-dollar", arguments: tokens)
    func byTheToken(_ pattern: WorkedPattern) throws { try pattern.check() }

    /// 105 120 $ over four years are 3 $/h; 146 $ a month are .20 $/h; 1.25 kilowatts at the meter for each at the machine.
    static func rack(machines: Int64?) throws -> PoolTerms {
        let cost = OwnedCost(
            capital: dollars("105120"), years: 4, busyWatts: 700, idleWatts: 130, effectivenessThousandths: 1_250,
            perKilowattHour: dollars("0.12"), spacePerMonth: dollars("146"), machines: machines)
        return try PoolTerms(
            pool: "p", offer: offer("rack", "1"), terms: .owned, price: PriceOverride(owned: cost))
    }

    static let patterns: [WorkedPattern] = [
        WorkedPattern(
            name: "owned: two of three machines held, one switched off half the time",
            pools: { [try rack(machines: 3)] },
            rentals: [
                lease([.busy: 3_600, .stopped: 3_600]), lease([.loading: 1_800, .idle: 1_800]) { $0.instance = 1 },
            ],
            lines: [
                WorkedLine("capital of test", 6_000_000_000, "2 h × 3"),
                WorkedLine("power, busy, test", 105_000_000, ".7 kW × 1.25 × 1 h × .12; none while off"),
                WorkedLine("place of test", 400_000_000, "2 h × .2"),
                WorkedLine("capital of test", 3_000_000_000, "1 h × 3"),
                WorkedLine("power, idle, test", 19_500_000, ".13 kW × 1.25 × 1 h × .12, loading too"),
                WorkedLine("place of test", 200_000_000, "1 h × .2"),
                WorkedLine("capital of owned machines not in use", 9_000_000_000, "6 − 3 machine-hours × 3"),
                WorkedLine("place of owned machines not in use", 600_000_000, "3 × .2"),
            ]),
        WorkedPattern(
            name: "owned: as many as are held, when they are",
            pools: { [try rack(machines: nil)] }, rentals: [lease([.idle: 60])], endSeconds: 86_400,
            lines: [
                WorkedLine("capital of test", 50_000_000, "3 / 60"),
                WorkedLine("power, idle, test", 325_000, ".13 × 1.25 × .12 / 60"),
                WorkedLine("place of test", 3_333_333, ".2 / 60 = .0033333333…"),
            ]),
        WorkedPattern(
            name: "owned: nobody holds them for an hour",
            pools: { [try rack(machines: 2)] }, rentals: [], endSeconds: 3_600,
            lines: [
                WorkedLine("capital of owned machines not in use", 6_000_000_000, "2 × 3"),
                WorkedLine("place of owned machines not in use", 400_000_000, "2 × .2"),
            ]),
        WorkedPattern(
            name: "owned: a price by the hour runs in every state, to the nanosecond",
            pools: {
                let price = PriceOverride(perHour: dollars("2.5"))
                return [try PoolTerms(pool: "p", offer: offer("rack", "1"), terms: .owned, price: price)]
            },
            rentals: [lease([.provisioning: 900, .busy: 900, .stopped: 1_800, .paused: 1_800])],
            lines: [WorkedLine("owned test", 3_750_000_000, "1.5 h × 2.5")]),
    ]

    private static func api(_ input: String, _ cached: String?, _ output: String) throws -> PoolTerms {
        let prices = TokenPrices(
            inputPerMillion: dollars(input), cachedInputPerMillion: cached.map(dollars),
            outputPerMillion: dollars(output)
        )
        return try PoolTerms(
            pool: "p", offer: offer("api", "1"), terms: .perToken, price: PriceOverride(tokens: prices))
    }

    private static func use(_ input: UInt64, _ cached: UInt64, _ output: UInt64) -> TokenUse {
        var use = TokenUse()
        (use.input, use.cachedInput, use.output) = (input, cached, output)
        return use
    }

    static let tokens: [WorkedPattern] = [
        WorkedPattern(
            name: "tokens: a price of half a nano-dollar a token is rounded half to even, kind by kind",
            pools: { [try api("0.0005", "0.0005", "0.0005")] }, rentals: [], tokens: [use(1, 3, 5)],
            lines: [
                WorkedLine("input tokens", 0, ".5, even"), WorkedLine("cached input tokens", 2, "1.5, even"),
                WorkedLine("output tokens", 2, "2.5, even"),
            ]),
        WorkedPattern(
            name: "tokens: a cache that is free, and none generated",
            pools: { [try api("2.5", "0", "10")] }, rentals: [], tokens: [use(4_000_001, 96_000_000, 0)],
            lines: [
                WorkedLine("input tokens", 10_000_002_500, "4.000001 × 2.5"),
                WorkedLine("cached input tokens", 0, "free"),
            ]),
        WorkedPattern(
            name: "tokens: an API beside a rented machine, whose own tokens cost nothing more",
            pools: { [try worked("vast/1x-L40S"), try api("0.27", "0.027", "1.1")] },
            rentals: [
                lease([.busy: 3_600]),
                lease([.busy: 3_600]) { ($0.pool, $0.instance) = (1, 1) },
            ],
            tokens: [use(7_000_000, 0, 9_000_000), use(10_000_000, 1_000, 2_000_003)],
            lines: [
                WorkedLine("on-demand 1x-L40S", 400_000_000, "an hour"),
                WorkedLine("input tokens", 2_700_000_000, "10 × .27"),
                WorkedLine("cached input tokens", 27_000, ".001 × .027"),
                WorkedLine("output tokens", 2_200_003_300, "2.000003 × 1.1"),
            ]),
    ]
}
