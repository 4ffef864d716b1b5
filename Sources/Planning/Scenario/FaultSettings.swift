package import Primitives
package import SimulationCore

/// `reliability`: how machines break by themselves, and how many are slow.
package struct ReliabilitySettings: Sendable {
    package enum Kind: Sendable {
        /// The facts of a sort of hosts; `nil` = of the pool's own supply.
        case facts(HostTier?)
        case stated(Reliability)
    }

    package var position: SettingPosition
    package var kind: Kind
    package var defaults: [FilledDefault] = []

    private static let tiers: [(word: String, tier: HostTier?)] = [
        ("default", nil), ("hyperscale", .hyperscale), ("data-centre", .dataCentre), ("community", .community),
    ]

    package init(_ node: SettingNode) throws {
        position = node.position
        guard case .map = node.content else {
            let text = try node.string()
            guard let found = Self.tiers.first(where: { $0.word == text }) else {
                throw node.error(
                    .unknownName,
                    "\(node.label) cannot be `\(text)`\(suggestion(for: text, among: Self.tiers.map(\.word)))")
            }
            kind = .facts(found.tier)
            return
        }
        var filled: [FilledDefault] = []
        kind = .stated(try Self.stated(node, &filled))
        defaults = filled
    }

    private static func stated(_ node: SettingNode, _ filled: inout [FilledDefault]) throws -> Reliability {
        let map = try SettingMap(node, keys: ["mtbf", "shape", "repair", "stragglers", "slowdown"])
        var value = Reliability(meanTimeToFailure: try map["mtbf"]?.positiveDuration())
        if value.meanTimeToFailure != nil {
            value.shape = try map.value("shape", or: 1, noted: &filled, because: "failures without memory") {
                try $0.number(in: 0.1...10)
            }
            value.meanRepair = try map.value(
                "repair", or: .seconds(1_800), noted: &filled, because: "assumed: somebody is on duty"
            ) { try $0.positiveDuration() }
        }
        value.stragglers = try map["stragglers"]?.share() ?? 0
        if value.stragglers > 0 {
            value.slowdown = try map.value("slowdown", or: 1.5, noted: &filled, because: "assumed") {
                try $0.number(in: 1...100)
            }
        }
        guard value.meanTimeToFailure != nil || value.stragglers > 0 else {
            throw node.error(.missingKey, "\(node.label) needs `mtbf` or `stragglers`: else nothing breaks")
        }
        try map.finish(because: value.meanTimeToFailure == nil ? "without `mtbf`" : "without `stragglers`")
        return value
    }

    /// Whether machines are lost, not only slow.
    var losesMachines: Bool {
        if case .stated(let value) = kind { return value.meanTimeToFailure != nil }
        return true
    }
}

extension InFlightFate {
    private static let words = ["lost", "restarted", "resumed"]

    /// `lost`, `restarted`, `resumed` or `{migrate: 25 Gbit/s}`.
    init(_ node: SettingNode) throws {
        guard case .map = node.content else {
            let text = try node.string()
            switch text {
            case "lost": self = .lost
            case "restarted": self = .restarted
            case "resumed": self = .resumed
            case "migrate", "migrated":
                throw node.error(
                    .missingKey,
                    "\(node.label) needs the bandwidth at which requests move: write `{migrate: 25 Gbit/s}`")
            default:
                throw node.error(
                    .unknownName,
                    "\(node.label) cannot be `\(text)`\(suggestion(for: text, among: Self.words + ["migrate"]))")
            }
            return
        }
        let map = try SettingMap(node, keys: ["migrate"])
        self = .migrated(bytesPerSecond: try map.required("migrate").bandwidth())
    }

    /// As `lint` prints it.
    var words: String {
        switch self {
        case .lost: "lost"
        case .restarted: "restarted"
        case .resumed: "resumed"
        case .migrated(let rate): "migrated at \(number(rate * 8 / 1e9, digits: 2)) Gbit/s"
        }
    }
}

/// `outages`: places that fail at stated times.
package struct OutageSettings: Sendable {
    package var places: [Located<String>]
    package var from: SimulatedDuration
    package var length: SimulatedDuration

    static func decode(_ node: SettingNode) throws -> [OutageSettings] { try node.items().map { try Self($0) } }

    private init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["zone", "region", "places", "from", "for", "until"])
        let (key, value) = try map.exactlyOne(of: ["zone", "region", "places"])
        places = key == "places" ? try value.items().map { try $0.name() } : [try value.name()]
        from = try map.required("from").window()
        let (end, endValue) = try map.exactlyOne(of: ["for", "until"])
        if end == "for" {
            length = try endValue.positiveDuration()
        } else {
            let until = try endValue.window()
            guard until > from else { throw endValue.error(.outOfRange, "`until` must be later than `from`") }
            length = until - from
        }
        guard length <= .hours(8_760) else {
            throw endValue.error(.outOfRange, "an outage lasts at most 8760 h, not \(endValue.shown)")
        }
        try map.finish()
    }

    var outage: Outage {
        Outage(places: places.map(\.value), from: .start + from, until: .start + from + length)
    }
}
