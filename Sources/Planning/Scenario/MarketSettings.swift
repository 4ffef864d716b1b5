package import Primitives

/// `market`: many hosts, each with its own price, place on the market and fate. `nil` = as the product's facts say.
package struct MarketSettings: Sendable {
    package var position: SettingPosition
    /// A table of one's own in place of drawn hosts.
    package var hosts: Located<String>?
    package var offers: Double?
    package var stay: SimulatedDuration?
    package var staySigma: Double?
    package var rentedStay: SimulatedDuration?
    package var price: Money?
    package var priceSigma: Double?
    package var bidShare: Double?
    package var bidSigma: Double?
    package var bidInterval: SimulatedDuration?
    package var takeoversPerHour: Double?
    package var takeoverTime: SimulatedDuration?
    package var speedSigma: Double?
    package var bytesPerSecond: Double?
    package var bandwidthSigma: Double?
    package var storage: Money?
    package var ingress: Money?
    package var egress: Money?
    package var maximumRental: SimulatedDuration?
    /// The rest is about the renter.
    package var maximumPrice: Money?
    package var launchSuccess: Double?
    package var launchTimeout: SimulatedDuration?
    package var retry: SimulatedDuration?
    package var patience: SimulatedDuration?

    /// Decodes `default` or a mapping.
    package init(_ node: SettingNode) throws {
        position = node.position
        guard case .map = node.content else {
            guard try node.string() == "default" else {
                throw node.error(.wrongType, "\(node.label) must be `default` or a mapping, not \(node.shown)")
            }
            return
        }
        let map = try SettingMap(
            node,
            keys: [
                "hosts", "offers", "stay", "stay-sigma", "rented-stay", "price", "price-sigma", "bid-share",
                "bid-sigma", "bid-interval", "takeovers", "takeover-time", "speed-sigma", "bandwidth",
                "bandwidth-sigma", "storage", "ingress", "egress", "max-rental", "max-price", "launch-success",
                "launch-timeout", "retry", "patience",
            ])
        hosts = try map["hosts"]?.name()
        if hosts == nil { try readPopulation(map) }
        maximumPrice = try map["max-price"]?.positivePricePerHour()
        launchSuccess = try map["launch-success"]?.positiveShare()
        launchTimeout = try map["launch-timeout"]?.duration(upTo: .hours(24))
        retry = try map["retry"]?.pauseBetweenTries()
        patience = try map["patience"]?.duration(upTo: .hours(8_760))
        try map.finish(because: "with `hosts`, whose table says it")
    }

    private mutating func readPopulation(_ map: SettingMap) throws {
        offers = try map["offers"]?.number(in: 0.01...100_000)
        stay = try map["stay"]?.positiveDuration()
        staySigma = try map["stay-sigma"]?.sigma()
        rentedStay = try map["rented-stay"]?.positiveDuration()
        price = try map["price"]?.positivePricePerHour()
        priceSigma = try map["price-sigma"]?.sigma()
        try readBids(map)
        speedSigma = try map["speed-sigma"]?.sigma()
        bytesPerSecond = try map["bandwidth"]?.bandwidth()
        bandwidthSigma = try map["bandwidth-sigma"]?.sigma()
        storage = try map["storage"]?.pricePerGigabyteMonth()
        ingress = try map["ingress"]?.pricePerGigabyte()
        egress = try map["egress"]?.pricePerGigabyte()
        maximumRental = try map["max-rental"]?.positiveDuration()
    }

    private mutating func readBids(_ map: SettingMap) throws {
        bidShare = try map["bid-share"]?.positiveShare()
        bidSigma = try map["bid-sigma"]?.sigma()
        bidInterval = try map["bid-interval"]?.positiveDuration()
        takeoversPerHour = try map["takeovers"]?.perHour()
        takeoverTime = try map["takeover-time"]?.positiveDuration()
    }
}

extension MarketSettings {
    /// Whether it says anything that only a bidder meets.
    var describesBids: Bool {
        bidShare != nil || bidSigma != nil || bidInterval != nil || takeoversPerHour != nil || takeoverTime != nil
            || patience != nil
    }
}

extension SettingNode {
    /// The standard deviation of a logarithm.
    func sigma() throws -> Double { try number(in: 0...5) }
}
