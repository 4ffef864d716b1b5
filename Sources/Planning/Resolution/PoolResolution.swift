import PerformanceModel
import Pricing
import Primitives
import SimulationCore

/// A pool, ready to run.
struct ResolvedPool {
    let configuration: PoolConfiguration
    let summary: PoolSummary
    let terms: PoolTerms
    let packing: InstancePacking
    let precision: String
    /// As seen from users and prices.
    let outlook: PoolOutlook
    /// What its settings commit to.
    var commitments: [Commitment] = []
    /// Whether its spot price moves.
    var priceMoves = false
    /// What its clairvoyant autoscaler knows of a replica, where it has one.
    var foresight: Foresight?

    /// Looks everything up that `pool` names and checks that the model fits.
    /// - Parameter serving: the pool's settings over the strategy's and the scenario's.
    init(
        _ pool: PoolSettings, serving: ServingSettings, name: String, in context: ResolutionContext,
        log: inout AssumptionLog
    ) throws {
        let split = try Self.split(serving, context.model.architecture, pool, &log)
        let supply = try ResolvedSupply(pool, name: name, split: split, in: context)
        let replica = ReplicaShape(
            architecture: context.model.architecture, precision: try Self.precision(serving, context.model, &log),
            device: supply.device, split: split,
            acceleratorsPerInstance: supply.terms.terms == .owned ? nil : supply.accelerators,
            isBoundToOneDevice: supply.profile != nil || supply.isShareOfProcessor)
        let replicas = pool.range?.maximum ?? Self.replicas(pool, name, &log)
        packing = try Self.packing(replicas, replica, supply, at: pool.position)
        terms = supply.terms.holding(pool.extras?.extras ?? PoolExtras())
        let scaling = ScalingContext(
            pool: pool, name: name, packing: packing,
            defaults: StartupDefaults(replica, of: supply.terms, instances: packing.instancesPerReplica),
            losesMachines: pool.mayLoseMachines || context.fails(pool, in: terms.offer.region))
        let scaled = try scaling.scaling(&log)
        let engine = try ResolvedEngine(serving.engine, replica, at: pool.position, log: &log)
        let cost = try context.stepCost(
            replica, profile: supply.profile, maxBatchedTokens: engine.configuration.maxBatchedTokens,
            at: pool.position, log: &log)
        var configuration = PoolConfiguration(
            name: name, replicas: replicas, instancesPerReplica: packing.instancesPerReplica,
            engine: engine.configuration, stepCost: cost, oneWayDelay: pool.networkDelay ?? .zero, scaling: scaled,
            place: PoolPlace(
                region: pool.place.region?.value ?? terms.offer.region, zones: pool.place.zones.map(\.value)),
            offer: "\(terms.offer.id) \(terms.terms.rawValue)",
            kvBytesPerToken: Int64(context.model.architecture.kvBytesPerToken(replica.precision)))
        let risk = SupplyContext(
            pool: pool, name: name, terms: terms, accelerators: terms.offer.acceleratorCount,
            instancesPerReplica: packing.instancesPerReplica, folder: context.scenario.folder)
        try configuration.take(risk, cutsOff: scaling.losesMachines || pool.drain?.cutsOff ?? false, log: &log)
        self.configuration = configuration
        precision = replica.precision.name
        outlook = PoolOutlook(
            pool, configuration, terms,
            perReplicaHour: Double(packing.instances) / Double(packing.replicas) * terms.contractedPerHour.dollars)
        summary = PoolSummary(
            name: name, offerID: terms.offer.id, provider: terms.offer.provider, region: terms.offer.region,
            market: terms.offer.market, terms: terms.terms, device: supply.device.name, replicas: replicas,
            tensorParallel: split.tensor, pipelineParallel: split.pipeline,
            pricePerInstanceHour: terms.contractedPerHour, priceSource: terms.priceSource,
            priceObserved: terms.priceObserved, kvBlocks: engine.configuration.kvBlocks,
            scaling: ScalingSummary(scaled, scaling))
        log.note(memory: engine.memory, of: replica)
        log.note(price: terms)
        try readPurchase(of: pool, name, &log)
    }

    /// Model servers where nothing says between which bounds.
    private static func replicas(_ pool: PoolSettings, _ name: String, _ log: inout AssumptionLog) -> Int {
        guard pool.isServerless else {
            return log.value(pool.replicas, default: 1, "replicas of \(name)", source: "one model server")
        }
        return log.value(
            pool.replicas, default: 3, "most workers of \(name)", source: "RunPod's default of three (recalled)")
    }

    /// Commitments, moving prices, foresight and whatever else is paid for.
    private mutating func readPurchase(of pool: PoolSettings, _ name: String, _ log: inout AssumptionLog) throws {
        commitments = try pool.commitments.map { settings in
            var commitment = try settings.commitment(terms, log: &log)
            if settings.kind != .spend { commitment.pool = name }
            return commitment
        }
        foresight = pool.autoscaler?.foresight
        if case .owned(let owned) = pool.supply { log.note(owned.defaults, of: name) }
        if let foresight {
            log.add(
                default: "bins of \(name)", durationText(foresight.bin),
                source: "its clairvoyant autoscaler counts the run's own arrivals in these")
        }
        guard terms.terms == .spot, pool.risk.spot?.price != .fixed, pool.price == nil else { return }
        priceMoves = MarketFacts.walk(of: terms.offer) != nil
        log.add(
            Assumption(
                subject: "spot price of \(terms.offer.id)",
                value: priceMoves
                    ? "moves around \(terms.contractedPerHour) $/h, at most the on-demand price"
                    : "stays at \(terms.contractedPerHour) $/h",
                source: priceMoves
                    ? MarketFacts.amazonMovementSource(of: terms.offer.provider)
                    : "no record of its movement was found", confidence: priceMoves ? .derived : .assumed))
    }

    private static func split(
        _ serving: ServingSettings, _ model: ModelArchitecture, _ pool: PoolSettings, _ log: inout AssumptionLog
    ) throws -> Parallelism {
        let split = Parallelism(
            tensor: log.value(
                serving.tensorParallel, default: 1, "tensor-parallel", source: "one accelerator per layer"),
            pipeline: log.value(serving.pipelineParallel, default: 1, "pipeline-parallel", source: "one stage"))
        do {
            try model.validate(split)
        } catch {
            throw ScenarioError(.conflict, "\(error)", at: pool.position)
        }
        return split
    }

    private static func precision(
        _ serving: ServingSettings, _ model: ResolvedModel, _ log: inout AssumptionLog
    ) throws -> Precision {
        var precision = model.precision
        if let given = serving.precision {
            do {
                precision = try Precision(named: given.value)
            } catch {
                let known = Precision.all.map(\.name).joined(separator: ", ")
                throw given.error(.unknownName, "\(error) (known: \(known))")
            }
        } else {
            log.add(default: "precision", precision.name, source: model.precisionSource)
        }
        guard let format = serving.kvPrecision else {
            log.add(default: "kv-precision", precision.kvCache.rawValue, source: "the precision's own cache format")
            return precision
        }
        return precision.caching(format)
    }

    private static func packing(
        _ replicas: Int, _ replica: ReplicaShape, _ supply: ResolvedSupply, at position: SettingPosition
    ) throws -> InstancePacking {
        let packing = InstancePacking(
            replicas: replicas, tensorParallel: replica.split.tensor, pipelineParallel: replica.split.pipeline,
            accelerators: supply.accelerators)
        if let packing { return packing }
        throw ScenarioError(
            .doesNotFit,
            "tensor-parallel \(replica.split.tensor) needs as many accelerators in one instance; "
                + "\(supply.terms.offer.id) has \(supply.accelerators)", at: position)
    }
}

/// What every pool of a scenario shares.
struct ResolutionContext {
    let scenario: Scenario
    let model: ResolvedModel
    let prices: PriceBook
    let costs = TabulatedCosts()

    /// Whether an outage of the scenario names a place where the pool stands.
    /// - Parameter region: the offer's.
    func fails(_ pool: PoolSettings, in region: String) -> Bool {
        let places = [pool.place.region?.value ?? region] + pool.place.zones.map(\.value)
        return scenario.outages.contains { outage in outage.places.contains { places.contains($0.value) } }
    }
}

extension PoolConfiguration {
    /// How machines are obtained, lost and broken, and what becomes of the requests on them.
    fileprivate mutating func take(_ risk: SupplyContext, cutsOff: Bool, log: inout AssumptionLog) throws {
        supply = try risk.supply(&log)
        if let settings = risk.pool.risk.reliability { reliability = settings.value(of: risk, log: &log) }
        guard cutsOff else { return }
        fate = risk.pool.risk.fate?.value ?? .restarted
        if risk.pool.risk.fate == nil {
            log.add(
                default: "fate of requests on lost replicas of \(name)", fate.words,
                source: "most stacks lose the work, and client or gateway asks again (SkyServe's documentation)")
        }
    }
}

extension ReliabilitySettings {
    /// As stated, or by the facts of who runs the machines.
    fileprivate func value(of risk: SupplyContext, log: inout AssumptionLog) -> Reliability {
        switch kind {
        case .stated(let value):
            log.note(defaults, of: "reliability of \(risk.name)")
            return value
        case .facts(let tier):
            let offer = risk.terms.offer
            let own: HostTier =
                offer.market == .distributed ? (offer.isCommunity ? .community : .dataCentre) : .hyperscale
            return log.value(of: SupplyFacts.reliability(tier ?? own), "reliability of \(risk.name)") { value in
                let hours = (value.meanTimeToFailure ?? .zero).seconds / 3_600
                return "\((tier ?? own).rawValue): fails after \(number(hours, digits: 0)) h on average, "
                    + "back after \(durationText(value.meanRepair))"
            }
        }
    }
}

extension Offer {
    /// Whether anybody's machines are rented out here.
    fileprivate var isCommunity: Bool {
        ["vast", "salad", "akash", "tensordock"].contains(provider) || instanceType.hasSuffix("COMMUNITY")
    }
}

extension PoolOutlook {
    /// - Parameter perReplicaHour: dollars, as contracted at the run's start.
    fileprivate init(
        _ pool: PoolSettings, _ configuration: PoolConfiguration, _ terms: PoolTerms, perReplicaHour: Double
    ) {
        let sequences = min(32, configuration.engine.maxSequences)
        let line = configuration.stepCost.decodeLine(sequences: sequences, context: sequences * 1_000)
        let seconds = (line.fixed + line.perContextToken * Double(sequences) * 1_000) / 1e9
        self.init(
            name: configuration.name, settings: pool, offerRegion: terms.offer.region, position: pool.position,
            isOwned: terms.terms == .owned,
            dollarsPerMillionTokens: perReplicaHour / 3_600 * seconds / Double(sequences) * 1e6)
    }
}

extension MarketFacts {
    /// Where the movement of a provider's spot prices is from.
    fileprivate static func amazonMovementSource(of provider: String) -> String {
        provider == "aws" ? amazonMovementSource : "Cyclenerd/google-cloud-pricing-cost-calculator, 2023-05 to 2026-07"
    }
}

extension AssumptionLog {
    /// Notes the memory that decides how many requests run at once.
    mutating func note(memory plan: MemoryPlan, of replica: ReplicaShape) {
        let weights = ByteCount(bytes: Int64(plan.weights))
        add(
            Assumption(
                subject: "KV cache of \(replica.architecture.name) in \(replica.precision) on \(replica.label)",
                value: "\(plan.kvBlocks) blocks of \(plan.blockTokens) tokens",
                source: plan.kvBlocksMeasured
                    ? "given in the scenario"
                    : "memory × utilization − weights (\(weights)) − activations − runtime, per device",
                confidence: plan.kvBlocksMeasured ? .given : .derived))
        let memory = replica.device.memory
        add(
            Assumption(
                subject: "memory of \(replica.device.name)", value: "\(ByteCount(bytes: Int64(plan.capacity)))",
                source: "\(memory.source), \(memory.date)", confidence: Confidence(memory.confidence)))
    }

    /// Notes a price and the rule it is billed by.
    mutating func note(price terms: PoolTerms) {
        let isGiven = terms.terms == .owned || terms.priceSource == "set in the scenario"
        add(
            Assumption(
                subject: "price of \(terms.offer.id), \(terms.terms.rawValue)",
                value: "\(terms.contractedPerHour) $/h per instance",
                source: "\(terms.priceSource), \(terms.priceObserved)",
                confidence: isGiven ? .given : .published))
        let rule = terms.rule
        let step =
            rule.step.nanoseconds < 1_000_000_000 ? "by the nanosecond" : "in steps of \(durationText(rule.step))"
        let minimum = rule.minimum > .zero ? ", at least \(durationText(rule.minimum))" : ""
        add(
            Assumption(
                subject: "billing of \(rule.provider)", value: step + minimum,
                source: rule.source + (rule.assumption.map { "; \($0)" } ?? ""),
                confidence: terms.terms == .owned ? .given : rule.assumption == nil ? .published : .assumed))
    }
}

extension Confidence {
    /// The report's grade of a catalogue figure's.
    init(_ confidence: PerformanceModel.Confidence) {
        switch confidence {
        case .measured: self = .measured
        case .specified: self = .published
        case .fitted, .derived: self = .derived
        case .recalled, .assumed: self = .assumed
        }
    }
}
