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
        let replicas =
            pool.range?.maximum
            ?? log.value(pool.replicas, default: 1, "replicas of \(name)", source: "one model server")
        packing = try Self.packing(replicas, replica, supply, at: pool.position)
        let scaling = try PoolScaling(
            pool, name: name, packing: packing,
            defaults: StartupDefaults(
                replica, market: supply.terms.offer.market, instances: packing.instancesPerReplica),
            log: &log)
        let engine = try ResolvedEngine(serving.engine, replica, at: pool.position, log: &log)
        configuration = PoolConfiguration(
            name: name, replicas: replicas, instancesPerReplica: packing.instancesPerReplica,
            engine: engine.configuration,
            stepCost: try stepCost(
                replica, profile: supply.profile, maxBatchedTokens: engine.configuration.maxBatchedTokens,
                at: pool.position, log: &log),
            oneWayDelay: pool.networkDelay ?? .zero, scaling: scaling)
        terms = supply.terms
        precision = replica.precision.name
        summary = PoolSummary(
            name: name, offerID: terms.offer.id, provider: terms.offer.provider, region: terms.offer.region,
            market: terms.offer.market, terms: terms.terms, device: supply.device.name, replicas: replicas,
            tensorParallel: split.tensor, pipelineParallel: split.pipeline,
            pricePerInstanceHour: terms.contractedPerHour, priceSource: terms.priceSource,
            priceObserved: terms.priceObserved, kvBlocks: engine.configuration.kvBlocks,
            scaling: ScalingSummary(scaling, of: pool, packing))
        log.note(memory: engine.memory, of: replica)
        log.note(price: terms)
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
        if terms.terms == .spot || terms.terms == .interruptible {
            warn(
                "\(terms.offer.id) is priced as \(terms.terms.rawValue), but interruptions are not simulated: "
                    + "its cost is a lower bound and its latency an optimistic one.")
        }
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
