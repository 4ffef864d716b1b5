package import Primitives
import SimulationCore

/// `capacity`, or `spot` on spot terms: one supplier's machines, how many there are and how they are taken back.
package struct CapacitySettings: Sendable {
    /// How a spot price moves.
    package enum PriceMovement: String, Sendable, CaseIterable {
        /// As it did in the records of its provider, where there are any.
        case moving
        /// It stays where the price book has it.
        case fixed
    }

    package var position: SettingPosition
    package var depth: Int?
    package var launchSuccess: Double?
    package var launchTimeout: SimulatedDuration?
    package var retry: SimulatedDuration?
    package var availability: AvailabilitySettings?
    package var reclaimsPerHour: Double?
    package var notice: SimulatedDuration?
    package var keepsDisk: Bool?
    package var price: PriceMovement?

    /// Decodes `capacity`.
    static func capacity(_ node: SettingNode) throws -> CapacitySettings {
        let map = try SettingMap(
            node, keys: ["depth", "launch-success", "launch-timeout", "retry", "availability"],
            refused: Dictionary(
                uniqueKeysWithValues: ["notice", "reclaims", "keeps-disk"].map {
                    ($0, "belongs in `spot`: only machines on spot terms are taken back")
                }))
        var settings = CapacitySettings(position: node.position)
        try settings.readCommon(map)
        try map.finish()
        return settings
    }

    /// Decodes `spot`.
    static func spot(_ node: SettingNode) throws -> CapacitySettings {
        let map = try SettingMap(
            node,
            keys: [
                "depth", "launch-success", "launch-timeout", "retry", "availability", "notice", "reclaims",
                "keeps-disk", "price",
            ])
        var settings = CapacitySettings(position: node.position)
        try settings.readCommon(map)
        settings.reclaimsPerHour = try map["reclaims"].map { try $0.perHour() }
        settings.notice = try map["notice"]?.duration(upTo: .hours(24))
        settings.keepsDisk = try map["keeps-disk"]?.boolean()
        settings.price = try map["price"]?.choice()
        try map.finish()
        return settings
    }

    private init(position: SettingPosition) { self.position = position }

    private mutating func readCommon(_ map: SettingMap) throws {
        depth = try map["depth"]?.integer(in: 1...1_000_000)
        launchSuccess = try map["launch-success"]?.positiveShare()
        launchTimeout = try map["launch-timeout"]?.duration(upTo: .hours(24))
        retry = try map["retry"]?.pauseBetweenTries()
        availability = try map["availability"].map { try AvailabilitySettings($0) }
    }
}

extension SettingNode {
    /// A frequency as events per hour; `0` needs no unit.
    func perHour() throws -> Double { try rateOrZero() * 3_600 }

    /// How long to wait before asking again: from a second to a day.
    func pauseBetweenTries() throws -> SimulatedDuration {
        let value = try duration(upTo: .hours(24))
        guard value >= .seconds(1) else { throw error(.outOfRange, "\(label) must be at least 1 s, not \(shown)") }
        return value
    }
}
