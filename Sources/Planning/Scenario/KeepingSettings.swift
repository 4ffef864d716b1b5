package import Primitives
package import SimulationCore

/// `kept`: machines that are held back when the load falls, for a faster start.
package struct KeptSettings: Sendable {
    package var position: SettingPosition
    package var mode: KeptMachines.Mode
    package var limit: Int
    /// What starting one takes, where it is said.
    package var start: StartSettings?

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["mode", "limit", "start"])
        position = node.position
        mode = try map.required("mode").choice()
        limit = try map.required("limit").integer(in: 1...100_000)
        start = try map["start"].map { try StartSettings($0) }
        try map.finish()
    }
}

/// `drain`: what happens to the requests on a replica that is scaled down.
package struct DrainSettings: Sendable {
    package enum Policy: String, Sendable, CaseIterable { case wait, redirect, kill }

    package var position: SettingPosition
    package var policy: DrainPolicy

    /// Decodes a policy's name, or `{policy, limit}`.
    init(_ node: SettingNode) throws {
        position = node.position
        guard case .map = node.content else {
            policy = Self.policy(try node.choice(), limit: nil)
            return
        }
        let map = try SettingMap(node, keys: ["policy", "limit"])
        let kind: Policy = try map.required("policy").choice()
        let limit = kind == .kill ? nil : try map["limit"]?.positiveDuration()
        try map.finish(because: "with `kill`, which does not wait")
        policy = Self.policy(kind, limit: limit)
    }

    private static func policy(_ kind: Policy, limit: SimulatedDuration?) -> DrainPolicy {
        switch kind {
        case .wait: .wait(limit: limit)
        case .redirect: .redirect(limit: limit)
        case .kill: .kill
        }
    }

    /// Whether requests may be cut off.
    var cutsOff: Bool {
        switch policy {
        case .wait(let limit), .redirect(let limit): limit != nil
        case .kill: true
        }
    }
}

/// `fallback`: how a pool stands in for another one.
package struct FallbackSettings: Sendable {
    package var position: SettingPosition
    /// The pool it stands in for, by name; `nil` = the only other pool, or the only one that may be taken away.
    package var primary: Located<String>?
    /// The same as an index into the strategy's pools.
    package var primaryIndex = 0
    package var base: Int?
    package var dynamic: Bool?
    package var overprovision: Int?
    package var decisionInterval: SimulatedDuration?
    package var idleDecisionInterval: SimulatedDuration?

    /// `nil` keeps every default.
    init(_ node: SettingNode?, at place: SettingPosition) throws {
        position = node?.position ?? place
        guard let node else { return }
        let map = try SettingMap(
            node, keys: ["for", "base", "dynamic", "overprovision", "decision-interval", "idle-decision-interval"])
        primary = try map["for"]?.name()
        base = try map["base"]?.integer(in: 0...100_000)
        dynamic = try map["dynamic"]?.boolean()
        overprovision = try map["overprovision"]?.integer(in: 0...100_000)
        decisionInterval = try map["decision-interval"]?.tick()
        idleDecisionInterval = try map["idle-decision-interval"]?.tick()
        try map.finish()
        if dynamic == false, base ?? 0 == 0 {
            throw node.error(.conflict, "without `base` and not `dynamic`, the fallback would never have a replica")
        }
    }
}
