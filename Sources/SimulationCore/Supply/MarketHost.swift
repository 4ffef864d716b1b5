import Pricing
import Primitives

/// One host on the market, free or rented.
struct MarketHost: Sendable {
    /// Within its market, from 0 in order of joining (of the list, where there is one).
    let number: Int
    let listing: HostListing
    /// `nil`: nobody else bids.
    private var rivals: RivalBids?
    /// Mean seconds that it stays rented; `nil` = until it would have left anyway.
    private let rentedStay: Double?
    private let launches: RandomKey
    private let departures: RandomKey
    private var attempts: UInt64 = 0
    /// Launches on it that did not come up.
    var failures = 0

    /// - Parameter key: of this host alone.
    init(number: Int, listing: HostListing, rivals: RivalBids? = nil, rentedStay: Double? = nil, key: RandomKey) {
        self.number = number
        self.listing = listing
        self.rivals = rivals
        self.rentedStay = rentedStay
        launches = key.derived("launch")
        departures = key.derived("departure")
    }

    var leaves: Int64 { listing.leaves.nanoseconds }

    /// Until when the price that a bidder must meet does not change.
    var clearingEnd: Int64 { rivals?.end ?? .max }

    mutating func advance(to now: Int64) { rivals?.advance(to: now) }

    /// What a bidder must offer at least to run: the host's least bid or the highest of others'; `nil` while no bid
    /// does. As of the last ``advance(to:)``.
    var clearingPrice: Money? {
        guard let least = listing.minimumBid, rivals?.isTaken != true else { return nil }
        guard let level = rivals?.level, level > 1 else { return least }
        return max(least, Money(dollars: min(least.dollars * level, 1e9)))
    }

    /// Whether it is there, and not about to leave: a start on it would not come to nothing for that.
    func isOffered(at now: Int64, launchTimeout: Int64) -> Bool {
        let latest = rentedStay == nil ? SimulatedClock.sum(now, launchTimeout) : now
        return listing.joins.nanoseconds <= now && leaves > latest
    }

    /// Rents it: whether its start comes up, and when its host leaves.
    mutating func rent(at now: Int64, success: Double) -> (comesUp: Bool, leaves: Int64) {
        defer { attempts += 1 }
        let comesUp = launches.uniform(attempts) < success
        guard let rentedStay else { return (comesUp, leaves) }
        let length = -rentedStay * Mathematics.log(departures.uniform(attempts))
        return (comesUp, SimulatedClock.after(now, seconds: length))
    }

    /// What is agreed at `perHour`.
    func terms(perHour: Money) -> HostTerms {
        HostTerms(
            host: number, perHour: perHour, storagePerGBMonth: listing.storagePerGBMonth,
            ingressPerGB: listing.ingressPerGB, egressPerGB: listing.egressPerGB)
    }
}

/// Hosts drawn from a ``HostPopulation`` in order of joining: those there at the start, then arrivals.
///
/// Arrivals are a Poisson process of rate mean offers ÷ mean stay, and stays do not depend on them (M/G/∞), so the number
/// present is Poisson with the mean offers at every time if it is so at the start, with residual stays.
struct HostArrivals: Sendable {
    private let population: HostPopulation
    private let key: RandomKey
    private let gap: Distribution
    private let stay: Distribution
    private var gaps: KeyedGenerator
    private var number = 0
    /// When the next host joins; `.max` = none will.
    private(set) var nextTime = Int64.max

    /// The hosts present at 0 are put into `hosts`.
    init(_ population: HostPopulation, key: RandomKey, into hosts: inout [MarketHost]) {
        self.population = population
        self.key = key
        let (offers, seconds) = (max(0, population.meanOffers), max(1, population.meanStay.seconds))
        let sigma = max(0, population.staySigma)
        gap = .exponential(mean: offers > 0 ? seconds / offers : 1)
        stay = .logNormal(mu: Mathematics.log(seconds) - sigma * sigma / 2, sigma: sigma)
        gaps = key.derived("arrivals").generator()
        guard offers > 0 else { return }
        var counting = key.derived("initial").generator()
        var sum = Distribution.exponential(mean: 1).sample(using: &counting)
        while sum < offers {
            hosts.append(host(joining: 0, isResidual: true))
            sum += Distribution.exponential(mean: 1).sample(using: &counting)
        }
        nextTime = SimulatedClock.after(0, seconds: gap.sample(using: &gaps))
    }

    /// The host that joins at ``nextTime``.
    mutating func next() -> MarketHost {
        let arrival = host(joining: nextTime, isResidual: false)
        nextTime = SimulatedClock.after(nextTime, seconds: gap.sample(using: &gaps))
        return arrival
    }

    /// A host's features hang on its number alone, each on a stream of its own.
    private mutating func host(joining joined: Int64, isResidual: Bool) -> MarketHost {
        defer { number += 1 }
        let own = key.derived("host").derived(UInt64(number))
        func logNormal(_ sigma: Double, _ draw: UInt64) -> Double {
            sigma > 0 ? Mathematics.exp(sigma * Mathematics.normalQuantile(own.uniform(draw))) : 1
        }
        var stays = own.derived("stay").generator()
        let length = isResidual ? stay.sampleResidual(using: &stays) : stay.sample(using: &stays)
        let perHour = Money(dollars: min(population.medianPerHour.dollars * logNormal(population.priceSigma, 0), 1e9))
        var listing = HostListing(name: "", perHour: perHour)
        listing.minimumBid = Money(dollars: perHour.dollars * population.bidShare)
        listing.speed = min(1.1, logNormal(population.speedSigma, 1))
        listing.bytesPerSecond = population.bytesPerSecond * logNormal(population.bandwidthSigma, 2)
        listing.storagePerGBMonth = population.storagePerGBMonth
        listing.ingressPerGB = population.ingressPerGB
        listing.egressPerGB = population.egressPerGB
        listing.maximumDuration = population.maximumDuration
        listing.joins = SimulatedTime(nanoseconds: joined)
        listing.leaves = SimulatedTime(nanoseconds: SimulatedClock.after(joined, seconds: length))
        let rivals = RivalBids(population, from: joined, key: own.derived("rivals"))
        let rentedStay = population.rentedStay.map { max(1, $0.seconds) }
        return MarketHost(number: number, listing: listing, rivals: rivals, rentedStay: rentedStay, key: own)
    }
}
