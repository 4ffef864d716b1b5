public import Primitives

/// What a provider charges around its machines: bytes by the boundary they cross, addresses, load balancers.
///
/// A gigabyte is 10⁹ bytes. A price of zero is free; `nil` is a price that no source gave, which is never charged but
/// named among the bill's assumptions when it was needed.
public struct NetworkTariff: Sendable, Equatable, Codable {
    /// A price that holds up to a monthly volume.
    public struct Tier: Sendable, Equatable, Codable {
        /// Bytes of a month up to which it holds; `nil` = all above the tier before.
        public var upTo: ByteCount?
        /// Per gigabyte.
        public var perGB: Money

        /// A tier as listed.
        public init(upTo: ByteCount?, perGB: Money) {
            self.upTo = upTo
            self.perGB = perGB
        }
    }

    /// As in the catalogue.
    public var provider: String
    /// Out to the internet, by volume in the month, in ascending order, a free allowance first where there is one;
    /// empty = not known.
    public var internet: [Tier]
    /// Out to another region, per gigabyte.
    public var interRegionPerGB: Money?
    /// Out to another zone, per gigabyte, both directions' charges together.
    public var interZonePerGB: Money?
    /// In from outside, per gigabyte.
    public var ingressPerGB: Money?
    /// One public IPv4 address.
    public var addressPerHour: Money?
    /// One public IPv4 address of a spot machine, where it has a price of its own.
    public var spotAddressPerHour: Money?
    /// One load balancer, per started hour, without what it charges by load.
    public var loadBalancerPerHour: Money?
    /// One gateway that translates addresses, per started hour.
    public var natPerHour: Money?
    /// Per gigabyte through it, in and out.
    public var natPerGB: Money?
    /// Where the prices were read.
    public var source: String
    /// When, or what is known of it.
    public var observed: String
    /// What had to be assumed or is disputed, or `nil`.
    public var assumption: String?

    /// A tariff of which nothing is known but what is given.
    public init(
        provider: String, internet: [Tier] = [], interRegionPerGB: Money? = nil, interZonePerGB: Money? = nil,
        ingressPerGB: Money? = nil, source: String, observed: String, assumption: String? = nil
    ) {
        self.provider = provider
        self.internet = internet
        self.interRegionPerGB = interRegionPerGB
        self.interZonePerGB = interZonePerGB
        self.ingressPerGB = ingressPerGB
        self.source = source
        self.observed = observed
        self.assumption = assumption
    }

    /// The tiers that bytes `used` … `used + bytes` of a month fall into, in order: volume and price of each.
    /// - Parameters:
    ///   - months: by how many months' worth the tiers are widened; a fraction `numerator` ÷ `denominator`.
    /// - Precondition: volumes are not negative; the fraction is positive.
    public func internetParts(
        _ bytes: ByteCount, after used: ByteCount = .zero, months: (numerator: Int64, denominator: Int64) = (1, 1)
    ) -> [(bytes: ByteCount, perGB: Money)] {
        var parts: [(bytes: ByteCount, perGB: Money)] = []
        var (position, left) = (used.bytes, bytes.bytes)
        for tier in internet where left > 0 {
            let bound = tier.upTo.map {
                Money(nanodollars: $0.bytes).scaled(by: months.numerator, over: months.denominator).nanodollars
            }
            let room = max(0, (bound ?? .max) - position)
            let taken = min(room, left)
            if taken > 0 { parts.append((ByteCount(bytes: taken), tier.perGB)) }
            position += taken
            left -= taken
        }
        return parts
    }

    /// Price per gigabyte of a boundary that has one price; `nil` where none is known, and for the internet.
    public func perGB(across boundary: Boundary) -> Money? {
        switch boundary {
        case .internet: nil
        case .interRegion: interRegionPerGB
        case .interZone: interZonePerGB
        case .ingress: ingressPerGB
        }
    }
}
