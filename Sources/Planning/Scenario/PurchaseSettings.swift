package import Primitives

/// `commitment`: capacity or spending that is paid for whether it is used or not.
package struct CommitmentSettings: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case reserved, spend, prepaid }

    package var position: SettingPosition
    package var kind: Kind
    package var instances: Int?
    /// Whole months.
    package var months: Int?
    /// Of an instance-hour, for a quantity or a block; of an hour of spending.
    package var price: Money?
    /// Share of the on-demand price that committed spending pays.
    package var ratio: Double?

    /// Decodes one commitment, or a list of them.
    static func decode(_ node: SettingNode) throws -> [CommitmentSettings] {
        guard case .list = node.content else { return [try CommitmentSettings(node)] }
        return try node.items().map { try CommitmentSettings($0) }
    }

    private init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["kind", "instances", "term", "price", "per-hour", "ratio"])
        position = node.position
        kind = try map.required("kind").choice()
        months = try map["term"]?.months()
        switch kind {
        case .reserved:
            instances = try map.required("instances").integer(in: 1...100_000)
            price = try map["price"]?.positivePricePerHour()
            if let term = map["term"], let months, price == nil, ![12, 36].contains(months) {
                throw term.error(
                    .outOfRange, "listed reservations last `1 y` or `3 y`; another `term` needs its `price`")
            }
        case .prepaid:
            instances = try map.required("instances").integer(in: 1...100_000)
            price = try map.required("price").positivePricePerHour()
            _ = try map.required("term")
        case .spend:
            price = try map.required("per-hour").positivePricePerHour()
            ratio = try map["ratio"]?.positiveShare()
        }
        try map.finish(because: "with the kind `\(kind.rawValue)`")
    }
}

/// `extras`: what is held beside the machines.
package struct ExtraSettings: Sendable {
    package var disk: ByteCount?
    package var publicAddresses: Int?
    package var loadBalancers: Int?
    package var natGateways: Int?

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["disk", "public-address", "load-balancer", "nat-gateway"])
        disk = try map["disk"]?.byteCount()
        publicAddresses = try map["public-address"]?.countOrYes()
        loadBalancers = try map["load-balancer"]?.countOrYes()
        natGateways = try map["nat-gateway"]?.countOrYes()
        try map.finish()
    }
}

/// `owned`: machines of one's own, as capital, power and space.
package struct OwnedSettings: Sendable {
    package var position: SettingPosition
    package var device: PoolSettings.Supply
    package var capital: Money
    package var years: Int
    package var busyWatts: Int64
    package var idleWatts: Int64
    package var effectivenessThousandths: Int64
    package var electricity: Money
    package var space: Money
    package var machines: Int?
    package var defaults: [FilledDefault] = []

    init(_ node: SettingNode) throws {
        let map = try SettingMap(
            node,
            keys: [
                "device", "capital", "years", "power", "idle-power", "pue", "electricity", "space", "machines",
            ])
        position = node.position
        device = try PoolSettings.device(try map.required("device"))
        capital = try map.required("capital").money()
        years = try map.value("years", or: 4, noted: &defaults, because: "the usual depreciation of servers") {
            try $0.integer(in: 1...100)
        }
        busyWatts = try map.required("power").watts()
        let idle = (busyWatts * 3 + 5) / 10
        idleWatts = try map.value("idle-power", or: idle, noted: &defaults, because: "W: 30 % of `power`") {
            try $0.watts()
        }
        let pue = try map.value("pue", or: 1.3, noted: &defaults, because: "a good machine room of one's own") {
            try $0.number(in: 1...3)
        }
        effectivenessThousandths = Int64((pue * 1_000).rounded())
        electricity = try map.required("electricity").pricePerKilowattHour()
        space = try map.value("space", or: .zero, noted: &defaults, because: "per machine and month") {
            try $0.pricePerMonth()
        }
        machines = try map["machines"]?.integer(in: 1...100_000)
        try map.finish()
    }
}

/// `api`: somebody else's model, bought by the token.
package struct APISettings: Sendable {
    package var position: SettingPosition
    package var name: String
    package var input: Money
    package var cachedInput: Money?
    package var output: Money
    /// At the client, of an unloaded service.
    package var firstToken: SimulatedDuration
    package var tokensPerSecond: Double

    init(_ node: SettingNode) throws {
        let map = try SettingMap(
            node, keys: ["name", "input", "cached-input", "output", "ttft", "tokens-per-second"])
        position = node.position
        name = try map["name"]?.string() ?? "api"
        input = try map.required("input").pricePerMillionTokens()
        cachedInput = try map["cached-input"]?.pricePerMillionTokens()
        output = try map.required("output").pricePerMillionTokens()
        let ttft = try map.required("ttft")
        firstToken = try ttft.positiveDuration()
        let rate = try map.required("tokens-per-second")
        tokensPerSecond = try rate.number(in: 0.001...1e6)
        guard firstToken.seconds >= 1 / tokensPerSecond else {
            throw ttft.error(
                .conflict, "`ttft` must be at least the time of one token, \(secondsText(tokenTime))")
        }
        guard firstToken <= .hours(1) else { throw ttft.error(.outOfRange, "`ttft` must be at most 1 h") }
        try map.finish()
    }

    /// Between two tokens of one answer, rounded up to a nanosecond.
    var tokenTime: SimulatedDuration {
        SimulatedDuration(nanoseconds: Int64((1e9 / tokensPerSecond).rounded(.up)))
    }
}

/// `serverless`: workers that come and go with the requests, paid by the second.
package struct ServerlessSettings: Sendable {
    package var position: SettingPosition
    package var offer: Located<String>
    /// Of one worker; `nil` = the platform's listed rate.
    package var perHour: Money?
    package var idleTimeout: SimulatedDuration
    /// Requests that one worker takes before another is asked for.
    package var concurrency: Int
    package var defaults: [FilledDefault] = []

    /// Decodes an offer's name, or a mapping.
    init(_ node: SettingNode) throws {
        position = node.position
        guard case .map = node.content else {
            offer = try node.name()
            (idleTimeout, concurrency) = (.seconds(5), 1)
            defaults = [Self.timeoutDefault, Self.concurrencyDefault]
            return
        }
        let map = try SettingMap(node, keys: ["offer", "price", "idle-timeout", "concurrency"])
        offer = try map.required("offer").name()
        perHour = try map["price"]?.positivePricePerHour()
        idleTimeout = try map["idle-timeout"]?.tick(upTo: .hours(1)) ?? .seconds(5)
        concurrency = try map["concurrency"]?.integer(in: 1...1_000_000) ?? 1
        if !map.has("idle-timeout") { defaults.append(Self.timeoutDefault) }
        if !map.has("concurrency") { defaults.append(Self.concurrencyDefault) }
        try map.finish()
    }

    private static let timeoutDefault = FilledDefault(
        "idle-timeout", "5 s", source: "RunPod's default (docs.runpod.io/serverless)")
    private static let concurrencyDefault = FilledDefault(
        "concurrency", "1", source: "one request per worker, as serverless platforms begin with")
}

extension SettingNode {
    /// `true` for one, `false` for none, or a number of them.
    func countOrYes() throws -> Int {
        if let one = try? boolean() { return one ? 1 : 0 }
        return try integer(in: 0...10_000)
    }
}
