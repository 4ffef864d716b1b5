import PerformanceModel
import Pricing
import Primitives
import SimulationCore

extension PoolScaling {
    /// How the pool's size follows its load; `nil` for a fixed number of replicas.
    /// - Parameter pool: with its strategy's settings.
    init?(
        _ pool: PoolSettings, name: String, packing: InstancePacking, defaults: StartupDefaults,
        log: inout AssumptionLog
    ) throws {
        guard let range = pool.range, let autoscaler = pool.autoscaler else { return nil }
        guard packing.replicasPerInstance == 1 else {
            throw ScenarioError(
                .conflict,
                "an autoscaled replica starts and ends with its instance, but \(packing.replicasPerInstance) of them "
                    + "share one here: take a smaller offer, or a larger `tensor-parallel`", at: range.position)
        }
        self.init(
            policy: autoscaler.policy, minimum: range.minimum, maximum: range.maximum,
            initial: log.value(
                range.initial, default: max(range.minimum, 1), "initial replicas of \(name)",
                source: "the fewest, but at least one"),
            startup: defaults.stages(pool.start, log: &log))
        log.add(
            Assumption(
                subject: "autoscaler of \(name)",
                value: "\(autoscaler.kind.rawValue), \(minimum) to \(maximum) replicas, \(initial) at first",
                source: autoscaler.kind.origin, confidence: .given))
    }
}

extension ScalingSummary {
    /// `nil` for a fixed number of replicas.
    init?(_ scaling: PoolScaling?, of pool: PoolSettings, _ packing: InstancePacking) {
        guard let scaling, let kind = pool.autoscaler?.kind else { return nil }
        self.init(
            autoscaler: kind.rawValue, minimum: scaling.minimum, initial: scaling.initial, startup: scaling.startup,
            instancesPerReplica: packing.instancesPerReplica)
    }
}

/// How long a replica takes to start where a scenario is silent. A replica starts on a new machine: nothing is cached.
struct StartupDefaults {
    private struct Stage {
        var name: String
        var time: SimulatedDuration
        var source: String
        var confidence = Confidence.assumed
    }
    private let provision: Stage
    private let imagePull: Stage
    private let weightLoad: Stage
    private let compile: Stage
    private let warmUp: Stage

    /// - Parameter instances: that one replica is spread over; each loads its own share of the weights.
    init(_ replica: ReplicaShape, market: Market, instances: Int) {
        let model = replica.architecture
        provision = Self.provision(market)
        imagePull = Stage(
            name: "image-pull", time: .seconds(300),
            source: "15–18 GB image of a vLLM server, uncached: 4–8 min (Spheron, 2026)")
        let bytes = Double(model.weightBytes(replica.precision)) / Double(instances)
        weightLoad = Stage(
            name: "weight-load of \(model.name) in \(replica.precision)", time: Self.weightLoad(bytes: bytes),
            source: "3.6 s + weights ÷ 3.6 GB/s per instance; local NVMe: 8B in 8 s, 70B in 40–45 s (Spheron, 2026)",
            confidence: .derived)
        compile = Stage(
            name: "compile of \(model.name)", time: Self.compile(parameters: Double(model.parameterCount)),
            source: "context and graph capture, between 12 s at 8B and 30 s at 70B (Spheron, 2026)",
            confidence: .derived)
        warmUp = Stage(name: "warm-up", time: .seconds(8), source: "5–10 s (Spheron, 2026)")
    }

    private static func provision(_ market: Market) -> Stage {
        switch market {
        case .hyperscale:
            Stage(
                name: "provision on hyperscale", time: .seconds(60),
                source: "tens of seconds to minutes on AWS and GCP (arXiv 2107.03467)")
        case .distributed:
            Stage(
                name: "provision on distributed", time: .seconds(45),
                source: "io.net claims 32–52 s by GPU, as an interested party (2026)")
        case .owned: Stage(name: "provision on owned", time: .zero, source: "the machine is there")
        }
    }

    /// A line through the published 8 s for 16 GB and 42.5 s for 141 GB, in whole milliseconds.
    static func weightLoad(bytes: Double) -> SimulatedDuration { milliseconds(3.6 + bytes / 3.6e9) }

    /// A line from 12 s at 8 billion parameters to 30 s at 70 billion, level outside; in whole milliseconds.
    static func compile(parameters: Double) -> SimulatedDuration {
        milliseconds(12 + 18 * min(max((parameters - 8e9) / 62e9, 0), 1))
    }

    private static func milliseconds(_ seconds: Double) -> SimulatedDuration {
        .milliseconds(Int64((seconds * 1_000).rounded()))
    }

    /// What is given, and these where nothing is, which is noted.
    func stages(_ given: StartSettings?, log: inout AssumptionLog) -> StartupStages {
        func time(_ given: SimulatedDuration?, _ stage: Stage) -> SimulatedDuration {
            if let given { return given }
            log.add(
                Assumption(
                    subject: "start: \(stage.name)", value: secondsText(stage.time), source: stage.source,
                    confidence: stage.confidence))
            return stage.time
        }
        return StartupStages(
            provision: time(given?.provision, provision), imagePull: time(given?.imagePull, imagePull),
            weightLoad: time(given?.weightLoad, weightLoad), compile: time(given?.compile, compile),
            warmUp: time(given?.warmUp, warmUp))
    }
}
