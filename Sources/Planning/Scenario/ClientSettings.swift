package import Primitives
package import SimulationCore

/// `clients`: what clients do when answers are late or lost, and what the gateway refuses. `nil` = from the wider scope.
package struct ClientSettings: Sendable {
    package var firstTokenTimeout: Located<SimulatedDuration>?
    package var deadline: Located<SimulatedDuration>?
    package var retry: RetryPolicy?
    package var hedge: Located<SimulatedDuration>?
    package var rateLimit: RateLimit?
    package var queueLimit: Int?
    package var defaults: [FilledDefault] = []

    package init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["timeout", "retry", "hedge", "rate-limit", "queue-limit"])
        if let timeout = map["timeout"] { try readTimeouts(timeout) }
        retry = try map["retry"].map { try readRetry($0) }
        hedge = try map["hedge"].map(Self.hedge)
        rateLimit = try map["rate-limit"].map { try readRate($0) }
        queueLimit = try map["queue-limit"]?.integer(in: 1...1_000_000)
        try map.finish()
        try checkHedge()
    }

    private mutating func readTimeouts(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["first-token", "deadline"])
        firstTokenTimeout = try map["first-token"].map { $0.located(try $0.positiveDuration()) }
        deadline = try map["deadline"].map { $0.located(try $0.positiveDuration()) }
        guard firstTokenTimeout != nil || deadline != nil else {
            throw node.error(.missingKey, "\(node.label) needs `first-token` or `deadline`")
        }
        if let first = firstTokenTimeout, let deadline, first.value > deadline.value {
            throw first.error(.conflict, "`first-token` must not be longer than `deadline`")
        }
        try map.finish()
    }

    private mutating func readRetry(_ node: SettingNode) throws -> RetryPolicy {
        let map = try SettingMap(node, keys: ["attempts", "base", "factor", "longest", "jitter", "budget"])
        let base = try map.value("base", or: .seconds(1), noted: &defaults, because: "the usual first back-off") {
            try $0.window()
        }
        let policy = RetryPolicy(
            attempts: try map.required("attempts").integer(in: 2...1_000), base: base,
            factor: try map.value("factor", or: 2, noted: &defaults, because: "doubling back-off") {
                try $0.number(in: 1...1_000)
            },
            longest: try map.value(
                "longest", or: max(base, .seconds(60)), noted: &defaults, because: "the usual cap of back-off"
            ) { longest in
                let value = try longest.window()
                guard value >= base else {
                    throw longest.error(.outOfRange, "`longest` must be at least `base`, not \(longest.shown)")
                }
                return value
            },
            jitter: try map.value("jitter", or: 0, noted: &defaults, because: "no spread") { try $0.share() },
            budget: try map.value("budget", or: nil, noted: &defaults, because: "no budget") { try $0.share() })
        try map.finish()
        return policy
    }

    private static func hedge(_ node: SettingNode) throws -> Located<SimulatedDuration> {
        let map = try SettingMap(node, keys: ["after"])
        let value = try map.required("after")
        return value.located(try value.positiveDuration())
    }

    private mutating func readRate(_ node: SettingNode) throws -> RateLimit {
        let map = try SettingMap(node, keys: ["rate", "burst"])
        let rate = try map.required("rate").rate()
        let limit = RateLimit(
            perSecond: rate,
            burst: try map.value("burst", or: max(1, rate), noted: &defaults, because: "a second's worth") {
                try $0.number(in: 1...1e9)
            })
        try map.finish()
        return limit
    }

    /// A copy that is never sent has no effect.
    private func checkHedge() throws {
        for limit in [firstTokenTimeout, deadline] {
            if let hedge, let limit, hedge.value >= limit.value {
                throw hedge.error(
                    .conflict,
                    "a hedge after \(durationText(hedge.value)) never happens: the attempt ends after "
                        + durationText(limit.value))
            }
        }
    }

    /// These settings, and `wider` where they are silent.
    func over(_ wider: ClientSettings?) throws -> ClientSettings {
        guard let wider else { return self }
        var merged = self
        merged.firstTokenTimeout = firstTokenTimeout ?? wider.firstTokenTimeout
        merged.deadline = deadline ?? wider.deadline
        merged.retry = retry ?? wider.retry
        merged.hedge = hedge ?? wider.hedge
        merged.rateLimit = rateLimit ?? wider.rateLimit
        merged.queueLimit = queueLimit ?? wider.queueLimit
        try merged.checkHedge()
        return merged
    }

    var policy: ClientPolicy {
        ClientPolicy(
            firstTokenTimeout: firstTokenTimeout?.value, deadline: deadline?.value, retry: retry ?? .never,
            hedge: hedge.map { HedgePolicy(delay: $0.value) }, rateLimit: rateLimit, queueLimit: queueLimit)
    }
}
