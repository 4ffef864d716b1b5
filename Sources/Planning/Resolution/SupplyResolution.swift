import PerformanceModel
import Pricing
import Primitives

/// What a pool's replicas run on and what it costs.
struct ResolvedSupply {
    let device: Device
    /// The calibration that step times come from, where the pool names one.
    let profile: DeviceProfile?
    let terms: PoolTerms
    /// Accelerators (or processors' shares) in one instance.
    let accelerators: Int

    /// Whether an instance is some of a processor's CPUs: a model cannot be split over several of those.
    var isShareOfProcessor: Bool { terms.terms != .owned && terms.offer.accelerator == nil }

    /// Looks up an offer, or makes one for a device that the user prices.
    /// - Parameters:
    ///   - name: what the pool is called on the invoice.
    ///   - split: of one replica; a device priced by hand is rented in instances of exactly that many.
    init(_ pool: PoolSettings, name: String, split: Parallelism, in context: ResolutionContext) throws {
        switch pool.supply {
        case .offer(let query): self = try Self.rented(query, pool, name, context.prices)
        case .device(let query):
            let device = try Self.device(query.value, at: query)
            self = try Self.owned(device, profile: nil, pool, name, split)
        case .profile(let path):
            let profile = try Self.profile(path, folder: context.scenario.folder)
            self = try Self.owned(Self.device(of: profile), profile: profile, pool, name, split)
        case .owned(let settings): self = try Self.owned(settings, pool, name, split, in: context)
        case .serverless(let settings): self = try Self.serverless(settings, pool, name, context.prices)
        case .api: preconditionFailure("an API is resolved without a supply")
        }
    }

    init(device: Device, profile: DeviceProfile?, terms: PoolTerms, accelerators: Int) {
        self.device = device
        self.profile = profile
        self.terms = terms
        self.accelerators = accelerators
    }

    static func rented(
        _ query: Located<String>, _ pool: PoolSettings, _ name: String, _ prices: PriceBook
    ) throws -> ResolvedSupply {
        let purchase = pool.terms?.value ?? .onDemand
        if purchase == .owned, let terms = pool.terms {
            throw terms.error(.conflict, "an offer is rented: `terms: owned` goes with `device` and `price`")
        }
        do {
            let offer = try prices.offer(query.value)
            let price = (pool.price ?? pool.risk.bid?.value).map {
                PriceOverride(perHour: $0, source: "set in the scenario", observed: "as given")
            }
            let terms = try PoolTerms(pool: name, offer: offer, terms: purchase, price: price)
            return ResolvedSupply(
                device: try device(of: offer, at: query), profile: nil, terms: terms,
                accelerators: max(1, offer.acceleratorCount))
        } catch let error as PriceBookError {
            throw (pool.terms?.position).flatMap {
                error.isAboutTerms ? ScenarioError(.unknownName, "\(error)", at: $0) : nil
            }
                ?? query.error(.unknownName, "\(error)")
        }
    }

    private static func owned(
        _ device: Device, profile: DeviceProfile?, _ pool: PoolSettings, _ name: String, _ split: Parallelism
    ) throws -> ResolvedSupply {
        if let terms = pool.terms, terms.value != .owned {
            throw terms.error(.conflict, "a device without an offer is owned: its `terms` can only be `owned`")
        }
        guard let price = pool.price else {
            throw ScenarioError(
                .missingKey, "a device without an offer needs a `price`, such as `price: 0.2 $/h`", at: pool.position)
        }
        let type = device.name
        let offer = Offer(
            id: "owned/\(type)/local", provider: "owned",
            instanceType: split.devices > 1 ? "\(split.devices)x-\(type)" : type,
            region: "local", market: .owned, accelerator: device.kind == .cpu ? nil : device.name,
            acceleratorCount: device.kind == .cpu ? 0 : split.devices, onDemandPerHour: price,
            source: "set in the scenario", observed: "as given")
        do {
            let terms = try PoolTerms(pool: name, offer: offer, terms: .owned)
            return ResolvedSupply(device: device, profile: profile, terms: terms, accelerators: split.devices)
        } catch {
            throw ScenarioError(.outOfRange, "\(error)", at: pool.position)
        }
    }
}

extension ResolvedSupply {
    static func device(_ name: String, at place: Located<String>) throws -> Device {
        do {
            return try Device.named(name)
        } catch {
            throw place.error(.unknownName, "\(error); `isocost devices list` shows all")
        }
    }

    /// The accelerator of an offer, or the share of a processor that its virtual CPUs are.
    private static func device(of offer: Offer, at place: Located<String>) throws -> Device {
        if let accelerator = offer.accelerator { return try device(accelerator, at: place) }
        guard let vCPUs = offer.vCPUs, let memory = offer.memoryGiB, vCPUs >= 1, memory > 0,
            let family = try? CPUFamily.named(offer.instanceType)
        else {
            throw place.error(
                .unsupported, "\(offer.id) has no accelerator, and its processor is not known; use `device` and `price`"
            )
        }
        return family.device(vCPUs: Int(vCPUs), memoryBytes: Int(ByteCount.gibibytes(memory).bytes))
    }

    /// The machine a profile was measured on: the catalogue's device of its name, else a processor with its memory.
    static func device(of profile: DeviceProfile) -> Device {
        let machine = profile.machine
        func measured(_ value: Double) -> Figure {
            Figure(value, source: "device profile \(profile.name)", date: profile.date, confidence: .measured)
        }
        var device =
            (try? Device.named(profile.name))
            ?? Device(
                name: profile.name, kind: .cpu, generation: .cpu, memory: measured(0),
                bandwidth: measured(machine.copyBytesPerSecond),
                compute: ComputeRates(fp32: measured(machine.peakOperationsPerSecond), half: nil),
                interconnect: Interconnect(kind: .memory, bytesPerSecond: measured(machine.copyBytesPerSecond)),
                processors: machine.cores, power: nil)
        if machine.memoryBytes > 0 { device.memory = measured(Double(machine.memoryBytes)) }
        return device
    }

    static func profile(_ path: Located<String>, folder: String) throws -> DeviceProfile {
        let file = FileLocation.resolved(path.value, in: folder)
        guard FileLocation.kind(of: file) == .file else {
            // Paths of a scenario, `--set` included, start from its folder.
            let place = path.value.hasPrefix("/") ? "" : " in \(FileLocation.absolute(folder))"
            throw path.error(
                .missingFile, "there is no device profile `\(path.value)`\(place); `isocost calibrate` writes one")
        }
        do {
            return try DeviceProfile.load(file)
        } catch {
            throw path.error(.workload, "the device profile is unusable: \(error)")
        }
    }
}

extension PriceBookError {
    /// Whether the offer is known and only the terms are not.
    fileprivate var isAboutTerms: Bool {
        if case .notOffered = self { return true }
        return false
    }
}
