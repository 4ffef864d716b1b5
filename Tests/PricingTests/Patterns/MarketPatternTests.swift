import Pricing
import Primitives
import Testing

/// RunPod's pods and workers, and Vast.ai's hosts.
@Suite struct MarketPatternTests {
    @Test("RunPod's bills to the nano-dollar", arguments: pods)
    func runpod(_ pattern: WorkedPattern) throws { try pattern.check() }

    @Test("Vast.ai's bills to the nano-dollar", arguments: hosts)
    func vast(_ pattern: WorkedPattern) throws { try pattern.check() }

    // MARK: RunPod. 1x_H100_SECURE 2.39 $/h, disk .10 $/GB-month while it exists; workers by the started second

    static let pods: [WorkedPattern] = [
        WorkedPattern(
            name: "runpod: a pod for ten seconds, stopped for the rest of the hour",
            pools: { [try worked("runpod/1x_H100_SECURE", around: PoolExtras(disk: .gigabytes(100)))] },
            rentals: [
                lease([.loading: 8, .busy: 2.2]) { $0.traffic[.internet] = gigabytes(75) },
                lease([.stopped: 3_589.8], at: 10.2, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand 1x_H100_SECURE", 7_302_778, "11 s: 2.39 × 11 / 3600 = .0073027777…; no minimum"),
                WorkedLine("disk of 1x_H100_SECURE", 38_813, "100 × 10.2 / 2628000 = .000388128 × .10"),
                WorkedLine("on-demand 1x_H100_SECURE", 0, "stopped; 75 GB are free"),
                WorkedLine("disk of 1x_H100_SECURE", 13_659_817, "100 × 3589.8 / 2628000 = .136598174 × .10"),
            ]),
        WorkedPattern(
            name: "runpod serverless: load, work and idle time-out are paid, the image pull is not",
            pools: { [try worked("runpod/1x_L40S_SECURE", .serverless, around: PoolExtras(disk: .gigabytes(30)))] },
            rentals: [
                lease([.provisioning: 12, .loading: 4.2, .busy: 0.3, .idle: 5]),
                lease([.provisioning: 30], at: 50, ending: .launchFailed) { $0.instance = 1 },
                lease([.busy: 0.000_001], at: 60) { $0.instance = 2 },
            ],
            lines: [
                WorkedLine("serverless 1x_L40S_SECURE", 5_300_000, "9.5 s are 10 × .00053; the disk is free"),
                WorkedLine("serverless 1x_L40S_SECURE", 0, "never came up"),
                WorkedLine("serverless 1x_L40S_SECURE", 530_000, "a microsecond is a started second"),
            ]),
        WorkedPattern(
            name: "runpod serverless: eight accelerators are eight times one",
            pools: { [try worked("runpod/8x_H100-SXM_SECURE", .serverless)] },
            rentals: [lease([.loading: 50, .busy: 11.01])],
            lines: [WorkedLine("serverless 8x_H100-SXM_SECURE", 575_360_000, "62 s × 8 × .00116 = 62 × .00928")]),
        WorkedPattern(
            name: "runpod serverless: an active worker's idle hour at the lower price",
            pools: { [try worked("runpod/1x_H200-SXM_SECURE", .serverlessActive)] },
            rentals: [lease([.busy: 600, .idle: 3_000])],
            lines: [WorkedLine("serverless-active 1x_H200-SXM_SECURE", 4_464_000_000, "3600 × .00124")]),
    ]

    // MARK: Vast.ai. Prices of the host, not of the list

    /// .72 $/h, disk .20 $/GB-month, .006 $/GB received, .03 $/GB sent.
    static let dear = HostTerms(
        host: 4, perHour: dollars("0.72"), storagePerGBMonth: dollars("0.2"), ingressPerGB: dollars("0.006"),
        egressPerGB: dollars("0.03"))
    /// The same host at a bid.
    static func bid(_ perHour: String) -> HostTerms {
        HostTerms(
            host: 9, perHour: dollars(perHour), storagePerGBMonth: dollars("0.15"), ingressPerGB: dollars("0.02"))
    }

    static let hosts: [WorkedPattern] = [
        WorkedPattern(
            name: "vast: on demand for half an hour, weights pulled, then stopped for two hours",
            pools: { [try worked("vast/1x-H100_SXM", around: PoolExtras(disk: .gigabytes(80)))] },
            rentals: [
                lease([.provisioning: 320, .loading: 314.5, .busy: 1_500]) {
                    $0.host = dear
                    $0.traffic[.ingress] = gigabytes(141)
                    $0.traffic[.internet] = gigabytes(2)
                    $0.traffic[.interZone] = gigabytes(1)
                },
                lease([.stopped: 7_200], at: 2_134.5, resumes: true) { $0.host = dear },
            ],
            lines: [
                WorkedLine("on-demand 1x-H100_SXM", 363_000_000, "1814.5 s are 1815: .72 × 1815 / 3600"),
                WorkedLine(
                    "disk of 1x-H100_SXM", 12_995_434, "created too: 80 × 2134.5 / 2628000 = .064977169 × .20"),
                WorkedLine("sent by 1x-H100_SXM", 90_000_000, "wherever to: 3 GB × .03"),
                WorkedLine("received by 1x-H100_SXM", 846_000_000, "141 GB × .006"),
                WorkedLine("on-demand 1x-H100_SXM", 0, "stopped"),
                WorkedLine("disk of 1x-H100_SXM", 43_835_616, "80 × 7200 / 2628000 = .219178082 × .20"),
            ]),
        WorkedPattern(
            name: "vast: outbid, paused with its disk, on again at a higher bid",
            pools: { [try worked("vast/1x-L40S", .interruptible, around: PoolExtras(disk: .gigabytes(40)))] },
            rentals: [
                lease([.loading: 20.25, .busy: 1_200], ending: .outbid) {
                    $0.host = bid("0.354")
                    $0.traffic[.internet] = gigabytes(50)
                },
                lease([.paused: 900], at: 1_220.25, resumes: true) { $0.host = bid("0.354") },
                lease([.busy: 600.5], at: 2_120.25, resumes: true) {
                    $0.host = bid("0.4")
                    $0.traffic[.ingress] = gigabytes(1)
                },
            ],
            lines: [
                WorkedLine("interruptible 1x-L40S", 120_065_000, "1221 s: .354 × 1221 / 3600; sending is free here"),
                WorkedLine("disk of 1x-L40S", 2_785_959, "40 × 1220.25 / 2628000 = .018573059 × .15 = .00278595885"),
                WorkedLine("interruptible 1x-L40S", 0, "paused"),
                WorkedLine("disk of 1x-L40S", 2_054_794, "40 × 900 / 2628000 = .01369863 × .15 = .0020547945, even"),
                WorkedLine("interruptible 1x-L40S", 66_777_778, "601 s: .4 × 601 / 3600 = .0667777777…"),
                WorkedLine("disk of 1x-L40S", 1_371_004, "40 × 600.5 / 2628000 = .00914003 × .15 = .0013710045, even"),
                WorkedLine("received by 1x-L40S", 20_000_000, "1 GB × .02"),
            ]),
        WorkedPattern(
            name: "vast: a host that leaves is paid to its last started second",
            pools: { [try worked("vast/1x-L40S")] },
            rentals: [lease([.busy: 1_000.1], ending: .hostLeft) { $0.host = dear }],
            lines: [WorkedLine("on-demand 1x-L40S", 200_200_000, "1001 s × .72 / 3600 = 1001 × .0002")]),
        WorkedPattern(
            name: "vast serverless: creating is storage only, loading and idling are paid",
            pools: {
                let price = PriceOverride(perHour: dollars("0.5"))
                let extras = PoolExtras(disk: .gigabytes(32))
                return [try worked("vast/1x-RTX_4090", .serverless, price: price, around: extras)]
            },
            rentals: [
                lease([.provisioning: 100, .loading: 20, .idle: 5.5]) {
                    $0.host = HostTerms(host: 1, perHour: dollars("0.5"), storagePerGBMonth: dollars("0.1"))
                }
            ],
            lines: [
                WorkedLine("serverless 1x-RTX_4090", 3_611_111, "25.5 s are 26: .5 × 26 / 3600 = .0036111111…"),
                WorkedLine("disk of 1x-RTX_4090", 152_816, "32 × 125.5 / 2628000 = .001528158 × .10"),
            ]),
    ]
}
