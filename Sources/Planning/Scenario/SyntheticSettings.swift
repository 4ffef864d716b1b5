import Primitives
package import Workloads

/// A workload made from distributions, decoded and checked.
package struct SyntheticSettings: Sendable {
    package var workload: SyntheticWorkload

    init(_ node: SettingNode) throws {
        let map = try SettingMap(
            node, keys: ["arrivals", "lengths", "classes", "prefix", "sessions", "duration", "requests"])
        let arrivals = try ArrivalSettings.decode(try map.required("arrivals"))
        let classes = try Self.classes(in: map)
        let duration = try map["duration"]?.positiveDuration()
        let limit = try map["requests"]?.integer(in: 1...Int.max)
        guard duration != nil || limit != nil else {
            throw node.error(.missingKey, "\(node.label) needs `duration` or `requests`, or it would never end")
        }
        try map.finish(because: "when every class has its own")
        workload = SyntheticWorkload(
            arrivals: arrivals, classes: classes, duration: duration, limit: limit.map(UInt64.init))
        try node.checked { try workload.validate() }
    }

    /// The classes by name; one called `default` where there are none. What a class does not set, it takes from the
    /// whole.
    private static func classes(in map: SettingMap) throws -> [RequestClass] {
        guard let node = map["classes"] else { return [try requestClass("default", weight: 1, own: nil, map)] }
        return try node.namedEntries().map { entry in
            let own = try SettingMap(entry.value, keys: ["weight", "lengths", "prefix", "sessions", "regions"])
            let weight = try own["weight"]?.positiveNumber() ?? 1
            var requestClass = try requestClass(entry.key, weight: weight, own: own, map)
            if let regions = try own["regions"]?.namedEntries() {
                requestClass.regions = try regions.map {
                    RegionShare(name: $0.key, weight: try $0.value.positiveNumber())
                }
            }
            try own.finish()
            return requestClass
        }
    }

    private static func requestClass(
        _ name: String, weight: Double, own: SettingMap?, _ shared: SettingMap
    ) throws -> RequestClass {
        func setting(_ key: String) -> SettingNode? { own?[key] ?? shared[key] }
        guard let lengths = setting("lengths") else {
            throw (own ?? shared).node.error(.missingKey, "\((own ?? shared).node.label) needs the key `lengths`")
        }
        return RequestClass(
            name: name, weight: weight, lengths: try LengthSettings.model(lengths),
            prefixes: try setting("prefix").map(prefixes), conversation: try setting("sessions").map(conversation))
    }

    private static func prefixes(_ node: SettingNode) throws -> SharedPrefixes {
        let map = try SettingMap(node, keys: ["groups", "exponent", "tokens"])
        let prefixes = SharedPrefixes(
            groups: try map["groups"]?.integer(in: 1...1 << 20) ?? 1,
            exponent: try map["exponent"]?.number(in: 0...100) ?? 1,
            tokens: try LengthSettings.distribution(try map.required("tokens")))
        try map.finish()
        try node.checked { try prefixes.validate() }
        return prefixes
    }

    private static func conversation(_ node: SettingNode) throws -> Conversation {
        let map = try SettingMap(node, keys: ["turns", "think-time", "max-context"])
        let conversation = Conversation(
            turns: try LengthSettings.distribution(try map.required("turns")),
            thinkTime: try thinkTime(try map.required("think-time")),
            maximumContext: Int32(try map["max-context"]?.integer(in: 1...Int(LengthDistribution.longest)) ?? 131_072))
        try map.finish()
        try node.checked { try conversation.validate() }
        return conversation
    }

    /// `30 s`, `{mean: 30 s}` (exponential) or `{median: 30 s, sigma: 1.2}` (log-normal).
    private static func thinkTime(_ node: SettingNode) throws -> Distribution {
        guard case .map = node.content else { return .constant(try node.duration().seconds) }
        let map = try SettingMap(node, keys: ["mean", "median", "sigma"])
        let (key, value) = try map.exactlyOne(of: ["mean", "median"])
        let seconds = try value.positiveDuration().seconds
        let distribution: Distribution =
            key == "mean"
            ? .exponential(mean: seconds)
            : .logNormal(median: seconds, sigma: try map.required("sigma").number(in: 0...10))
        try map.finish(because: "with `mean`, which is exponential")
        return distribution
    }
}

extension SettingNode {
    /// Carries out a check of Workloads and puts its error at this node.
    func checked(_ check: () throws -> Void) throws {
        do {
            try check()
        } catch let error as WorkloadError {
            throw self.error(.outOfRange, "\(label) cannot be: \(error)")
        }
    }
}
