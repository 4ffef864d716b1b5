import Pricing
import Primitives
import SimulationCore

extension PoolSettings {
    private static let keys = [
        "name", "offer", "device", "owned", "serverless", "api", "terms", "price", "bid", "commitment", "replicas",
        "role", "fallback", "tensor-parallel", "pipeline-parallel", "precision", "kv-precision", "engine", "region",
        "zones", "network-delay", "autoscaler", "start", "kept", "drain", "capacity", "spot", "market", "interruptions",
        "fate", "reliability", "extras",
    ]
    private static let sources = ["offer", "device", "owned", "serverless", "api"]

    /// What a pool is read in.
    struct Scope {
        /// Manifests' paths are relative to it.
        var folder: String
        /// Of the strategy's autoscaler, where a manifest has them.
        var bounds: ManifestBounds?
    }

    init(_ node: SettingNode, in scope: Scope) throws {
        let map = try SettingMap(node, keys: Self.keys)
        position = node.position
        name = try map["name"]?.name()
        let (key, value) = try map.exactlyOne(of: Self.sources)
        supply = try Self.supply(key, value)
        serving = ServingSettings(engine: EngineSettings())
        networkDelay = try map["network-delay"]?.networkDelay()
        place.region = try map["region"]?.name()
        extras = try map["extras"].map { try ExtraSettings($0) }
        if key != "api" {
            try readPurchase(map, key)
            try readScaling(map, scope)
            try readRisk(map)
            serving = try ServingSettings(map)
        }
        try map.finish(because: "on a pool that is `\(key)`")
        try checkPurchase(key)
    }

    private static func supply(_ key: String, _ value: SettingNode) throws -> Supply {
        switch key {
        case "offer": .offer(try value.name())
        case "device": try device(value)
        case "owned": .owned(try OwnedSettings(value))
        case "serverless": .serverless(try ServerlessSettings(value))
        default: .api(try APISettings(value))
        }
    }

    /// A device's name, or a profile of one.
    static func device(_ node: SettingNode) throws -> Supply {
        guard case .map = node.content else { return .device(try node.name()) }
        let map = try SettingMap(node, keys: ["profile"])
        return .profile(try map.required("profile").name())
    }

    private mutating func readPurchase(_ map: SettingMap, _ key: String) throws {
        terms = try map["terms"].map { $0.located(try $0.choice(of: PurchaseTerms.self)) }
        if key == "offer" || key == "device" { price = try map["price"]?.pricePerHour() }
        guard key == "offer" else { return }
        risk.bid = try map["bid"].map { $0.located(try $0.positivePricePerHour()) }
        commitments = try map["commitment"].map(CommitmentSettings.decode) ?? []
    }

    private mutating func readScaling(_ map: SettingMap, _ scope: Scope) throws {
        try readRole(map)
        autoscaler = try map["autoscaler"].map { try AutoscalerSettings($0, in: scope.folder) }
        let inherited = fallback != nil || isServerless ? nil : scope.bounds
        let bounds = autoscaler == nil ? inherited : autoscaler?.manifest?.bounds
        if let node = map["replicas"] {
            (replicas, range) = try ReplicaRange.decode(node, in: bounds)
        } else if let bounds {
            range = ReplicaRange(
                position: bounds.minimum.position, minimum: bounds.minimum.value, maximum: bounds.maximum.value,
                initial: nil)
        }
        start = try map["start"].map { try StartSettings($0) }
        kept = try map["kept"].map { try KeptSettings($0) }
        drain = try map["drain"].map { try DrainSettings($0) }
    }

    private mutating func readRole(_ map: SettingMap) throws {
        guard let role = map["role"] else {
            if let settings = map["fallback"] {
                throw settings.error(.missingKey, "`fallback` goes with `role: fallback`")
            }
            return
        }
        switch try role.choice(of: Role.self) {
        case .fallback: fallback = try FallbackSettings(map["fallback"], at: role.position)
        case .serving: break
        }
    }

    private mutating func readRisk(_ map: SettingMap) throws {
        place.zones = try map["zones"]?.items().map { try $0.name() } ?? []
        risk.spot = try map["spot"].map(CapacitySettings.spot)
        risk.capacity = try map["capacity"].map(CapacitySettings.capacity)
        risk.market = try map["market"].map { try MarketSettings($0) }
        if let node = map["interruptions"] {
            risk.isUninterrupted = try node.choice(of: Interruptions.self) == .none
            guard mayBeTakenAway else {
                throw node.error(
                    .conflict, "`interruptions` has no effect: only spot and interruptible machines are taken away")
            }
        }
        risk.fate = try map["fate"].map { $0.located(try InFlightFate($0)) }
        risk.reliability = try map["reliability"].map { try ReliabilitySettings($0) }
    }

    private enum Role: String, CaseIterable { case serving, fallback }
    private enum Interruptions: String, CaseIterable { case simulated, none }
}

extension PoolSettings {
    /// Whether its terms let the supplier take machines away.
    var mayBeTakenAway: Bool { [.spot, .interruptible].contains(terms?.value) }

    /// Whether it draws on a supply that refuses or takes away, or on machines that break.
    var mayLoseMachines: Bool {
        mayBeTakenAway && !risk.isUninterrupted || risk.capacity != nil || risk.market != nil
            || risk.reliability?.losesMachines ?? false
    }

    /// The pool's own name, or what it is made of.
    var title: String { name?.value ?? supply.title }

    /// Settings of the purchase that exclude one another.
    private func checkPurchase(_ key: String) throws {
        if let terms { try check(terms, key) }
        func refuse(_ position: SettingPosition?, _ message: String) throws {
            if let position { throw ScenarioError(.conflict, message, at: position) }
        }
        if terms?.value != .interruptible {
            try refuse(risk.bid?.position, "`bid` goes with `terms: interruptible`")
        } else if price != nil {
            try refuse(risk.bid?.position, "a bid is a price: give `bid` or `price`, not both")
        }
        if terms?.value != .spot { try refuse(risk.spot?.position, "`spot` goes with `terms: spot`") }
        if mayBeTakenAway {
            try refuse(
                risk.capacity?.position,
                terms?.value == .spot
                    ? "on spot terms `capacity` is called `spot`"
                    : "on interruptible terms machines come from a `market`, not from one supplier's `capacity`")
        }
        if let market = risk.market {
            if risk.capacity != nil { try refuse(market.position, "give `capacity` or `market`, not both") }
            if key != "offer" || ![nil, .onDemand, .interruptible].contains(terms?.value) {
                try refuse(market.position, "`market` goes with an `offer`, on demand or interruptible")
            }
            if terms?.value != .interruptible, market.describesBids {
                try refuse(
                    market.position,
                    "`patience`, bids and takeovers are about `terms: interruptible`: an on-demand renter is not paused"
                )
            }
        }
        if key == "device" || key == "owned" {
            try refuse(risk.capacity?.position, "`capacity` has no effect: the machines are yours")
        }
        if risk.isUninterrupted, risk.spot?.describesSupply ?? (risk.market != nil) {
            try refuse(
                risk.spot?.position ?? risk.market?.position,
                "`\(risk.spot == nil ? "market" : "spot")` has no effect: `interruptions: none` switches it off")
        }
        try refuse(
            [nil, .onDemand].contains(terms?.value) ? nil : commitments.first?.position,
            "`commitment` pays for machines on demand; `terms: reserved-1y` commits to what a pool holds")
    }

    /// Terms that are written as a source of their own.
    private func check(_ terms: Located<PurchaseTerms>, _ key: String) throws {
        switch terms.value {
        case .perToken:
            throw terms.error(.conflict, "tokens are bought with `api: {input: …, output: …}` in place of an offer")
        case .serverless where key != "serverless", .serverlessActive where key != "serverless":
            throw terms.error(.conflict, "serverless workers are bought with `serverless: OFFER` in place of `\(key)`")
        case .prepaid where price == nil && key == "offer":
            throw terms.error(.missingKey, "a prepaid block has no listed price: give `price`")
        case _ where key == "serverless" && !terms.value.isServerless:
            throw terms.error(.conflict, "`serverless` has the terms `serverless` or `serverless-active`")
        case _ where key == "owned" && terms.value != .owned:
            throw terms.error(.conflict, "`owned` machines have no other terms than `owned`")
        default: break
        }
    }
}

extension CapacitySettings {
    /// Whether it says more than how the price moves.
    var describesSupply: Bool {
        depth != nil || launchSuccess != nil || launchTimeout != nil || retry != nil || availability != nil
            || reclaimsPerHour != nil || notice != nil || keepsDisk != nil
    }
}

extension PoolSettings.Supply {
    /// What errors and reports call it.
    var title: String {
        switch self {
        case .offer(let query), .device(let query), .profile(let query): query.value
        case .owned(let owned): owned.device.title
        case .serverless(let serverless): serverless.offer.value
        case .api(let api): api.name
        }
    }
}
