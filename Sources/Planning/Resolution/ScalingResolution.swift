import PerformanceModel
import Pricing
import Primitives
import SimulationCore

/// What is known of a pool when its scaling is resolved.
struct ScalingContext {
    /// With its strategy's settings.
    var pool: PoolSettings
    /// As in reports.
    var name: String
    var packing: InstancePacking
    var defaults: StartupDefaults
    /// Whether its supply, its reliability or an outage may take machines away.
    var losesMachines: Bool

    /// How the pool's size follows its load; `nil` for a fixed number of replicas that nothing takes away.
    func scaling(_ log: inout AssumptionLog) throws -> PoolScaling? {
        guard let policy = try policy(&log) else { return nil }
        try checkPacking()
        let (least, most, initial) = bounds
        let startup = defaults.stages(pool.start, log: &log)
        var scaling = PoolScaling(
            policy: policy, minimum: least, maximum: most,
            initial: pool.range == nil || isFallback
                ? initial
                : log.value(
                    pool.range?.initial, default: initial, "initial replicas of \(name)",
                    source: "the fewest, but at least one"),
            startup: startup)
        scaling.downloads = defaults.downloads(pool.start)
        scaling.kept = pool.kept.map { kept in defaults.kept(kept, startup, log: &log) }
        if let drain = pool.drain { scaling.drain = drain.policy }
        note(scaling, &log)
        return scaling
    }

    private var isFallback: Bool { pool.fallback != nil }

    /// Fewest, most, and how many serve at first.
    private var bounds: (Int, Int, Int) {
        guard let range = pool.range else {
            return pool.isServerless ? (0, packing.replicas, 0) : (packing.replicas, packing.replicas, packing.replicas)
        }
        let fewest = isFallback ? pool.fallback?.base ?? 0 : pool.isServerless ? 0 : 1
        let least = max(range.minimum, fewest)
        return (range.minimum, range.maximum, range.initial ?? min(least, range.maximum))
    }

    private func policy(_ log: inout AssumptionLog) throws -> AutoscalerPolicy? {
        if let fallback = pool.fallback { return .fallback(fallback.policy(of: name, log: &log)) }
        if let autoscaler = pool.autoscaler, pool.range != nil || pool.isServerless { return autoscaler.policy }
        if case .serverless(let serverless) = pool.supply, pool.isServerless {
            log.note(serverless.defaults, of: name)
            return .knative(serverless.policy)
        }
        return losesMachines ? .fixed(FixedPolicy(replicas: packing.replicas)) : nil
    }

    private func checkPacking() throws {
        guard packing.replicasPerInstance > 1 else { return }
        let what = pool.range == nil && !pool.isServerless ? "a replica that may be lost" : "an autoscaled replica"
        throw ScenarioError(
            .conflict,
            "\(what) starts and ends with its instance, but \(packing.replicasPerInstance) of them "
                + "share one here: take a smaller offer, or a larger `tensor-parallel`"
                + (pool.mayBeTakenAway ? ", or switch the loss off with `interruptions: none`" : ""),
            at: pool.range?.position ?? pool.position)
    }

    /// The kind, as a scenario names it.
    var kind: String {
        if isFallback { return "fallback" }
        if let kind = pool.autoscaler?.kind { return kind.rawValue }
        return pool.isServerless ? "serverless" : AutoscalerSettings.Kind.fixed.rawValue
    }

    private func note(_ scaling: PoolScaling, _ log: inout AssumptionLog) {
        if kind == "fixed", pool.autoscaler == nil {
            log.add(
                default: "lost replicas of \(name)", "replaced, noticed within 10 s",
                source: "the usual probe interval of SkyServe and Kubernetes")
            return
        }
        let origin =
            pool.autoscaler?.kind.origin
            ?? (isFallback
                ? "SkyServe's on-demand fallback"
                : "workers follow the requests in the last second, and leave after their idle time-out")
        log.add(
            Assumption(
                subject: "autoscaler of \(name)",
                value: "\(kind), \(scaling.minimum) to \(scaling.maximum) replicas, \(scaling.initial) at first",
                source: (pool.autoscaler?.manifest).map { "manifest \($0.path.value); \(origin)" } ?? origin,
                confidence: .given))
        if let manifest = pool.autoscaler?.manifest { log.note(manifest) }
    }
}

extension AssumptionLog {
    /// Notes how a manifest was taken.
    fileprivate mutating func note(_ manifest: AutoscalerManifest) {
        let file = manifest.path.value
        for reading in manifest.notes.readings {
            add(
                Assumption(
                    subject: "\(reading.name) in \(file)", value: reading.metric.rawValue,
                    source: reading.remark ?? "the same under another name",
                    confidence: reading.remark == nil ? .given : .assumed))
        }
        if !manifest.notes.unsimulated.isEmpty {
            add(
                Assumption(
                    subject: "not simulated of \(file)",
                    value: manifest.notes.unsimulated.unique.joined(separator: ", "),
                    source: "it has no effect on a simulation", confidence: .given))
        }
        for warning in manifest.notes.warnings { warn("\(file): \(warning)") }
    }
}

extension FallbackSettings {
    /// With SkyServe's defaults where it is silent.
    fileprivate func policy(of name: String, log: inout AssumptionLog) -> FallbackPolicy {
        var policy = FallbackPolicy(primary: primaryIndex)
        let source = "SkyServe's default"
        policy.base = log.value(base, default: policy.base, "fallback base of \(name)", source: source)
        policy.dynamic = log.value(dynamic, default: policy.dynamic, "dynamic fallback of \(name)", source: source)
        policy.overprovision = overprovision ?? 0
        policy.decisionInterval = decisionInterval ?? policy.decisionInterval
        policy.idleDecisionInterval = idleDecisionInterval ?? policy.idleDecisionInterval
        if decisionInterval == nil || idleDecisionInterval == nil {
            log.add(
                default: "decisions of \(name)",
                "each \(durationText(policy.decisionInterval)), "
                    + "\(durationText(policy.idleDecisionInterval)) while nothing is ready", source: source)
        }
        return policy
    }
}

extension ServerlessSettings {
    /// As many workers as the requests of the last second take, and none goes before its idle time-out.
    var policy: KnativePolicy {
        KnativePolicy(
            metric: .outstanding, target: Double(concurrency), targetUtilization: 1, stableWindow: .seconds(1),
            panicWindowPercentage: 100, maxScaleDownRate: 1e6, scaleToZeroGracePeriod: .zero,
            scaleDownDelay: idleTimeout, tick: .milliseconds(500))
    }
}

extension ScalingSummary {
    /// `nil` for a fixed number of replicas.
    init?(_ scaling: PoolScaling?, _ context: ScalingContext) {
        guard let scaling else { return nil }
        self.init(
            autoscaler: context.kind, minimum: scaling.minimum, initial: scaling.initial, startup: scaling.startup,
            instancesPerReplica: context.packing.instancesPerReplica)
    }
}

/// How long a replica takes to start where a scenario is silent. A replica starts on a new machine: nothing is cached.
struct StartupDefaults {
    struct Stage {
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
    /// Of one instance, and of all instances of a replica.
    private let weightBytes: Double
    private let allWeightBytes: Int
    /// Whether hosts keep the image, and whether they are somebody else's, with nothing of ours on their disks.
    private let keepsImage: Bool
    private let isUnprepared: Bool

    /// - Parameter instances: that one replica is spread over; each loads its own share of the weights.
    init(_ replica: ReplicaShape, of terms: PoolTerms, instances: Int) {
        let model = replica.architecture
        provision = Self.provision(terms.offer.market)
        imagePull =
            terms.terms.isServerless
            ? Stage(
                name: "image-pull of serverless workers", time: .zero,
                source: "hosts keep the image: cold starts take 40–90 s in all (Spheron, 2026)")
            : Stage(
                name: "image-pull", time: .seconds(300),
                source: "15–18 GB image of a vLLM server, uncached: 4–8 min (Spheron, 2026)")
        keepsImage = terms.terms.isServerless || terms.offer.market == .owned
        isUnprepared = terms.offer.market == .distributed
        allWeightBytes = model.weightBytes(replica.precision)
        let bytes = Double(allWeightBytes) / Double(instances)
        weightBytes = bytes
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

    static func milliseconds(_ seconds: Double) -> SimulatedDuration {
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
            provision: time(given?.provision, provision),
            imagePull: time(given?.imagePull, given?.imageStage ?? imagePull),
            weightLoad: time(given?.weightLoad, given?.weightStage(weightBytes) ?? weightLoad),
            compile: time(given?.compile, compile), warmUp: time(given?.warmUp, warmUp))
    }

    /// What a new machine receives over its network: the image, and the weights where they come from a registry, as
    /// they do on a host that nobody has prepared.
    func downloads(_ given: StartSettings?) -> StartupDownloads {
        guard !keepsImage else { return StartupDownloads() }
        let fetchesWeights = given?.weights.map { $0 == .registry } ?? isUnprepared
        return StartupDownloads(
            image: Int64(given?.imageBytes ?? StartSettings.image), weights: fetchesWeights ? Int64(allWeightBytes) : 0)
    }

    /// What a kept machine is spared: the image always; in a warm pool all but moving the weights from host memory.
    func kept(_ kept: KeptSettings, _ cold: StartupStages, log: inout AssumptionLog) -> KeptMachines {
        let start = kept.start
        var startup = StartupStages(provision: start?.provision ?? cold.provision)
        startup.imagePull = start?.imagePull ?? .zero
        switch kept.mode {
        case .stopped:
            startup.weightLoad =
                start?.weightLoad ?? start?.weightStage(weightBytes)?.time ?? Self.weightLoad(bytes: weightBytes)
            startup.compile = start?.compile ?? cold.compile
            startup.warmUp = start?.warmUp ?? cold.warmUp
        case .warm:
            startup.provision = start?.provision ?? .zero
            startup.weightLoad =
                start?.weightLoad ?? Self.milliseconds(weightBytes / (start?.bus ?? StartSettings.bus))
            startup.compile = start?.compile ?? .zero
            startup.warmUp = start?.warmUp ?? .zero
        }
        let source =
            kept.mode == .stopped
            ? "a stopped machine keeps image and weights on its disk; it boots, reads and compiles as a new one"
            : "as vLLM's sleep mode: the process stays, weights come from host memory at "
                + "\(number((start?.bus ?? StartSettings.bus) / 1e9, digits: 0)) GB/s"
        log.add(default: "start of a machine kept \(kept.mode.rawValue)", secondsText(startup.total), source: source)
        return KeptMachines(mode: kept.mode, limit: kept.limit, startup: startup)
    }
}

/// Times made of bytes: bytes ÷ the slowest bandwidth on their way, plus the fixed part of the stage.
extension StartSettings {
    /// PCIe 4.0 × 16, recalled: what moves weights from host memory to a device.
    static let bus = 25e9
    /// A vLLM server's image, the middle of 15 to 18 GB (Spheron, 2026).
    fileprivate static let image = 16.5e9
    /// The image in the 300 s of the default.
    private static let registry = 55e6
    /// The slope of the default: local NVMe (Spheron, 2026).
    private static let disk = 3.6e9

    /// Bytes of the image, where they are given.
    fileprivate var imageBytes: Double? { image.map { Double($0.bytes) } }

    /// `nil` where nothing is said of the image but its time.
    fileprivate var imageStage: StartupDefaults.Stage? {
        guard describesImage else { return nil }
        let bytes = image.map { Double($0.bytes) } ?? Self.image
        let rate = min(registry ?? Self.registry, disk ?? Self.disk)
        return StartupDefaults.Stage(
            name: "image-pull", time: StartupDefaults.milliseconds(bytes / rate),
            source:
                "\(Self.gigabytes(bytes)) GB\(image == nil ? " (default)" : "") ÷ \(Self.megabytes(rate)) MB/s, the "
                + "slower of registry\(registry == nil ? " (default 55 MB/s)" : "") and disk"
                + (disk == nil ? " (default 3,600 MB/s)" : ""), confidence: .derived)
    }

    /// `nil` where nothing is said of the weights but their time.
    fileprivate func weightStage(_ bytes: Double) -> StartupDefaults.Stage? {
        guard describesWeights else { return nil }
        var rate = min(disk ?? Self.disk, bus ?? Self.bus)
        if weights == .registry { rate = min(rate, registry ?? Self.registry) }
        let way = weights == .registry ? "registry, disk and bus" : "disk and bus"
        return StartupDefaults.Stage(
            name: "weight-load", time: StartupDefaults.milliseconds(3.6 + bytes / rate),
            source: "3.6 s + \(Self.gigabytes(bytes)) GB ÷ \(Self.megabytes(rate)) MB/s, the slowest of \(way)",
            confidence: .derived)
    }

    private static func gigabytes(_ bytes: Double) -> String { number(bytes / 1e9, digits: 2) }
    private static func megabytes(_ rate: Double) -> String { number(rate / 1e6, digits: 0) }
}
