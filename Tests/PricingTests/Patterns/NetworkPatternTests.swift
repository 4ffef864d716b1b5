import Pricing
import Primitives
import Testing

/// Bytes by the tiers of a month, and what is paid by the started hour.
@Suite struct NetworkPatternTests {
    @Test("Traffic, balancers and addresses to the nano-dollar", arguments: patterns)
    func bills(_ pattern: WorkedPattern) throws { try pattern.check() }

    /// 600 s of a g6.xlarge, and gigabytes sent after others of the month.
    private static func sending(
        _ name: String, _ sent: Int64, after used: Double, _ lines: [WorkedLine]
    ) -> WorkedPattern {
        WorkedPattern(
            name: name, pools: { [try worked("aws/g6.xlarge")] },
            rentals: [lease([.busy: 600]) { $0.traffic[.internet] = gigabytes(sent) }],
            plan: { _ in BillingPlan(volume: .used(.gigabytes(used))) },
            lines: [WorkedLine("on-demand g6.xlarge", 134_133_333, ".8048 / 6 = .1341333333…")] + lines)
    }

    static let patterns = edges + others

    private static let edges: [WorkedPattern] = [
        sending(
            "aws: the last free gigabyte and the first paid one", 2, after: 99,
            [
                WorkedLine("sent to the internet, free allowance", 0, "up to 100 GB"),
                WorkedLine("sent to the internet", 90_000_000, "1 GB × .09"),
            ]),
        sending(
            "aws: over the edge of the first 10 TB", 60, after: 9_990,
            [
                WorkedLine("sent to the internet", 900_000_000, "10 GB × .09"),
                WorkedLine("sent to the internet", 4_250_000_000, "50 GB × .085"),
            ]),
        sending(
            "aws: exactly on the edge of 50 TB", 10, after: 50_000,
            [WorkedLine("sent to the internet", 700_000_000, "10 GB × .07: the tier before is full")]),
        sending(
            "aws: over the last edge", 2, after: 149_999,
            [
                WorkedLine("sent to the internet", 70_000_000, "1 GB × .07"),
                WorkedLine("sent to the internet", 50_000_000, "1 GB × .05, and so on for ever"),
            ]),
    ]

    private static let others: [WorkedPattern] = [
        WorkedPattern(
            name: "aws: two balancers and two gateways over two and a half hours",
            pools: { [try worked("aws/g6.xlarge", around: PoolExtras(loadBalancers: 2, natGateways: 2))] },
            rentals: [
                lease([.busy: 9_000]) {
                    $0.traffic[.internet] = gigabytes(60)
                    $0.traffic[.ingress] = gigabytes(40)
                }
            ],
            lines: [
                WorkedLine("on-demand g6.xlarge", 2_012_000_000, "2.5 × .8048"),
                WorkedLine("load balancer", 135_000_000, "2 × 3 started hours × .0225"),
                WorkedLine("address translation", 270_000_000, "2 × 3 × .045"),
                WorkedLine("sent to the internet, free allowance", 0, "60 GB"),
                WorkedLine("through address translation", 4_500_000_000, "100 GB × .045, in and out, however many"),
            ]),
        WorkedPattern(
            name: "gcp: after 800 GB of the month, a gateway whose hours have no known price",
            pools: { [try worked("gcp/g2-standard-4", around: PoolExtras(loadBalancers: 1, natGateways: 1))] },
            rentals: [
                lease([.busy: 600]) {
                    $0.traffic[.internet] = gigabytes(1_500)
                    $0.traffic[.interZone] = gigabytes(7)
                }
            ],
            plan: { _ in BillingPlan(volume: .used(.gigabytes(800))) },
            lines: [
                WorkedLine("on-demand g2-standard-4", 117_805_333, ".706832 / 6"),
                WorkedLine("load balancer", 25_000_000, "one started hour"),
                WorkedLine("sent to the internet", 24_000_000_000, "200 GB × .12"),
                WorkedLine("sent to the internet", 143_000_000_000, "1300 GB × .11"),
                WorkedLine("sent to other zones", 70_000_000, "7 GB × .01"),
                WorkedLine("through address translation", 67_500_000_000, "1500 GB × .045"),
            ]),
        WorkedPattern(
            name: "aws: 73 hours as a typical tenth of a month",
            pools: { [try worked("aws/g6.xlarge")] },
            rentals: [lease([.busy: 262_800]) { $0.traffic[.internet] = gigabytes(50) }],
            plan: { _ in BillingPlan(volume: .typical) },
            lines: [
                WorkedLine("on-demand g6.xlarge", 58_750_400_000, "73 × .8048"),
                WorkedLine("sent to the internet, free allowance", 0, "a tenth of 100 GB"),
                WorkedLine("sent to the internet", 3_600_000_000, "40 GB × .09"),
            ]),
        WorkedPattern(
            name: "aws: an hour more than a month has two months' allowances",
            pools: { [try worked("aws/g6.xlarge", around: PoolExtras(loadBalancers: 1))] },
            rentals: [lease([.busy: 2_631_600]) { $0.traffic[.internet] = gigabytes(250) }],
            lines: [
                WorkedLine("on-demand g6.xlarge", 588_308_800_000, "731 × .8048"),
                WorkedLine("load balancer", 16_447_500_000, "731 × .0225"),
                WorkedLine("sent to the internet, free allowance", 0, "200 GB"),
                WorkedLine("sent to the internet", 4_500_000_000, "50 GB × .09"),
            ]),
        WorkedPattern(
            name: "aws: two addresses for an hour and a half of a pool that ends before its balancer",
            pools: { [try worked("aws/g6.xlarge", around: PoolExtras(addresses: 2, loadBalancers: 1))] },
            rentals: [lease([.busy: 5_400])], endSeconds: 7_201,
            lines: [
                WorkedLine("on-demand g6.xlarge", 1_207_200_000, "1.5 × .8048"),
                WorkedLine("public IPv4 address of g6.xlarge", 15_000_000, "2 × 1.5 × .005"),
                WorkedLine("load balancer", 67_500_000, "three started hours of the run × .0225"),
            ]),
    ]
}
