import Primitives

extension NetworkTariff {
    /// The tariff of `provider`, or one of which nothing is known.
    public static func of(provider: String) -> NetworkTariff {
        let name = BillingRule.of(provider: provider).provider
        return all.first { $0.provider == name }
            ?? NetworkTariff(
                provider: name, source: "none found", observed: "undated",
                assumption: "no price of traffic or addresses is known")
    }

    /// Owned hardware: what the line costs is part of what the user set.
    public static let owned = NetworkTariff(
        provider: "owned", internet: [Tier(upTo: nil, perGB: .zero)], interRegionPerGB: .zero, interZonePerGB: .zero,
        ingressPerGB: .zero, source: "set by the user", observed: "as given")

    /// Providers with a tariff of their own.
    public static let all: [NetworkTariff] =
        [amazon, google, microsoft, hosts]
        + ["runpod", "lambda", "coreweave", "spheron", "hyperstack", "nebius"].map(free)

    private static func thousandths(_ value: Int64) -> Money { Money(nanodollars: value * 1_000_000) }
    private static func gigabytes(_ value: Int64) -> ByteCount { ByteCount(bytes: value * 1_000_000_000) }

    private static let amazon: NetworkTariff = {
        var tariff = NetworkTariff(
            provider: "aws",
            internet: [
                Tier(upTo: gigabytes(100), perGB: .zero), Tier(upTo: gigabytes(10_000), perGB: thousandths(90)),
                Tier(upTo: gigabytes(50_000), perGB: thousandths(85)),
                Tier(upTo: gigabytes(150_000), perGB: thousandths(70)), Tier(upTo: nil, perGB: thousandths(50)),
            ],
            interRegionPerGB: thousandths(20), interZonePerGB: thousandths(20), ingressPerGB: .zero,
            source: "egress: thundercompute.com 2026-06-01, cloudtoolstack.com; load balancer: aws.amazon.com/"
                + "elasticloadbalancing/pricing 2026-09-20; address: AWS notice of 2024-02-01",
            observed: "2026-09-20",
            assumption: "the free 100 GB count towards the first 10 TB; between regions as inside the United States "
                + "(up to .08 elsewhere); between zones .01 each way, both ways ours; without charges by load")
        tariff.addressPerHour = thousandths(5)
        tariff.loadBalancerPerHour = Money(nanodollars: 22_500_000)
        tariff.natPerHour = thousandths(45)
        tariff.natPerGB = thousandths(45)
        return tariff
    }()

    private static let google: NetworkTariff = {
        var tariff = NetworkTariff(
            provider: "gcp",
            internet: [
                Tier(upTo: gigabytes(1_000), perGB: thousandths(120)),
                Tier(upTo: gigabytes(10_000), perGB: thousandths(110)), Tier(upTo: nil, perGB: thousandths(80)),
            ],
            interRegionPerGB: thousandths(20), interZonePerGB: thousandths(10), ingressPerGB: .zero,
            source: "cloud.google.com network and load balancing pricing", observed: "2026-10-16",
            assumption: "premium tier from North America; the list counts GiB, here GB; between regions as inside the "
                + "United States; load balancer: up to five forwarding rules, without charges by load")
        tariff.addressPerHour = thousandths(5)
        tariff.spotAddressPerHour = Money(nanodollars: 2_500_000)
        tariff.loadBalancerPerHour = thousandths(25)
        tariff.natPerGB = thousandths(45)
        return tariff
    }()

    private static let microsoft: NetworkTariff = {
        var tariff = NetworkTariff(
            provider: "azure",
            internet: [
                Tier(upTo: gigabytes(100), perGB: .zero), Tier(upTo: gigabytes(10_000), perGB: thousandths(87)),
                Tier(upTo: gigabytes(50_000), perGB: thousandths(83)),
                Tier(upTo: gigabytes(150_000), perGB: thousandths(70)), Tier(upTo: nil, perGB: thousandths(50)),
            ],
            interRegionPerGB: thousandths(20), ingressPerGB: .zero,
            source: "egress: thundercompute.com 2026-06-01; load balancer: c3x.dev", observed: "2026-06-01",
            assumption: "tiers end where Amazon's do; between regions as inside the United States; load balancer: "
                + "standard, up to five rules, without charges by load")
        tariff.loadBalancerPerHour = thousandths(25)
        return tariff
    }()

    /// Every host has its own prices, which come with the rental.
    private static let hosts = NetworkTariff(
        provider: "vast", source: "docs.vast.ai, pricing: bandwidth per byte, in and out, at each host's price",
        observed: "2026 (undated)",
        assumption: "0 to .06 $/GB by host; nothing is charged where a rental carries no host's price")

    private static func free(_ provider: String) -> NetworkTariff {
        NetworkTariff(
            provider: provider, internet: [Tier(upTo: nil, perGB: .zero)], ingressPerGB: .zero,
            source: "providers' documentation and thundercompute.com 2026-06-01: no charge for traffic",
            observed: "2026-06-01")
    }
}
