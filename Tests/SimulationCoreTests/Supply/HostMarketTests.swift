import Pricing
import Primitives
import Testing

@testable import SimulationCore

@Suite struct HostMarketTests {
    static let key = RandomKey(seed: 21)
    static let place = PoolPlace(region: "planet")

    static func listing(
        _ name: String, _ dollars: Double, bid: Double? = nil, from: Int64 = 0, until: Int64 = .max
    ) -> HostListing {
        HostListing(
            name: name, perHour: Money(dollars: dollars), minimumBid: bid.map { Money(dollars: $0) },
            joins: SimulatedTime(nanoseconds: from), leaves: SimulatedTime(nanoseconds: until))
    }

    static func market(_ policy: HostSupply, places: Int = 16) -> HostMarket {
        HostMarket(policy, place: place, places: places, key: key)
    }

    static func supply(_ listings: [HostListing], _ change: (inout HostSupply) -> Void = { _ in }) -> PoolSupply {
        var policy = HostSupply(population: .listed(listings), launchTimeout: .zero, retryInterval: .seconds(10))
        change(&policy)
        return PoolSupply(.hosts(policy), place: place, places: 16, key: key)
    }

    static let population = HostPopulation(
        meanOffers: 40, meanStay: .hours(20), staySigma: 0.83, medianPerHour: Money(dollars: 0.5), priceSigma: 0.3)

    // MARK: Listed hosts

    @Test func theCheapestIsTakenFirstAndNoneTwice() {
        var supply = Self.supply([Self.listing("x", 0.9), Self.listing("y", 0.4), Self.listing("z", 0.6)])
        let leases = (0..<4).map { supply.acquire(place: $0, at: 0) }
        #expect(leases.map { $0.lease?.host?.host } == [1, 2, 0, nil])
        #expect(leases[0].lease?.host?.perHour == Money(dollars: 0.4))
        #expect(leases[3].retryAt == 10 * second)
        supply.release(place: 1, at: second)
        #expect(supply.acquire(place: 5, at: second).lease?.host?.host == 2)
    }

    @Test func whatIsAgreedIsTheHosts() {
        var listing = Self.listing("x", 0.9)
        listing.speed = 0.93
        listing.bytesPerSecond = 20e6
        listing.storagePerGBMonth = Money(dollars: 0.1)
        listing.ingressPerGB = Money(dollars: 0.01)
        listing.egressPerGB = Money(dollars: 0.02)
        var supply = Self.supply([listing])
        let terms = HostTerms(
            host: 0, perHour: Money(dollars: 0.9), storagePerGBMonth: Money(dollars: 0.1),
            ingressPerGB: Money(dollars: 0.01), egressPerGB: Money(dollars: 0.02))
        #expect(
            supply.acquire(place: 0, at: 0)
                == .granted(Lease(host: terms, speed: 0.93, bytesPerSecond: 20e6, failsAt: nil)))
    }

    @Test func dearHostsAreLeft() {
        var supply = Self.supply([Self.listing("x", 0.9), Self.listing("y", 0.4)]) {
            $0.maximumPerHour = Money(dollars: 0.5)
        }
        #expect(supply.acquire(place: 0, at: 0).lease?.host?.host == 1)
        #expect(supply.acquire(place: 1, at: 0) == .refused(retryAt: 10 * second))
        var poor = Self.supply([Self.listing("x", 0.9)]) { $0.maximumPerHour = Money(dollars: 0.5) }
        #expect(poor.acquire(place: 0, at: 0) == .refused(retryAt: .max))
    }

    /// Joined at 50 s, left at 200 s; nobody starts on it in its last 30 s, which a start may take.
    @Test func hostsAreTakenWhileTheyAreThere() {
        var supply = Self.supply([Self.listing("x", 0.4, from: 50 * second, until: 200 * second)]) {
            $0.launchTimeout = .seconds(30)
        }
        #expect(supply.acquire(place: 0, at: 49 * second).retryAt == 59 * second)
        #expect(supply.acquire(place: 0, at: 50 * second).lease != nil)
        #expect(supply.nextTime == 200 * second)
        supply.release(place: 0, at: 60 * second)
        #expect(supply.nextTime == .max)
        #expect(supply.acquire(place: 0, at: 169 * second).lease != nil)
        supply.release(place: 0, at: 170 * second)
        #expect(supply.acquire(place: 0, at: 170 * second).lease == nil)
        #expect(supply.acquire(place: 0, at: 200 * second) == .refused(retryAt: .max))
    }

    @Test func aLeavingHostEndsTheRental() {
        var supply = Self.supply([Self.listing("x", 0.4, until: 200 * second), Self.listing("y", 0.5)])
        for place in 0..<2 { #expect(supply.acquire(place: place, at: 0).lease != nil) }
        let at = 200 * second
        #expect(supply.advance(to: at) == [.reclaimed(place: 0, at: at, ending: .hostLeft)])
        supply.release(place: 0, at: at)
        #expect(supply.acquire(place: 0, at: at).lease == nil)
        #expect(supply.nextTime == .max)
    }

    @Test func theLongestRentalExpiresAndTheHostIsFreeAgain() {
        var listing = Self.listing("x", 0.4)
        listing.maximumDuration = .seconds(100)
        var supply = Self.supply([listing])
        for start in [0, 300 * second] {
            #expect(supply.acquire(place: 0, at: start).lease?.host?.host == 0)
            #expect(supply.nextTime == start + 100 * second)
            #expect(
                supply.advance(to: start + 100 * second)
                    == [.reclaimed(place: 0, at: start + 100 * second, ending: .expired)])
        }
    }

    /// A host on which a start failed comes last, but before nothing.
    @Test func hostsThatDidNotComeUpComeLast() {
        var supply = Self.supply([Self.listing("x", 0.4), Self.listing("y", 0.5)]) {
            $0.launchSuccess = 0
            $0.launchTimeout = .seconds(60)
        }
        for host in [0, 1, 0, 1] {
            let lease = supply.acquire(place: 0, at: 0).lease
            #expect(lease?.host?.host == host)
            #expect(lease?.failsAt == 60 * second)
            supply.release(place: 0, at: 60 * second)
        }
        // Given back before it failed: nobody knows.
        var early = Self.supply([Self.listing("x", 0.4), Self.listing("y", 0.5)]) {
            $0.launchSuccess = 0
            $0.launchTimeout = .seconds(60)
        }
        for _ in 0..<3 {
            #expect(early.acquire(place: 0, at: 0).lease?.host?.host == 0)
            early.release(place: 0, at: 59 * second)
        }
    }

    @Test func bidsTakeTheLowestLeastBidAndPayTheBid() {
        let listings = [
            Self.listing("x", 0.5), Self.listing("y", 0.5, bid: 0.35), Self.listing("z", 0.9, bid: 0.2),
            Self.listing("w", 0.3, bid: 0.31),
        ]
        var supply = Self.supply(listings) { $0.bid = Money(dollars: 0.31) }
        let leases = (0..<3).map { supply.acquire(place: $0, at: 0) }
        #expect(leases.map { $0.lease?.host?.host } == [2, 3, nil])
        #expect(leases[0].lease?.host?.perHour == Money(dollars: 0.31))
        var low = Self.supply(listings) { $0.bid = Money(dollars: 0.19) }
        #expect(low.acquire(place: 0, at: 0) == .refused(retryAt: .max))
        var capped = Self.supply(listings) {
            $0.bid = Money(dollars: 0.31)
            $0.maximumPerHour = Money(dollars: 0.3)
        }
        #expect(capped.acquire(place: 0, at: 0) == .refused(retryAt: .max))
    }

    // MARK: The fitted population

    /// Little: offers = rate × stay. The mean over 400 stays of a Poisson number of 40 with correlation time about a
    /// stay has a standard error of about √(40 · 2 ÷ 400) = .45; the rate's is √(16 000) ÷ 16 000 = 0.8 %.
    @Test func thePopulationIsStationary() {
        var market = Self.market(HostSupply(population: .fitted(Self.population)))
        var sum = 0.0
        for step in 0..<16_000 { sum += Double(market.countFree(at: Int64(step) * hour / 2)) }
        #expect(abs(sum / 16_000 - 40) < 1.8)
    }

    /// Numbers at the start and after a stay, over many markets: Poisson, so mean and variance are 40.
    @Test(arguments: [0, 20]) func theNumberOfHostsIsPoisson(hours: Int64) {
        let counts = (0..<3_000).map { seed -> Double in
            let policy = HostSupply(population: .fitted(Self.population))
            var market = HostMarket(policy, place: Self.place, places: 1, key: RandomKey(seed: UInt64(seed)))
            return Double(market.countFree(at: hours * hour))
        }
        let mean = counts.reduce(0, +) / 3_000
        let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3_000
        // Four standard errors: √(40 ÷ 3 000) and 40 √(2 ÷ 3 000).
        #expect(abs(mean - 40) < 0.47)
        #expect(abs(variance - 40) < 4.2)
    }

    /// Prices are log-normal around the median: the machine taken n-th costs more the fewer there are.
    @Test func whatIsLeftIsDearer() {
        var large = Self.population
        large.meanOffers = 2_000
        var market = Self.market(HostSupply(population: .fitted(large), launchTimeout: .zero), places: 1_600)
        var prices: [Double] = []
        for place in 0..<1_600 {
            if let terms = market.acquire(place: place, at: 0).lease?.host { prices.append(terms.perHour.dollars) }
        }
        #expect(prices == prices.sorted())
        // The thousandth of about two thousand is the median: four standard errors are 1.2533 · .3 · 4 ÷ √2 000 = 3.4 %,
        // and the number present has one of 2.2 %, which moves it by about 1.7 %.
        #expect(prices[1_000].error(to: 0.5) < 0.06)
        #expect(prices[317].error(to: 0.5 * 0.7408) < 0.08)
    }

    @Test func tightMarketsRunOut() {
        var none = Self.population
        none.meanOffers = 0
        var empty = Self.market(HostSupply(population: .fitted(none)))
        #expect(empty.acquire(place: 0, at: hour) == .refused(retryAt: .max))
        var two = Self.population
        two.meanOffers = 2
        var market = Self.market(HostSupply(population: .fitted(two), launchTimeout: .zero))
        let free = market.countFree(at: hour)
        let leases = (0..<16).map { market.acquire(place: $0, at: hour) }
        #expect(leases.filter { $0.lease != nil }.count == free)
        #expect(leases.last?.retryAt == hour + 60 * second)
    }

    /// Drives a market at random and keeps its own books: one renter per host, all within the rules.
    @Test(arguments: [nil, Money(dollars: 0.33)]) func noHostIsRentedTwice(bid: Money?) {
        var population = Self.population
        population.meanOffers = 12
        population.meanStay = .hours(6)
        population.maximumDuration = .hours(10)
        population.bidInterval = .hours(1)
        var supply = PoolSupply(
            .hosts(HostSupply(population: .fitted(population), bid: bid, launchSuccess: 0.8)), place: Self.place,
            places: 16, key: Self.key)
        var renter: [Int: Int] = [:]
        var paused: Set<Int> = []
        var kinds: Set<String> = []
        func end(_ place: Int) {
            for (host, other) in renter where other == place { renter[host] = nil }
            paused.remove(place)
        }
        for step in 0..<20_000 {
            let now = Int64(step) * 300 * second
            while supply.nextTime <= now {
                for event in supply.advance(to: supply.nextTime) {
                    switch event {
                    case .reclaimed(let place, _, let ending):
                        kinds.insert(ending.rawValue)
                        #expect(!paused.contains(place))
                        end(place)
                    case .abandoned(let place, let ending):
                        kinds.insert("abandoned: " + ending.rawValue)
                        #expect(paused.contains(place))
                        end(place)
                    case .paused(let place): #expect(paused.insert(place).inserted)
                    case .resumed(let place):
                        kinds.insert("resumed")
                        #expect(paused.remove(place) != nil)
                    case .mayRetry: break
                    }
                }
            }
            let place = Int(Self.key.bits(UInt64(step)) % 16)
            if renter.values.contains(place) {
                if step % 3 == 0 {
                    supply.release(place: place, at: now)
                    end(place)
                }
            } else if let terms = supply.acquire(place: place, at: now).lease?.host {
                #expect(renter.updateValue(place, forKey: terms.host) == nil)
                if let bid { #expect(terms.perHour == bid) }
            }
        }
        #expect(kinds.contains("host left"))
        #expect(kinds.isSuperset(of: bid == nil ? ["host left"] : ["resumed", "abandoned: outbid"]), "\(kinds)")
    }

    /// A rented machine's own stay is exponential: mean 30 h, four standard errors of 3,000 are 7.3 %.
    @Test func rentedMachinesStayByTheirOwnClock() {
        var population = Self.population
        population.rentedStay = .hours(30)
        var supply = PoolSupply(
            .hosts(HostSupply(population: .fitted(population))), place: Self.place, places: 10, key: Self.key)
        var stays: [Double] = []
        var started = [Int64](repeating: 0, count: 10)
        for place in 0..<10 { #expect(supply.acquire(place: place, at: 0).lease != nil) }
        while stays.count < 3_000 {
            let now = supply.nextTime
            for case .reclaimed(let place, _, .hostLeft) in supply.advance(to: now) {
                stays.append(Double(now - started[place]) / Double(hour))
                started[place] = now
                #expect(supply.acquire(place: place, at: now).lease != nil)
            }
        }
        #expect(stays.sampleMean.error(to: 30) < 0.073)
    }

    /// A host's features hang on its number, whatever was rented before; strategies meet the same hosts.
    @Test func theMarketDoesNotHangOnItsRenters() {
        let policy = HostSupply(population: .fitted(Self.population), launchTimeout: .zero)
        var busy = Self.market(policy)
        var idle = Self.market(policy)
        for step in 0..<200 {
            let now = Int64(step) * hour
            for place in 0..<8 { _ = busy.acquire(place: place, at: now) }
            for place in 0..<8 { busy.release(place: place, at: now) }
            #expect(busy.countFree(at: now) == idle.countFree(at: now))
        }
        let (a, b) = (busy.acquire(place: 3, at: 300 * hour), idle.acquire(place: 9, at: 300 * hour))
        #expect(a == b)
        #expect(a.lease != nil)
    }
}

@Suite struct BiddingTests {
    /// One machine whose least bid is 0.30; others' highest bid has median 0.30 and σ = .2, new each hour.
    private static func population() -> HostPopulation {
        var population = HostPopulation(
            meanOffers: 1, meanStay: .hours(1_000_000), staySigma: 0, medianPerHour: Money(dollars: 0.6),
            priceSigma: 0)
        population.bidShare = 0.5
        population.bidInterval = .hours(1)
        population.takeoversPerHour = 0
        return population
    }

    private static func host(_ population: HostPopulation, number: UInt64 = 1) -> MarketHost {
        let key = RandomKey(seed: 4).derived(number)
        var listing = HostListing(name: "h", perHour: population.medianPerHour)
        listing.minimumBid = Money(dollars: 0.3)
        return MarketHost(number: 0, listing: listing, rivals: RivalBids(population, from: 0, key: key), key: key)
    }

    /// P(0.3 · e^(.2 z) ≤ 0.36) = Φ(ln 1.2 ÷ .2) = Φ(.9116) = .819 of the time; changes come once an hour.
    @Test func othersBidsAreLogNormalAndMoveAtTheirRate() {
        var host = Self.host(Self.population())
        var below = 0.0
        var changes = 0
        var now: Int64 = 0
        while now < 40_000 * hour {
            let end = host.clearingEnd
            if let price = host.clearingPrice, price <= Money(dollars: 0.36) { below += Double(end - now) }
            #expect(host.clearingPrice ?? .zero >= Money(dollars: 0.3))
            now = end
            host.advance(to: now)
            changes += 1
        }
        #expect(abs(below / Double(now) - 0.819) < 0.012)
        #expect((Double(changes) / 40_000).error(to: 1) < 0.02)
    }

    /// Taken 0.5 times an hour for an hour on average: free 2 ÷ 3 of the time.
    @Test func onDemandRentersTakeTheMachine() {
        var population = Self.population()
        population.takeoversPerHour = 0.5
        population.takeoverMean = .hours(1)
        population.bidSigma = 0
        var host = Self.host(population)
        var free = 0.0
        var now: Int64 = 0
        while now < 60_000 * hour {
            let end = host.clearingEnd
            if host.clearingPrice != nil { free += Double(end - now) }
            now = end
            host.advance(to: now)
        }
        #expect(abs(free / Double(now) - 2.0 / 3) < 0.012)
    }

    @Test func withoutRivalsNothingMoves() {
        var population = Self.population()
        population.bidSigma = 0
        let host = Self.host(population)
        #expect(host.clearingEnd == .max)
        #expect(host.clearingPrice == Money(dollars: 0.3))
    }

    /// Follows one bid of 0.36 through its life against a second copy of the host that tells who leads.
    @Test(arguments: [nil, Int64(2_400)]) func anOutbidMachinePausesAndResumes(patience: Int64?) throws {
        let population = Self.population()
        let policy = HostSupply(
            population: .fitted(population), bid: Money(dollars: 0.36), launchTimeout: .zero,
            patience: patience.map { .seconds($0) })
        // The first seed whose market has one host that is to be had at once.
        let (key, lease) = try #require(
            (0..<100).lazy.compactMap { seed -> (RandomKey, Lease)? in
                let key = RandomKey(seed: UInt64(seed))
                var supply = PoolSupply(.hosts(policy), place: .nowhere, places: 1, key: key)
                return supply.acquire(place: 0, at: 0).lease.map { (key, $0) }
            }.first)
        #expect(lease.host?.perHour == Money(dollars: 0.36))
        var supply = PoolSupply(.hosts(policy), place: .nowhere, places: 1, key: key)
        _ = supply.acquire(place: 0, at: 0)
        var pausedAt: Int64?
        var (pauses, resumptions, abandoned) = (0, 0, 0)
        for _ in 0..<3_000 where abandoned == 0 {
            let now = supply.nextTime
            for event in supply.advance(to: now) {
                switch event {
                case .paused:
                    #expect(pausedAt == nil)
                    pausedAt = now
                    pauses += 1
                case .resumed:
                    let since = try #require(pausedAt)
                    if let patience { #expect(now - since <= patience * second) }
                    pausedAt = nil
                    resumptions += 1
                case .abandoned(_, let ending):
                    #expect(ending == .outbid)
                    #expect(now == (pausedAt ?? 0) + (patience ?? 0) * second)
                    abandoned += 1
                default: Issue.record("unexpected \(event)")
                }
            }
        }
        #expect(pauses > 0)
        if patience == nil {
            #expect(abandoned == 0)
            #expect(abs(pauses - resumptions) <= 1)
            // A change outbids with 1 - .819; from paused it resumes with .819: a pause each 1 ÷ (.819 · .181) hours.
            #expect((Double(pauses) / 3_000).error(to: 0.148) < 0.2, "\(pauses)")
        } else {
            #expect(abandoned == 1)
        }
    }

    /// A bid below the level of every host waits; it is granted once a level has fallen to it.
    @Test func aBidBelowTheClearingLevelWaits() {
        var population = Self.population()
        population.bidSigma = 1
        let policy = HostSupply(population: .fitted(population), bid: Money(dollars: 0.31), launchTimeout: .zero)
        var (granted, refused) = (0, 0)
        for seed in 0..<2_000 {
            let key = RandomKey(seed: UInt64(seed))
            var market = HostMarket(policy, place: .nowhere, places: 1, key: key)
            guard market.countFree(at: 0) == 1 else { continue }
            if market.acquire(place: 0, at: 0).lease != nil { granted += 1 } else { refused += 1 }
        }
        // Φ(ln(.31 ÷ .30)) = Φ(.0328) = .513; four standard errors of a share of about 735.
        let share = Double(granted) / Double(granted + refused)
        #expect(abs(share - 0.513) < 0.075)
        population.meanOffers = 6
        var supply = PoolSupply(
            .hosts(HostSupply(population: .fitted(population), bid: Money(dollars: 0.301), launchTimeout: .zero)),
            place: .nowhere, places: 1, key: RandomKey(seed: 1))
        var now: Int64 = 0
        var (grants, waits) = (0, 0)
        for _ in 0..<20_000 {
            switch supply.acquire(place: 0, at: now) {
            case .granted:
                grants += 1
                supply.release(place: 0, at: now)
                now += 60 * second
            case .refused(let retryAt):
                #expect(retryAt == now + 60 * second)
                waits += 1
                now = retryAt
            }
        }
        #expect(grants > 0)
        #expect(waits > 0)
    }

    @Test func patienceOfZeroGivesUpAtOnce() {
        var population = Self.population()
        population.meanOffers = 5
        let policy = HostSupply(
            population: .fitted(population), bid: Money(dollars: 0.36), launchTimeout: .zero, patience: .zero)
        var supply = PoolSupply(.hosts(policy), place: .nowhere, places: 1, key: RandomKey(seed: 9))
        #expect(supply.acquire(place: 0, at: 0).lease != nil)
        var events: [SupplyEvent] = []
        var times: [Int64] = []
        while events.count < 2 {
            times.append(supply.nextTime)
            events += supply.advance(to: supply.nextTime)
        }
        #expect(events == [.paused(place: 0), .abandoned(place: 0, ending: .outbid)])
        #expect(times.suffix(2).first == times.last)
        #expect(supply.nextTime == .max)
    }
}
