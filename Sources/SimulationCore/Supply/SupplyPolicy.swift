public import Primitives

/// How a pool's machines are obtained and lost.
public enum SupplyPolicy: Sendable, Equatable, Codable {
    /// Every start is granted at once, and nothing is taken away.
    case dependable
    /// One supplier's capacity: finite, refused at times, and on spot terms taken back.
    case capacity(CapacitySupply)
    /// A market of many hosts, each with its own price and fate.
    case hosts(HostSupply)
}

/// One supplier's capacity for one offer.
public struct CapacitySupply: Sendable, Equatable, Codable {
    /// Machines that can be held at once; `nil` = no bound.
    public var depth: Int?
    /// Chance that a granted start comes up. One that does not is given up after `launchTimeout` and asked for again.
    public var launchSuccess: Double
    public var launchTimeout: SimulatedDuration
    /// Wait before a refused start is tried again.
    public var retryInterval: SimulatedDuration
    /// When there is capacity at all, zone by zone; `nil` = always.
    public var availability: Availability?
    /// Reclaims of one machine alone, per hour (an advisor's band); 0 = none.
    public var reclaimsPerHour: Double
    /// From the announcement of a reclaim to the loss of the machine.
    public var notice: SimulatedDuration
    /// Whether a reclaimed machine keeps its disk (paid for) and comes back on it.
    public var keepsDisk: Bool

    public init(
        depth: Int? = nil, launchSuccess: Double = 1, launchTimeout: SimulatedDuration = .seconds(1_200),
        retryInterval: SimulatedDuration = .seconds(60), availability: Availability? = nil,
        reclaimsPerHour: Double = 0, notice: SimulatedDuration = .zero, keepsDisk: Bool = false
    ) {
        self.depth = depth
        self.launchSuccess = launchSuccess
        self.launchTimeout = launchTimeout
        self.retryInterval = retryInterval
        self.availability = availability
        self.reclaimsPerHour = reclaimsPerHour
        self.notice = notice
        self.keepsDisk = keepsDisk
    }
}

/// When a zone has capacity to give: up and down in turn. While it is down starts are refused; when it goes down what is
/// held there is reclaimed.
public enum Availability: Sendable, Equatable, Codable {
    case process(AvailabilityProcess)
    /// A recorded trace, by zone in the order of ``PoolPlace/zones`` (used again from the first where there are more).
    case replay([AvailabilityTrace])
}

/// Heavy-tailed up and down runs: log-normal, with a common shock that takes the zones of a region down together.
public struct AvailabilityProcess: Sendable, Equatable, Codable {
    /// Median and mean of up-runs; mean ≥ median > 0. σ² = 2 ln(mean ÷ median).
    public var upMedian: SimulatedDuration
    public var upMean: SimulatedDuration
    public var downMedian: SimulatedDuration
    public var downMean: SimulatedDuration
    /// Correlation of the states of two zones of the region, in [0, 1], made by a shock that takes all of them down: it
    /// causes a share ρ ÷ (a + ρ(1 − a)) of a zone's down-time, with availability a.
    public var regionalShare: Double
    /// Up-runs are divided by this for machines that are harder to place (eight accelerators), ≥ 1.
    public var sizePenalty: Double

    public init(
        upMedian: SimulatedDuration, upMean: SimulatedDuration, downMedian: SimulatedDuration,
        downMean: SimulatedDuration, regionalShare: Double = 0, sizePenalty: Double = 1
    ) {
        self.upMedian = upMedian
        self.upMean = upMean
        self.downMedian = downMedian
        self.downMean = downMean
        self.regionalShare = regionalShare
        self.sizePenalty = sizePenalty
    }
}

/// A recorded availability: what was up when, from the trace's start; after its end it begins again.
public struct AvailabilityTrace: Sendable, Equatable, Codable {
    public var name: String
    /// Times at which the state changes, ascending, below `length`.
    public var changes: [SimulatedTime]
    /// State before the first change.
    public var startsUp: Bool
    public var length: SimulatedDuration

    public init(name: String, changes: [SimulatedTime], startsUp: Bool, length: SimulatedDuration) {
        self.name = name
        self.changes = changes
        self.startsUp = startsUp
        self.length = length
    }
}

/// A market of hosts for one accelerator: who offers it, at what price, for how long.
public struct HostSupply: Sendable, Equatable, Codable {
    /// Offers that are there at the start, and those that come later.
    public enum Population: Sendable, Equatable, Codable {
        /// Hosts drawn from fitted distributions.
        case fitted(HostPopulation)
        /// A table of one's own.
        case listed([HostListing])
    }
    public var population: Population
    /// Most to be paid for a machine and hour; dearer hosts are not taken. `nil` = no bound.
    public var maximumPerHour: Money?
    /// A bid for interruptible terms; `nil` = on-demand terms. A host runs the highest bid; it pauses the others, which
    /// keep their disk, and an on-demand renter beats every bid.
    public var bid: Money?
    /// Chance that a rented machine comes up.
    public var launchSuccess: Double
    /// When one that did not is given up.
    public var launchTimeout: SimulatedDuration
    /// Wait before a start that found no host is tried again.
    public var retryInterval: SimulatedDuration
    /// A paused machine is given up, and another host looked for, after this long; `nil` = never.
    public var patience: SimulatedDuration?

    public init(
        population: Population, maximumPerHour: Money? = nil, bid: Money? = nil, launchSuccess: Double = 1,
        launchTimeout: SimulatedDuration = .seconds(600), retryInterval: SimulatedDuration = .seconds(60),
        patience: SimulatedDuration? = .seconds(300)
    ) {
        self.population = population
        self.maximumPerHour = maximumPerHour
        self.bid = bid
        self.launchSuccess = launchSuccess
        self.launchTimeout = launchTimeout
        self.retryInterval = retryInterval
        self.patience = patience
    }
}

/// One host's offer of one machine.
public struct HostListing: Sendable, Equatable, Codable {
    public var name: String
    /// Whole machine per hour, on demand.
    public var perHour: Money
    /// Lowest bid it takes; `nil` = not offered for bids.
    public var minimumBid: Money?
    /// Speed relative to the catalogue's device (1 = as catalogued).
    public var speed: Double
    /// Downlink, for image and weights.
    public var bytesPerSecond: Double
    public var storagePerGBMonth: Money?
    public var ingressPerGB: Money?
    public var egressPerGB: Money?
    /// When it joins and leaves the market; a leaving host kills what runs on it.
    public var joins: SimulatedTime
    public var leaves: SimulatedTime
    /// Longest rental; `nil` = no bound.
    public var maximumDuration: SimulatedDuration?

    public init(
        name: String, perHour: Money, minimumBid: Money? = nil, speed: Double = 1, bytesPerSecond: Double = 125e6,
        storagePerGBMonth: Money? = nil, ingressPerGB: Money? = nil, egressPerGB: Money? = nil,
        joins: SimulatedTime = .start, leaves: SimulatedTime = SimulatedTime(nanoseconds: .max),
        maximumDuration: SimulatedDuration? = nil
    ) {
        self.name = name
        self.perHour = perHour
        self.minimumBid = minimumBid
        self.speed = speed
        self.bytesPerSecond = bytesPerSecond
        self.storagePerGBMonth = storagePerGBMonth
        self.ingressPerGB = ingressPerGB
        self.egressPerGB = egressPerGB
        self.joins = joins
        self.leaves = leaves
        self.maximumDuration = maximumDuration
    }
}

/// Hosts as a process: how many, at what prices, how long they stay, and how other renters' bids move.
public struct HostPopulation: Sendable, Equatable, Codable {
    /// Mean number of free machines on the market.
    public var meanOffers: Double
    /// Mean stay of a free machine on the market (log-normal with `staySigma`): until its host withdraws it or somebody
    /// else rents it.
    public var meanStay: SimulatedDuration
    public var staySigma: Double
    /// Mean time until the host of a rented machine leaves (exponential); `nil` = when it would have gone unrented, which
    /// is too soon where free machines go because others rent them.
    public var rentedStay: SimulatedDuration?
    /// Median price of a whole machine per hour; prices are log-normal around it.
    public var medianPerHour: Money
    public var priceSigma: Double
    /// Lowest bid ÷ on-demand price of the same machine.
    public var bidShare: Double
    /// The highest bid of others on a machine, relative to its lowest bid: a new log-normal draw (median 1) each
    /// `bidInterval` on average.
    public var bidSigma: Double
    public var bidInterval: SimulatedDuration
    /// On-demand renters that take a machine from its bidder, per machine and hour. Those who rent on demand do not meet
    /// them: a free machine that somebody takes is gone by its stay.
    public var takeoversPerHour: Double
    /// Mean time for which such a renter keeps it (exponential).
    public var takeoverMean: SimulatedDuration
    /// Speed of hosts: log-normal around 1 with this sigma, at most 1.1.
    public var speedSigma: Double
    /// Median downlink in bytes per second; log-normal with `bandwidthSigma`.
    public var bytesPerSecond: Double
    public var bandwidthSigma: Double
    public var storagePerGBMonth: Money?
    public var ingressPerGB: Money?
    public var egressPerGB: Money?
    /// Longest rental a host offers; `nil` = no bound.
    public var maximumDuration: SimulatedDuration?

    public init(
        meanOffers: Double, meanStay: SimulatedDuration, staySigma: Double, medianPerHour: Money, priceSigma: Double,
        bidShare: Double = 0.55, bidSigma: Double = 0.2, bidInterval: SimulatedDuration = .seconds(21_600),
        takeoversPerHour: Double = 0.02, takeoverMean: SimulatedDuration = .seconds(14_400), speedSigma: Double = 0,
        bytesPerSecond: Double = 62.5e6, bandwidthSigma: Double = 0, storagePerGBMonth: Money? = nil,
        ingressPerGB: Money? = nil, egressPerGB: Money? = nil, maximumDuration: SimulatedDuration? = nil,
        rentedStay: SimulatedDuration? = nil
    ) {
        self.meanOffers = meanOffers
        self.meanStay = meanStay
        self.staySigma = staySigma
        self.rentedStay = rentedStay
        self.medianPerHour = medianPerHour
        self.priceSigma = priceSigma
        self.bidShare = bidShare
        self.bidSigma = bidSigma
        self.bidInterval = bidInterval
        self.takeoversPerHour = takeoversPerHour
        self.takeoverMean = takeoverMean
        self.speedSigma = speedSigma
        self.bytesPerSecond = bytesPerSecond
        self.bandwidthSigma = bandwidthSigma
        self.storagePerGBMonth = storagePerGBMonth
        self.ingressPerGB = ingressPerGB
        self.egressPerGB = egressPerGB
        self.maximumDuration = maximumDuration
    }
}
