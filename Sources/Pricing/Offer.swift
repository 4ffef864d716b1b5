public import Primitives

/// How deep and how dependable a supplier's capacity is.
public enum Market: String, Sendable, Codable, CaseIterable {
    /// Large providers with list prices and deep regions.
    case hyperscale
    /// Specialised clouds, brokers and marketplaces of many hosts.
    case distributed
    /// Hardware the user owns or prices by hand.
    case owned
}

/// The terms an instance is rented on.
public enum PurchaseTerms: String, Sendable, Codable, CaseIterable {
    case onDemand = "on-demand"
    case spot
    case interruptible
    case owned
}

/// An instance type at a provider, in a region, at dated prices.
public struct Offer: Sendable, Equatable, Codable {
    /// `provider/instance-type/region`, e.g. `aws/g6e.xlarge/us-east-1`.
    public var id: String
    /// Short name in lower case, e.g. `aws`, `vast`.
    public var provider: String
    /// The provider's name for the type.
    public var instanceType: String
    /// The provider's name for the place; `global` where it names none.
    public var region: String
    /// Kind of supply.
    public var market: Market
    /// Canonical device name as in the device catalogue (e.g. `L40S`, `H100-SXM`), or `nil` for CPU-only.
    public var accelerator: String?
    /// Accelerators per instance (0 for CPU-only).
    public var acceleratorCount: Int
    /// Host CPUs as the provider counts them (often hardware threads), or `nil` where the source has none.
    public var vCPUs: Double?
    /// Host memory, or `nil` where the source has none.
    public var memoryGiB: Double?
    /// Whole instance per hour; `nil` = not offered on these terms.
    public var onDemandPerHour: Money?
    /// Whole instance per hour, spot or interruptible; `nil` = not offered or not known.
    public var spotPerHour: Money?
    /// Where the prices were read.
    public var source: String
    /// When: an ISO date, or what is known of it, e.g. `2026 (undated)`.
    public var observed: String

    /// An offer as listed; nothing is checked here.
    public init(
        id: String, provider: String, instanceType: String, region: String, market: Market, accelerator: String?,
        acceleratorCount: Int, vCPUs: Double? = nil, memoryGiB: Double? = nil, onDemandPerHour: Money?,
        spotPerHour: Money? = nil, source: String, observed: String
    ) {
        self.id = id
        self.provider = provider
        self.instanceType = instanceType
        self.region = region
        self.market = market
        self.accelerator = accelerator
        self.acceleratorCount = acceleratorCount
        self.vCPUs = vCPUs
        self.memoryGiB = memoryGiB
        self.onDemandPerHour = onDemandPerHour
        self.spotPerHour = spotPerHour
        self.source = source
        self.observed = observed
    }

    /// The hourly price on `terms`, or `nil` where they are not offered.
    public func pricePerHour(on terms: PurchaseTerms) -> Money? {
        switch terms {
        case .onDemand, .owned: onDemandPerHour
        case .spot, .interruptible: spotPerHour
        }
    }
}
