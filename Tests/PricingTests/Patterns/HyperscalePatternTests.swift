import Pricing
import Primitives
import Testing

/// AWS, GCP and Azure beyond ``HandComputedBillTests``: minimums at each start, who ends a spot machine, lists in other
/// regions.
@Suite struct HyperscalePatternTests {
    @Test("Amazon's bills to the nano-dollar", arguments: amazon)
    func amazonsBills(_ pattern: WorkedPattern) throws { try pattern.check() }

    @Test("Google's and Microsoft's bills to the nano-dollar", arguments: others)
    func othersBills(_ pattern: WorkedPattern) throws { try pattern.check() }

    // MARK: AWS. g6.xlarge: .8048 $/h on demand, .3659 spot; an address .005 $/h, also of a stopped machine

    static let amazon: [WorkedPattern] = [
        WorkedPattern(
            name: "aws: two starts of ten seconds are two minutes, an address is held throughout",
            pools: { [try worked("aws/g6.xlarge", around: PoolExtras(addresses: 1))] },
            rentals: [
                lease([.busy: 10]), lease([.stopped: 100], at: 10, resumes: true),
                lease([.busy: 10], at: 110, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand g6.xlarge", 13_413_333, "60 s: .8048 / 60 = .0134133333…"),
                WorkedLine("public IPv4 address of g6.xlarge", 13_889, ".005 × 10 / 3600 = .0000138888…"),
                WorkedLine("on-demand g6.xlarge", 0, "stopped"),
                WorkedLine("public IPv4 address of g6.xlarge", 138_889, ".005 × 100 / 3600"),
                WorkedLine("on-demand g6.xlarge", 13_413_333, "60 s again"),
                WorkedLine("public IPv4 address of g6.xlarge", 13_889, "as before"),
            ]),
        WorkedPattern(
            name: "aws: spot reclaimed in the last second of its first hour: address and traffic remain",
            pools: { [try worked("aws/g6.xlarge", .spot, around: PoolExtras(addresses: 1))] },
            rentals: [lease([.busy: 3_599.4], ending: .interrupted) { $0.traffic[.internet] = gigabytes(120) }],
            lines: [
                WorkedLine("spot g6.xlarge, reclaimed early: free", 0, "3599.4 s are under an hour, unrounded"),
                WorkedLine("public IPv4 address of g6.xlarge", 4_999_167, ".005 × 3599.4 / 3600 = .0049991666…"),
                WorkedLine("sent to the internet, free allowance", 0, "100 GB"),
                WorkedLine("sent to the internet", 1_800_000_000, "20 GB × .09"),
            ]),
        WorkedPattern(
            name: "aws: spot given back after 45 seconds costs its minute",
            pools: { [try worked("aws/g6.xlarge", .spot)] },
            rentals: [lease([.loading: 40, .busy: 5], ending: .released)],
            lines: [WorkedLine("spot g6.xlarge", 6_098_333, ".3659 / 60 = .0060983333…")]),
        WorkedPattern(
            name: "aws: spot stopped by AWS in its first hour, and again after it went on: only the first is free",
            pools: { [try worked("aws/g6.xlarge", .spot)] },
            rentals: [
                lease([.busy: 1_000], ending: .interrupted), lease([.stopped: 500], at: 1_000, resumes: true),
                lease([.busy: 600], at: 1_500, ending: .interrupted, resumes: true),
            ],
            lines: [
                WorkedLine("spot g6.xlarge, reclaimed early: free", 0, "the first run"),
                WorkedLine("spot g6.xlarge", 0, "stopped"),
                WorkedLine("spot g6.xlarge", 60_983_333, ".3659 / 6 = .0609833333…: no new first hour"),
            ]),
        WorkedPattern(
            name: "aws: spot that fails or runs to the end of the run in its first hour is paid for",
            pools: { [try worked("aws/g6.xlarge", .spot)] },
            rentals: [
                lease([.busy: 1_000], ending: .failed), lease([.busy: 600], at: 1_000) { $0.instance = 1 },
            ],
            lines: [
                WorkedLine("spot g6.xlarge", 101_638_889, ".3659 × 1000 / 3600 = .1016388888…"),
                WorkedLine("spot g6.xlarge", 60_983_333, ".3659 / 6"),
            ]),
        WorkedPattern(
            name: "aws: Frankfurt's list price, a boot that is not billed",
            pools: { [try worked("aws/g6e.xlarge/eu-central-1")] },
            rentals: [lease([.provisioning: 95, .loading: 60, .busy: 1_000, .idle: 600, .draining: 140])],
            lines: [WorkedLine("on-demand g6e.xlarge", 1_163_500_000, "1800 s of running states: 2.327 / 2")]),
    ]

    // MARK: GCP and Azure

    static let others: [WorkedPattern] = [
        WorkedPattern(
            name: "gcp: a start of twenty seconds, a stop, a start of a minute and a half second",
            pools: { [try worked("gcp/a2-highgpu-1g", around: PoolExtras(disk: .gigabytes(200)))] },
            rentals: [
                lease([.busy: 20]), lease([.stopped: 300], at: 20, resumes: true),
                lease([.busy: 61.5], at: 320, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand a2-highgpu-1g", 61_223_083, "a minute: 3.673385 / 60 = .0612230833…"),
                WorkedLine("disk of a2-highgpu-1g", 152_207, "200 × 20 / 2628000 = .00152207 × .10; no minimum"),
                WorkedLine("on-demand a2-highgpu-1g", 0, "terminated: disk only"),
                WorkedLine("disk of a2-highgpu-1g", 2_283_105, "200 × 300 / 2628000 = .02283105 × .10"),
                WorkedLine("on-demand a2-highgpu-1g", 63_263_853, "62 s: 3.673385 × 62 / 3600 = .0632638527…"),
                WorkedLine(
                    "disk of a2-highgpu-1g", 468_036, "200 × 61.5 / 2628000 = .004680365 × .10 = .0004680365, even"),
            ]),
        WorkedPattern(
            name: "gcp: spot given back within its first minute costs the minute",
            pools: { [try worked("gcp/g2-standard-48", .spot)] },
            rentals: [lease([.loading: 30], ending: .released)],
            lines: [WorkedLine("spot g2-standard-48", 37_493_867, "2.249632 / 60 = .0374938666…")]),
        WorkedPattern(
            name: "gcp: spot preempted a second after its free minute",
            pools: { [try worked("gcp/g2-standard-48", .spot)] },
            rentals: [lease([.provisioning: 100, .busy: 61], ending: .interrupted)],
            lines: [WorkedLine("spot g2-standard-48", 38_118_764, "2.249632 × 61 / 3600 = .0381187644…")]),
        WorkedPattern(
            name: "azure: an hour and seven minutes of a CPU machine, two started hours of its balancer",
            pools: { [try worked("azure/Standard_D4s_v5", around: PoolExtras(loadBalancers: 1))] },
            rentals: [
                lease([.busy: 4_000.5]) {
                    $0.traffic[.internet] = gigabytes(150)
                    $0.traffic[.interRegion] = gigabytes(30)
                }
            ],
            lines: [
                WorkedLine("on-demand Standard_D4s_v5", 213_386_667, "4001 s: .192 × 4001 / 3600 = .2133866666…"),
                WorkedLine("load balancer", 50_000_000, "2 × .025"),
                WorkedLine("sent to the internet, free allowance", 0, "100 GB"),
                WorkedLine("sent to the internet", 4_350_000_000, "50 GB × .087"),
                WorkedLine("sent to other regions", 600_000_000, "30 GB × .02"),
            ]),
        WorkedPattern(
            name: "azure: West Europe's list price, three deallocations of one machine",
            pools: { [try worked("azure/Standard_NC4as_T4_v3/westeurope")] },
            rentals: [
                lease([.busy: 59]), lease([.stopped: 1], at: 59, resumes: true),
                lease([.busy: 60], at: 60, resumes: true), lease([.stopped: 30], at: 120, resumes: true),
                lease([.busy: 60.000_000_001], at: 150, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand Standard_NC4as_T4_v3", 10_966_667, "59 s are a minute: .658 / 60"),
                WorkedLine("on-demand Standard_NC4as_T4_v3", 0, "deallocated"),
                WorkedLine("on-demand Standard_NC4as_T4_v3", 10_966_667, "a minute is one"),
                WorkedLine("on-demand Standard_NC4as_T4_v3", 0, "deallocated"),
                WorkedLine(
                    "on-demand Standard_NC4as_T4_v3", 11_149_444, "a nanosecond more: .658 × 61 / 3600 = .0111494444…"),
            ]),
    ]
}
