import Pricing
import Primitives
import SimulationCore

/// What is known of a pool when its supply is resolved.
struct SupplyContext {
    var pool: PoolSettings
    /// As in reports.
    var name: String
    var terms: PoolTerms
    /// Accelerators in one instance; 0 = processors alone.
    var accelerators: Int
    /// Instances that one replica takes, all of which must be there.
    var instancesPerReplica: Int
    /// Relative paths are resolved against this.
    var folder: String

    private var offer: Offer { terms.offer }

    /// How the pool's machines are obtained and lost.
    func supply(_ log: inout AssumptionLog) throws -> SupplyPolicy {
        if pool.risk.isUninterrupted {
            log.warn(
                "\(offer.id) is priced as \(terms.terms.rawValue), but its interruptions are switched off: its cost is a "
                    + "lower bound and its latency an optimistic one.")
            return .dependable
        }
        switch terms.terms {
        case .spot: return .capacity(try spot(&log))
        case .interruptible: return .hosts(try hosts(pool.risk.market, &log))
        default: break
        }
        if let market = pool.risk.market { return .hosts(try hosts(market, &log)) }
        guard let settings = pool.risk.capacity else { return .dependable }
        return .capacity(try capacity(settings, availability: .always, &log))
    }

    // MARK: One supplier

    private func spot(_ log: inout AssumptionLog) throws -> CapacitySupply {
        let settings = pool.risk.spot
        let ownReclaims = settings?.reclaimsPerHour ?? 0 > 0
        var supply = try capacity(settings, availability: ownReclaims ? .always : .facts(.typical), &log)
        supply.reclaimsPerHour = settings?.reclaimsPerHour ?? 0
        if settings?.reclaimsPerHour == nil {
            log.add(
                default: "reclaims of \(name)", "none beside losses of a whole zone",
                source: "`reclaims` of single machines and `availability` describe the same interruptions")
        }
        let notice = SupplyFacts.notice(provider: offer.provider)
        supply.notice = settings?.notice ?? log.value(of: notice, "notice of \(name)") { durationText($0) }
        supply.keepsDisk = log.value(
            settings?.keepsDisk, default: false, "keeps-disk of \(name)", source: "reclaimed machines are deleted")
        return supply
    }

    private func capacity(
        _ settings: CapacitySettings?, availability standard: AvailabilitySettings, _ log: inout AssumptionLog
    ) throws -> CapacitySupply {
        var supply = CapacitySupply(depth: settings?.depth)
        supply.launchSuccess = log.value(
            settings?.launchSuccess, default: 1, "launch-success of \(name)", source: "every granted machine comes up")
        if supply.launchSuccess < 1 {
            supply.launchTimeout = log.duration(
                settings?.launchTimeout, default: supply.launchTimeout, "launch-timeout of \(name)",
                source: "SkyServe's initial delay, 1,200 s")
        }
        supply.retryInterval = log.duration(
            settings?.retry, default: supply.retryInterval, "retry of \(name)", source: "assumed: ask again each minute"
        )
        supply.availability = try availability(settings?.availability, standard, &log)
        return supply
    }

    private func availability(
        _ given: AvailabilitySettings?, _ standard: AvailabilitySettings, _ log: inout AssumptionLog
    ) throws -> Availability? {
        switch given ?? standard {
        case .always:
            if given == nil {
                log.add(default: "availability of \(name)", "always", source: "the supplier does not run out")
            }
            return nil
        case .facts(let tightness):
            let fact = SupplyFacts.spot(
                provider: offer.provider, accelerators: accelerators, tightness: tightness)
            return .process(log.value(of: fact, "availability of \(name)") { $0.words })
        case .process(let process, let filled):
            log.note(filled, of: "availability of \(name)")
            return .process(process)
        case .trace(let files):
            let traces = try files.map { file in
                let path = try FileLocation.existing(file, in: folder, called: "availability trace")
                return try AvailabilityFile.read(path, needed: instancesPerReplica)
            }
            log.add(
                Assumption(
                    subject: "availability of \(name)", value: traces.map(\.name).joined(separator: ", "),
                    source: "recorded, replayed from the trace's start", confidence: .measured))
            return .replay(traces)
        }
    }

    // MARK: Many hosts

    private func hosts(_ settings: MarketSettings?, _ log: inout AssumptionLog) throws -> HostSupply {
        var supply = HostSupply(
            population: try population(settings, &log), maximumPerHour: settings?.maximumPrice)
        if terms.terms == .interruptible {
            supply.bid = terms.contractedPerHour
            if pool.risk.bid == nil {
                log.add(
                    default: "bid of \(name)", "\(terms.contractedPerHour) $/h", source: "\(terms.priceSource)")
            }
        }
        supply.launchSuccess =
            settings?.launchSuccess
            ?? log.value(of: SupplyFacts.marketLaunchSuccess, "launch-success of \(name)") { $0.settingWords }
        supply.launchTimeout = log.duration(
            settings?.launchTimeout, default: supply.launchTimeout, "launch-timeout of \(name)",
            source: "assumed: a renter's watchdog gives up after ten minutes")
        supply.retryInterval = log.duration(
            settings?.retry, default: supply.retryInterval, "retry of \(name)",
            source: "assumed: look again each minute")
        if terms.terms == .interruptible {
            supply.patience = log.duration(
                settings?.patience, default: supply.patience ?? .seconds(300), "patience of \(name)",
                source: "assumed: a paused machine is given up after five minutes")
        } else if let patience = settings?.patience {
            supply.patience = patience
        }
        log.add(
            default: "prices read by the run", "hosts of \(name), cheapest first",
            source: "whoever rents on a market looks at prices, so these results depend on them")
        return supply
    }

    private func population(_ settings: MarketSettings?, _ log: inout AssumptionLog) throws -> HostSupply.Population {
        if let file = settings?.hosts {
            let path = try FileLocation.existing(file, in: folder, called: "table of hosts")
            let hosts = try HostListingFile.read(path)
            log.add(
                Assumption(
                    subject: "hosts of \(name)", value: "\(hosts.count) hosts", source: "table \(file.value)",
                    confidence: .given))
            return .listed(hosts)
        }
        var population = try basis(settings, &log)
        settings?.apply(to: &population)
        return .fitted(population)
    }

    /// The facts of the accelerator's market, its prices moved to the offer's.
    private func basis(_ settings: MarketSettings?, _ log: inout AssumptionLog) throws -> HostPopulation {
        let listed = pool.price ?? offer.onDemandPerHour
        let accelerator = offer.accelerator ?? ""
        let fact = SupplyFacts.market(accelerator: accelerator, count: offer.acceleratorCount)
        var population =
            fact?.population
            ?? HostPopulation(
                meanOffers: 6, meanStay: SupplyFacts.freeStay.value, staySigma: SupplyFacts.freeStaySigma,
                medianPerHour: listed ?? terms.contractedPerHour, priceSigma: 0.28)
        for note in fact?.notes ?? [] where !(settings?.states(note.subject) ?? false) {
            if note.subject == "median price", listed != nil { continue }
            log.add(
                Assumption(
                    subject: "market of \(name): \(note.subject)", value: note.value, source: note.source,
                    confidence: Confidence(note.confidence)))
        }
        if fact == nil {
            log.add(
                default: "market of \(name)", "6 offers, prices' sigma 0.28, the rest as elsewhere",
                source: "no figures of hosts with \(accelerator.isEmpty ? "processors alone" : accelerator) were found")
        }
        if let listed, settings?.price == nil, pool.price == nil || terms.terms != .interruptible {
            population.medianPerHour = listed
            log.add(
                default: "market of \(name): median price", "\(listed) $/h",
                source: "the offer's own on-demand price, \(offer.source), \(offer.observed)")
        }
        return population
    }
}

extension MarketSettings {
    /// Puts what is given in place of what `population` says.
    func apply(to population: inout HostPopulation) {
        population.meanOffers = offers ?? population.meanOffers
        population.meanStay = stay ?? population.meanStay
        population.staySigma = staySigma ?? population.staySigma
        population.rentedStay = rentedStay ?? population.rentedStay
        population.medianPerHour = price ?? population.medianPerHour
        population.priceSigma = priceSigma ?? population.priceSigma
        population.bidShare = bidShare ?? population.bidShare
        population.bidSigma = bidSigma ?? population.bidSigma
        population.bidInterval = bidInterval ?? population.bidInterval
        population.takeoversPerHour = takeoversPerHour ?? population.takeoversPerHour
        population.takeoverMean = takeoverTime ?? population.takeoverMean
        population.speedSigma = speedSigma ?? population.speedSigma
        population.bytesPerSecond = bytesPerSecond ?? population.bytesPerSecond
        population.bandwidthSigma = bandwidthSigma ?? population.bandwidthSigma
        population.storagePerGBMonth = storage ?? population.storagePerGBMonth
        population.ingressPerGB = ingress ?? population.ingressPerGB
        population.egressPerGB = egress ?? population.egressPerGB
        population.maximumDuration = maximumRental ?? population.maximumDuration
    }

    /// Whether these settings replace all of what a note of the facts speaks of.
    fileprivate func states(_ subject: String) -> Bool {
        switch subject {
        case "offers": offers != nil
        case "stay of a free machine": stay != nil && staySigma != nil
        case "stay of a rented machine": rentedStay != nil
        case "median price": price != nil
        case "spread of prices": priceSigma != nil
        case "least bid over price": bidShare != nil
        case "others' bids": bidSigma != nil && bidInterval != nil
        case "takeovers by on-demand renters": takeoversPerHour != nil && takeoverTime != nil
        case "speed of hosts": speedSigma != nil
        case "downlink": bytesPerSecond != nil && bandwidthSigma != nil
        default: false
        }
    }
}

extension AvailabilityProcess {
    /// For `lint`.
    fileprivate var words: String {
        func hours(_ time: SimulatedDuration) -> String { number(time.seconds / 3_600, digits: 2) }
        return "up \(hours(upMedian)) h median, \(hours(upMean)) h mean; down \(hours(downMedian)) h, "
            + "\(hours(downMean)) h; \(number(regionalShare, digits: 2)) shared; up-runs ÷ "
            + number(sizePenalty, digits: 2)
    }
}

extension Confidence {
    /// The report's grade of a supply figure's.
    init(_ confidence: SupplyConfidence) {
        switch confidence {
        case .measured: self = .measured
        case .published: self = .published
        case .derived: self = .derived
        case .assumed: self = .assumed
        }
    }
}

extension AssumptionLog {
    /// The value of a fact, which is noted.
    mutating func value<Value>(
        of fact: SupplyFact<Value>, _ subject: String, _ words: (Value) -> String
    ) -> Value {
        add(
            Assumption(
                subject: subject, value: words(fact.value), source: fact.source,
                confidence: Confidence(fact.confidence)))
        return fact.value
    }

    /// `given`, or a default duration, which is noted then.
    mutating func duration(
        _ given: SimulatedDuration?, default value: SimulatedDuration, _ subject: String, source: String
    ) -> SimulatedDuration {
        if given == nil { add(default: subject, durationText(value), source: source) }
        return given ?? value
    }

    /// Notes what settings left out.
    mutating func note(_ filled: [FilledDefault], of subject: String) {
        for entry in filled { add(default: "\(subject): \(entry.key)", entry.value, source: entry.source) }
    }
}
