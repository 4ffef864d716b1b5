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
    /// By the hour at the list price.
    case onDemand = "on-demand"
    /// At a hyperscaler's price for spare capacity; it may be reclaimed.
    case spot
    /// By bid at a marketplace; whoever bids more takes the machine.
    case interruptible
    /// The user's own hardware.
    case owned
    /// Committed for one year: as many instances as the pool ever holds at once are paid for, used or not.
    case reservedOneYear = "reserved-1y"
    /// Committed for three years, likewise.
    case reservedThreeYears = "reserved-3y"
    /// A block of weeks or months paid in advance at a price set by hand; charged for the run's share of it.
    case prepaid
    /// By the second while a worker is up, its loading and its idle time-out included.
    case serverless
    /// Serverless workers that are kept up, at the lower price for those.
    case serverlessActive = "serverless-active"
    /// By the token at prices set by hand: somebody else's machines.
    case perToken = "per-token"

    /// Whether instances are paid for used or not, because they were committed to.
    public var isCommitted: Bool {
        switch self {
        case .reservedOneYear, .reservedThreeYears, .prepaid: true
        case .onDemand, .spot, .interruptible, .owned, .serverless, .serverlessActive, .perToken: false
        }
    }
    /// Whether workers are billed as a serverless platform does.
    public var isServerless: Bool { self == .serverless || self == .serverlessActive }
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

    /// The hourly price on `terms`, or `nil` where they are not offered or no price is known.
    ///
    /// A commitment's price is the on-demand price times the ratio of ``ReservedRatio``, rounded half to even; a
    /// serverless price is the one of ``ServerlessRate`` for the accelerator. Blocks paid in advance and tokens have
    /// no listed price.
    public func pricePerHour(on terms: PurchaseTerms) -> Money? {
        switch terms {
        case .onDemand, .owned: onDemandPerHour
        case .spot, .interruptible: spotPerHour
        case .reservedOneYear, .reservedThreeYears:
            ReservedRatio.of(self, on: terms).flatMap { ratio in
                onDemandPerHour?.scaled(by: ratio.thousandths, over: 1_000)
            }
        case .serverless, .serverlessActive:
            ServerlessRate.of(self).map { rate in
                (terms == .serverless ? rate.flexPerHour : rate.activePerHour) * Int64(acceleratorCount)
            }
        case .prepaid, .perToken: nil
        }
    }
}
