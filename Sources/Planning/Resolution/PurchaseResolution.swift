import PerformanceModel
import Pricing
import Primitives
import SimulationCore

extension ResolvedSupply {
    /// Machines of one's own, by capital, power and space.
    static func owned(
        _ settings: OwnedSettings, _ pool: PoolSettings, _ name: String, _ split: Parallelism,
        in context: ResolutionContext
    ) throws -> ResolvedSupply {
        let (device, profile) = try Self.machine(settings.device, context)
        let machines = pool.range?.maximum ?? pool.replicas ?? 1
        if let owned = settings.machines, owned < machines {
            throw ScenarioError(
                .conflict, "\(owned) owned machines cannot hold \(machines) replicas", at: settings.position)
        }
        let offer = Offer(
            id: "owned/\(device.name)/local", provider: "owned",
            instanceType: split.devices > 1 ? "\(split.devices)x-\(device.name)" : device.name,
            region: "local", market: .owned, accelerator: device.kind == .cpu ? nil : device.name,
            acceleratorCount: device.kind == .cpu ? 0 : split.devices, onDemandPerHour: nil,
            source: "set in the scenario", observed: "as given")
        do {
            let price = PriceOverride(
                owned: settings.cost(machines: settings.machines ?? machines), source: "set in the scenario",
                observed: "as given")
            let terms = try PoolTerms(pool: name, offer: offer, terms: .owned, price: price)
            return ResolvedSupply(device: device, profile: profile, terms: terms, accelerators: split.devices)
        } catch {
            throw ScenarioError(.outOfRange, "what the machine costs is out of bounds: \(error)", at: settings.position)
        }
    }

    private static func machine(
        _ supply: PoolSettings.Supply, _ context: ResolutionContext
    ) throws -> (Device, DeviceProfile?) {
        if case .profile(let path) = supply {
            let profile = try profile(path, folder: context.scenario.folder)
            return (device(of: profile), profile)
        }
        guard case .device(let query) = supply else { preconditionFailure("owned machines have a device") }
        return (try device(query.value, at: query), nil)
    }

    /// Workers of a serverless platform.
    static func serverless(
        _ settings: ServerlessSettings, _ pool: PoolSettings, _ name: String, _ prices: PriceBook
    ) throws -> ResolvedSupply {
        var pool = pool
        pool.terms = pool.terms ?? Located(.serverless, at: settings.offer.position)
        pool.price = settings.perHour
        return try rented(settings.offer, pool, name, prices)
    }
}

extension OwnedSettings {
    /// - Parameter machines: paid for whether they are held or not.
    func cost(machines: Int) -> OwnedCost {
        OwnedCost(
            capital: capital, years: Int64(years), busyWatts: busyWatts, idleWatts: idleWatts,
            effectivenessThousandths: effectivenessThousandths, perKilowattHour: electricity, spacePerMonth: space,
            machines: Int64(machines))
    }
}

extension ExtraSettings {
    var extras: PoolExtras {
        PoolExtras(
            disk: disk ?? .zero, addresses: Int64(publicAddresses ?? 0), loadBalancers: Int64(loadBalancers ?? 0),
            natGateways: Int64(natGateways ?? 0))
    }
}

extension CommitmentSettings {
    /// Shares of the on-demand price that committed spending pays where a scenario gives none: after one and three years.
    private static let ratios: [String: (oneYear: Double, threeYears: Double, source: String)] = [
        "aws": (
            0.70, 0.45,
            "Compute Savings Plans typically save near 30 % (spiceworks), over three years 50–60 % (yobitel.com)"
        ), "gcp": (0.72, 0.54, "flexible committed use discounts of 28 % and 46 % (yobitel.com)"),
    ]

    /// What is committed to at `terms`, the pool's own.
    func commitment(_ terms: PoolTerms, log: inout AssumptionLog) throws -> Commitment {
        do {
            switch kind {
            case .reserved:
                let months = log.value(
                    months, default: 12, "term of the reservation of \(terms.offer.id), in months",
                    source: "the shortest that is listed")
                let purchase: PurchaseTerms = months == 36 ? .reservedThreeYears : .reservedOneYear
                note(purchase, terms, &log)
                return try .reserved(Int64(instances ?? 1), of: terms.offer, on: purchase, perHour: price)
            case .prepaid:
                return try .prepaid(
                    Int64(instances ?? 1), of: terms.offer, months: Int64(months ?? 1), perHour: price ?? .zero)
            case .spend:
                let thousandths = Int64((try ratio(terms.offer.provider, &log) * 1_000).rounded())
                return try .spend(
                    price ?? .zero, at: terms.offer.provider,
                    rates: [.init(prefix: "\(terms.offer.provider)/", thousandths: max(1, thousandths))])
            }
        } catch let error as PriceBookError {
            throw ScenarioError(.conflict, "this cannot be committed to: \(error)", at: position)
        }
    }

    private func note(_ purchase: PurchaseTerms, _ terms: PoolTerms, _ log: inout AssumptionLog) {
        guard price == nil, let found = ReservedRatio.of(terms.offer, on: purchase) else { return }
        let assumed = found.ratio.assumption.map { "; \($0)" } ?? ""
        log.add(
            Assumption(
                subject: "\(purchase.rawValue) of \(terms.offer.id)",
                value: "\(number(Double(found.thousandths) / 1_000, digits: 3)) of the on-demand price",
                source: "\(found.ratio.source), \(found.ratio.observed)\(assumed)",
                confidence: found.ratio.assumption == nil ? .published : .assumed))
    }

    private func ratio(_ provider: String, _ log: inout AssumptionLog) throws -> Double {
        if let ratio { return ratio }
        guard let known = Self.ratios[provider] else {
            throw ScenarioError(
                .missingKey, "what committed spending pays at \(provider) is not known: give its `ratio`", at: position)
        }
        let isLong = months ?? 12 >= 36
        let value = isLong ? known.threeYears : known.oneYear
        log.add(
            Assumption(
                subject: "ratio of committed spending at \(provider), \(isLong ? 3 : 1) y", value: value.settingWords,
                source: known.source, confidence: .assumed))
        return value
    }
}

extension ResolvedPool {
    /// Requests that an API takes at once: more than any workload here has in flight.
    private static let apiSequences = 65_536

    /// Somebody else's model behind an interface that is paid by the token: a replica that is never full, whose steps take
    /// one token's time whatever the batch. Half of the time to the first token that is not a step is spent each way.
    init(
        api: APISettings, of pool: PoolSettings, name: String, in context: ResolutionContext,
        log: inout AssumptionLog
    ) throws {
        let length = context.model.architecture.contextLength
        let tokens = TokenPrices(
            inputPerMillion: api.input, cachedInputPerMillion: api.cachedInput, outputPerMillion: api.output)
        let offer = Offer(
            id: "api/\(api.name)", provider: api.name.lowercased(), instanceType: api.name,
            region: pool.place.region?.value ?? "global", market: .distributed, accelerator: nil, acceleratorCount: 0,
            onDemandPerHour: nil, source: "set in the scenario", observed: "as given")
        do {
            terms = try PoolTerms(
                pool: name, offer: offer, terms: .perToken,
                price: PriceOverride(tokens: tokens, source: "set in the scenario", observed: "as given"))
        } catch {
            throw ScenarioError(.outOfRange, "what the tokens cost is out of bounds: \(error)", at: api.position)
        }
        let step = api.tokenTime
        let delay = SimulatedDuration(nanoseconds: (api.firstToken - step).nanoseconds / 2)
        let blocks = api.cachedInput == nil ? 100_000_000 : 1_000_000
        configuration = PoolConfiguration(
            name: name, replicas: 1,
            engine: EngineConfiguration(
                maxBatchedTokens: 100_000_000, maxSequences: Self.apiSequences, maxModelLength: length,
                kvBlocks: blocks, prefixCaching: api.cachedInput != nil),
            stepCost: LinearStepCost(perStep: Double(step.nanoseconds), perPrefillToken: 0),
            oneWayDelay: delay + (pool.networkDelay ?? .zero),
            place: PoolPlace(region: pool.place.region?.value ?? ""))
        packing = .single
        precision = context.model.precision.name
        outlook = PoolOutlook(
            name: name, settings: pool, offerRegion: "global", position: pool.position, isOwned: false,
            dollarsPerMillionTokens: api.output.dollars)
        summary = PoolSummary(
            name: name, offerID: offer.id, provider: offer.provider, region: offer.region, market: offer.market,
            terms: .perToken, device: "API", replicas: 1, tensorParallel: 1, pipelineParallel: 1,
            pricePerInstanceHour: .zero, priceSource: terms.priceSource, priceObserved: terms.priceObserved,
            kvBlocks: blocks)
        log.add(
            Assumption(
                subject: "API \(api.name)",
                value:
                    "first token after \(durationText(api.firstToken)), then \(api.tokensPerSecond.settingWords) tokens/s, "
                    + "at any load; cached prompts \(api.cachedInput == nil ? "not told apart" : "at their own price")",
                source: "set in the scenario; rate limits and slow hours of the supplier are not simulated",
                confidence: .given))
    }
}
