package import Primitives

/// One entry of `users`: people in one region, their share of the requests, their day, and where their data may go.
package struct UserSettings: Sendable {
    /// The workload's name of the region; also the place, where `at` does not say it.
    package var region: Located<String>
    /// A place of the table, or one of `regions`; `nil` = ``region`` is one.
    package var at: Located<String>?
    /// Relative to the others'; `nil` = equal, or as the workload says.
    package var share: Located<Double>?
    package var curve: DailyCurve?
    /// Jurisdictions in which they may be served; empty = everywhere.
    package var residency: [Located<String>]

    /// Decodes `users`, a list of regions with distinct names.
    static func decode(_ node: SettingNode) throws -> [UserSettings] {
        var users: [UserSettings] = []
        for item in try node.items() {
            let user = try UserSettings(item)
            if users.contains(where: { $0.region.value == user.region.value }) {
                throw user.region.error(.duplicateKey, "there are already users in `\(user.region.value)`")
            }
            users.append(user)
        }
        return users
    }

    private init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["region", "at", "share", "curve", "residency"])
        region = try map.required("region").name()
        at = try map["at"]?.name()
        share = try map["share"].map { $0.located(try $0.positiveNumberOrShare()) }
        curve = try map["curve"].map { try DailyCurve($0) }
        residency =
            try map["residency"].map { value in
                if case .list = value.content { return try value.items().map { try $0.name() } }
                return [try value.name()]
            } ?? []
        try map.finish()
    }
}

/// `curve`: how a region's rate moves over its day, a raised cosine between `trough` and `peak`.
package struct DailyCurve: Sendable {
    package var position: SettingPosition
    /// Local time of the highest rate.
    package var peak: SimulatedDuration
    /// Lowest rate ÷ highest rate, in (0, 1].
    package var trough: Double
    /// Local time − the run's time. The run's clock is Coordinated Universal Time from midnight.
    package var offset: SimulatedDuration
    package var defaults: [FilledDefault] = []

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["peak", "trough", "utc-offset"])
        position = node.position
        peak = try map.value(
            "peak", or: .hours(14), noted: &defaults, because: "the workday's busiest hour of public traces"
        ) { try $0.timeOfDay() }
        trough = try map.value("trough", or: 0.3, noted: &defaults, because: "nights of public chat traces") {
            try $0.positiveShare()
        }
        offset = try map.required("utc-offset").clockOffset()
        try map.finish()
    }

    /// Seconds of the run's clock at which the rate is highest, in 0 ..< 86,400.
    var peakSeconds: Double {
        let seconds = (peak - offset).seconds.truncatingRemainder(dividingBy: 86_400)
        return seconds < 0 ? seconds + 86_400 : seconds
    }
}

/// One entry of `regions`: a place of one's own, or a change to one of the table.
package struct RegionSettings: Sendable {
    package var name: Located<String>
    /// A place whose round trips it takes over.
    package var like: Located<String>?
    /// North and east, in degrees; distances make the round trips then.
    package var coordinates: (latitude: Double, longitude: Double)?
    /// Jurisdictions it is in.
    package var within: [String]?
    /// Round trips to other places, by name.
    package var roundTrips: [(to: Located<String>, time: SimulatedDuration)]

    /// Decodes `regions`, a mapping from names.
    static func decode(_ node: SettingNode) throws -> [RegionSettings] {
        try node.namedEntries().map { try RegionSettings($0) }
    }

    private init(_ entry: SettingEntry) throws {
        let map = try SettingMap(entry.value, keys: ["like", "latitude", "longitude", "within", "rtt"])
        name = Located(entry.key, at: entry.keyPosition)
        like = try map["like"]?.name()
        if like == nil, let latitude = map["latitude"] {
            coordinates = (
                try latitude.number(in: -90...90), try map.required("longitude").number(in: -180...180)
            )
        }
        within = try map["within"].map { value in
            if case .list = value.content { return try value.items().map { try $0.string().lowercased() } }
            return [try value.string().lowercased()]
        }
        roundTrips =
            try map["rtt"]?.namedEntries().map {
                (Located($0.key, at: $0.keyPosition), try $0.value.networkDelay())
            } ?? []
        guard like != nil || coordinates != nil || within != nil || !roundTrips.isEmpty else {
            throw entry.value.error(.missingKey, "`\(entry.key)` needs `like`, `latitude`, `within` or `rtt`")
        }
        try map.finish(because: like == nil ? "without `latitude`" : "with `like`")
    }
}

/// `rtt`: where round trips come from.
package enum RoundTripSettings: Sendable {
    /// The product's own table.
    case builtIn
    /// A file of one's own, over the product's table.
    case file(Located<String>)

    init(_ node: SettingNode) throws {
        let name = try node.name()
        self = name.value == "built-in" ? .builtIn : .file(name)
    }
}

/// `routing`: which pools a request may go to, in which order.
package struct RoutingSettings: Sendable {
    package enum Policy: String, Sendable, CaseIterable {
        /// The shortest round trip first.
        case nearest
        /// The least cost per token first.
        case cheapest
        /// Owned machines first, then all others.
        case ownedFirst = "owned-first"
        /// As the scenario lists the pools.
        case ordered
    }

    package var position: SettingPosition
    package var policy: Policy
    /// Requests per serving replica from which on the next tier is used.
    package var spillAt: Int?

    init(_ node: SettingNode) throws {
        position = node.position
        guard case .map = node.content else {
            policy = try node.choice()
            return
        }
        let map = try SettingMap(node, keys: ["policy", "spill-at"])
        policy = try map.required("policy").choice()
        spillAt = try map["spill-at"]?.integer(in: 1...1_000_000)
        try map.finish()
    }
}

extension SettingNode {
    /// A weight: a plain number > 0 or a percentage.
    func positiveNumberOrShare() throws -> Double {
        guard let value = try quantity(.share)?.double else {
            throw error(.wrongType, "\(label) must be a number such as `0.6` or `60 %`, not \(shown)")
        }
        guard value > 0, value < 1e9 else {
            throw error(.outOfRange, "\(label) must be greater than 0, not \(shown)")
        }
        return value
    }
}
