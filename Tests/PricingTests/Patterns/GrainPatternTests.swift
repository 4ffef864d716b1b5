import Pricing
import Primitives
import Testing

/// Who bills by the minute, who by the block, who by the microsecond, and from which state on.
@Suite struct GrainPatternTests {
    @Test("Bills by the minute to the nano-dollar", arguments: minutes)
    func byTheMinute(_ pattern: WorkedPattern) throws { try pattern.check() }

    @Test("Bills by finer grains to the nano-dollar", arguments: finer)
    func byFinerGrains(_ pattern: WorkedPattern) throws { try pattern.check() }

    static let minutes: [WorkedPattern] = [
        WorkedPattern(
            name: "lambda: a second over a minute, with a filesystem, and a launch that failed",
            pools: { [try worked("lambda/gpu_1x_a10", around: PoolExtras(disk: .gigabytes(100)))] },
            rentals: [
                lease([.loading: 60, .busy: 1]),
                lease([.provisioning: 1], at: 61, ending: .launchFailed) { $0.instance = 1 },
            ],
            lines: [
                WorkedLine("on-demand gpu_1x_a10", 43_000_000, "two started minutes: 2 × 1.29 / 60"),
                WorkedLine("disk of gpu_1x_a10", 464_231, "100 × 61 / 2628000 = .002321157 × .20 = .0004642314"),
                WorkedLine("on-demand gpu_1x_a10", 0, "health checks never passed"),
                WorkedLine("disk of gpu_1x_a10", 7_610, "100 / 2628000 = .000038052 × .20 = .0000076104"),
            ]),
        WorkedPattern(
            name: "coreweave: per minute from allocation, nothing while paused, traffic free",
            pools: { [try worked("coreweave/1x-h100-sxm")] },
            rentals: [
                lease([.provisioning: 61, .busy: 59]) { $0.traffic[.internet] = gigabytes(800) },
                lease([.paused: 900], at: 120, resumes: true),
                lease([.busy: 0.5], at: 1_020, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand 1x-h100-sxm", 158_666_667, "120 s: 4.76 / 30 = .1586666666…"),
                WorkedLine("on-demand 1x-h100-sxm", 0, "paused"),
                WorkedLine("on-demand 1x-h100-sxm", 79_333_333, "a started minute: 4.76 / 60"),
            ]),
        WorkedPattern(
            name: "hyperstack: per minute while running",
            pools: { [try worked("hyperstack/n3-H100x1")] },
            rentals: [lease([.provisioning: 300, .loading: 61, .busy: 59.000_000_001, .draining: 1])],
            lines: [WorkedLine("on-demand n3-H100x1", 95_000_000, "121.000000001 s are three minutes: 1.9 / 20")]),
        WorkedPattern(
            name: "scaleway: per minute, start-up included",
            pools: { [try PoolTerms(pool: "p", offer: offer("scaleway", "2.73"))] },
            rentals: [lease([.provisioning: 45, .busy: 30])],
            lines: [WorkedLine("on-demand test", 91_000_000, "75 s are two minutes: 2.73 / 30")]),
        WorkedPattern(
            name: "fpt: the minimum of a minute is a step of it, also after a pause",
            pools: { [try PoolTerms(pool: "p", offer: offer("fpt", "2"))] },
            rentals: [
                lease([.busy: 20], ending: .outbid), lease([.paused: 5], at: 20, resumes: true),
                lease([.busy: 20], at: 25, resumes: true),
            ],
            lines: [
                WorkedLine("on-demand test", 33_333_333, "a minute: 2 / 60"),
                WorkedLine("on-demand test", 0, "paused"),
                WorkedLine("on-demand test", 33_333_333, "every run is rounded up by itself"),
            ]),
    ]

    static let finer: [WorkedPattern] = [
        WorkedPattern(
            name: "akash: a lease of five seconds is a block, one of 601 seconds is 101",
            pools: { [try worked("akash/1x-h100")] },
            rentals: [
                lease([.provisioning: 5]),
                lease([.loading: 100, .busy: 1, .stopped: 500], at: 5, ending: .hostLeft) { $0.instance = 1 },
            ],
            lines: [
                WorkedLine("on-demand 1x-h100", 2_083_333, "1.25 × 6 / 3600 = .0020833333…"),
                WorkedLine("on-demand 1x-h100", 210_416_667, "busy or not: 1.25 × 606 / 3600 = .2104166666…"),
            ]),
        WorkedPattern(
            name: "tensordock: pro rata to the microsecond",
            pools: { [try PoolTerms(pool: "p", offer: offer("tensordock", "3.6"))] },
            rentals: [lease([.busy: 1.000_000_5])],
            lines: [WorkedLine("on-demand test", 1_000_001, "1000001 started µs × .001 $/s")]),
        WorkedPattern(
            name: "nebius: per started second while running, traffic free",
            pools: { [try worked("nebius/gpu-h100-sxm_1gpu-16vcpu-200gb")] },
            rentals: [
                lease([.provisioning: 240, .loading: 60.5, .busy: 40]) { $0.traffic[.internet] = gigabytes(10_000) }
            ],
            lines: [
                WorkedLine(
                    "on-demand gpu-h100-sxm_1gpu-16vcpu-200gb", 82_763_889, "101 s: 2.95 × 101 / 3600 = .0827638888…")
            ]),
        WorkedPattern(
            name: "gpuflow: an hour at least, and per second beyond it",
            pools: { [try PoolTerms(pool: "p", offer: offer("gpuflow", "0.9"))] },
            rentals: [
                lease([.busy: 1]), lease([.busy: 3_600.5], at: 1) { $0.instance = 1 },
            ],
            lines: [
                WorkedLine("on-demand test", 900_000_000, "a second is an hour"),
                WorkedLine("on-demand test", 900_250_000, "3601 s: .9 + .9 / 3600"),
            ]),
    ]
}
