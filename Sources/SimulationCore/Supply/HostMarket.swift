import Pricing
import Primitives

/// The hosts that one pool can rent from, and what it rents.
///
/// A host that is rented is taken out of the list of free ones, so that none is rented twice. Memory: the hosts present.
/// Asking for a machine costs O(hosts present), an event O(machines).
struct HostMarket: Sendable {
    private struct Rental {
        var host: MarketHost
        /// Of the rental, whatever happens: the host leaves or its longest rental is over.
        var end: Int64
        var ending: RentalEnding
        var failsAt: Int64?
        var pausedSince: Int64?
        var due = Int64.max
    }

    private let policy: HostSupply
    private var arrivals: HostArrivals?
    /// Free or not yet joined, ascending by number.
    private var free: [MarketHost] = []
    private var rentals: [Rental?]
    private(set) var nextTime = Int64.max

    init(_ policy: HostSupply, place: PoolPlace, places: Int, key: RandomKey) {
        self.policy = policy
        rentals = Array(repeating: nil, count: places)
        let market = key.derived("market").derived(stableHash(place.region.utf8))
        switch policy.population {
        case .fitted(let population): arrivals = HostArrivals(population, key: market, into: &free)
        case .listed(let listings):
            free = listings.enumerated().map { number, listing in
                let own = market.derived("host").derived(UInt64(number))
                return MarketHost(number: number, listing: listing, key: own)
            }
        }
    }

    /// Hosts on the market at `now` that nobody of this pool rents. `now` never falls.
    mutating func countFree(at now: Int64) -> Int {
        admit(until: now)
        return free.reduce(0) { $0 + ($1.listing.joins.nanoseconds <= now ? 1 : 0) }
    }

    mutating func acquire(place: Int, at now: Int64) -> Acquisition {
        precondition(rentals[place] == nil, "a machine that is held is not started")
        admit(until: now)
        guard let (index, price) = cheapest(at: now) else { return .refused(retryAt: retryTime(after: now)) }
        var host = free.remove(at: index)
        var lease = Lease(
            host: host.terms(perHour: price), speed: host.listing.speed, bytesPerSecond: host.listing.bytesPerSecond)
        let (comesUp, leaves) = host.rent(at: now, success: policy.launchSuccess)
        if !comesUp { lease.failsAt = SimulatedClock.sum(now, policy.launchTimeout.nanoseconds) }
        let longest = host.listing.maximumDuration.map { SimulatedClock.sum(now, $0.nanoseconds) } ?? .max
        rentals[place] = Rental(
            host: host, end: min(leaves, longest), ending: leaves <= longest ? .hostLeft : .expired,
            failsAt: lease.failsAt)
        settleDue(of: place)
        settleNextTime()
        return .granted(lease)
    }

    mutating func release(place: Int, at now: Int64) {
        guard rentals[place] != nil else { return }
        vacate(place, at: now)
        settleNextTime()
    }

    mutating func advance(to now: Int64) -> [SupplyEvent] {
        var events: [SupplyEvent] = []
        for place in rentals.indices where (rentals[place]?.due ?? .max) <= now {
            if let event = happen(to: place, at: now) { events.append(event) }
        }
        settleNextTime()
        return events
    }

    // MARK: Choosing

    private mutating func admit(until now: Int64) {
        while let time = arrivals?.nextTime, time <= now, time < .max {
            if let host = arrivals?.next() { free.append(host) }
        }
        free.removeAll { $0.leaves <= now }
    }

    /// The free host of lowest price and the price agreed with it. Hosts on which launches of this pool failed come
    /// after all others; equal prices go by number.
    private mutating func cheapest(at now: Int64) -> (index: Int, price: Money)? {
        let timeout = policy.launchTimeout.nanoseconds
        var best: (index: Int, price: Money, rank: (Int, Money))?
        for index in free.indices where free[index].isOffered(at: now, launchTimeout: timeout) {
            free[index].advance(to: now)
            guard let (effective, agreed) = price(of: free[index]) else { continue }
            let rank = (free[index].failures, effective)
            if let best, best.rank <= rank { continue }
            best = (index, agreed, rank)
        }
        return best.map { ($0.index, $0.price) }
    }

    /// What the host is ranked by and what is paid; `nil` where it is not to be had.
    private func price(of host: MarketHost) -> (effective: Money, agreed: Money)? {
        guard isAcceptable(host.listing) else { return nil }
        guard let bid = policy.bid else { return (host.listing.perHour, host.listing.perHour) }
        guard let clearing = host.clearingPrice, clearing <= bid else { return nil }
        return (clearing, bid)
    }

    /// Whether the host could ever be taken.
    private func isAcceptable(_ listing: HostListing) -> Bool {
        if let most = policy.maximumPerHour, policy.bid ?? listing.perHour > most { return false }
        guard let bid = policy.bid else { return true }
        return listing.minimumBid.map { $0 <= bid } ?? false
    }

    /// The next poll, or `.max` where no host worth asking is left and none will join.
    private func retryTime(after now: Int64) -> Int64 {
        if (arrivals?.nextTime ?? .max) == .max {
            let rented = rentals.compactMap { $0?.host }
            guard (free + rented).contains(where: { $0.leaves > now && isAcceptable($0.listing) }) else { return .max }
        }
        return SimulatedClock.firstPoll(after: now, every: policy.retryInterval.nanoseconds, notBefore: now)
    }

    // MARK: Rentals

    private mutating func happen(to place: Int, at now: Int64) -> SupplyEvent? {
        guard var rental = rentals[place] else { return nil }
        if rental.end <= now {
            // A host that leaves is gone, whenever it would have left unrented.
            vacate(place, at: rental.ending == .hostLeft ? .max : now)
            return rental.pausedSince == nil
                ? .reclaimed(place: place, at: now, ending: rental.ending)
                : .abandoned(place: place, ending: rental.ending)
        }
        rental.host.advance(to: now)
        let runs = price(of: rental.host) != nil
        var event: SupplyEvent?
        if runs, rental.pausedSince != nil {
            rental.pausedSince = nil
            event = .resumed(place: place)
        } else if !runs, rental.pausedSince == nil {
            rental.pausedSince = now
            event = .paused(place: place)
        }
        rentals[place] = rental
        if event == nil, patienceEnd(of: rental) <= now {
            vacate(place, at: now)
            return .abandoned(place: place, ending: .outbid)
        }
        settleDue(of: place)
        return event
    }

    private func patienceEnd(of rental: Rental) -> Int64 {
        guard let patience = policy.patience, let since = rental.pausedSince else { return .max }
        return SimulatedClock.sum(since, patience.nanoseconds)
    }

    private mutating func settleDue(of place: Int) {
        guard var rental = rentals[place] else { return }
        rental.due = rental.end
        if policy.bid != nil { rental.due = min(rental.due, rental.host.clearingEnd, patienceEnd(of: rental)) }
        rentals[place] = rental
    }

    /// Ends the rental; the host is free again unless it has left.
    private mutating func vacate(_ place: Int, at now: Int64) {
        guard var host = rentals[place]?.host else { return }
        if let failsAt = rentals[place]?.failsAt, failsAt <= now { host.failures += 1 }
        rentals[place] = nil
        guard host.leaves > now else { return }
        let index = free.firstIndex { $0.number > host.number } ?? free.endIndex
        free.insert(host, at: index)
    }

    private mutating func settleNextTime() {
        nextTime = rentals.reduce(.max) { min($0, $1?.due ?? .max) }
    }
}
