import Pricing
import Primitives
import Testing

@testable import SimulationCore

@Suite struct PoolSupplyTests {
    static let place = PoolPlace(region: "r", zones: ["a", "b"])
    static let key = RandomKey(seed: 3)

    static func supply(_ capacity: CapacitySupply, places: Int = 8, place: PoolPlace = place) -> PoolSupply {
        PoolSupply(.capacity(capacity), place: place, places: places, key: key)
    }

    /// Up for 100 s, down for 50 s, again and again.
    static let trace = AvailabilityTrace(
        name: "a", changes: [SimulatedTime(nanoseconds: 100 * second)], startsUp: true, length: .seconds(150))
    static let always = AvailabilityTrace(name: "b", changes: [], startsUp: true, length: .seconds(150))

    @Test func dependableSupplyGrantsAndTakesNothing() {
        var supply = PoolSupply(.dependable, place: Self.place, places: 4, key: Self.key)
        for place in 0..<4 { #expect(supply.acquire(place: place, at: 5) == .granted(Lease())) }
        supply.release(place: 2, at: 6)
        #expect(supply.acquire(place: 2, at: 7) == .granted(Lease()))
        #expect(supply.nextTime == .max)
        #expect(supply.advance(to: 8) == [])
    }

    /// The differential statement of the whole: all processes off is the plain fleet.
    @Test func capacityWithEverythingOffEqualsDependable() {
        var never = AvailabilityProcess(
            upMedian: .hours(1), upMean: .hours(2), downMedian: .zero, downMean: .zero, regionalShare: 0.4)
        never.sizePenalty = 3
        for availability in [nil, .replay([]), .replay([Self.always]), .process(never)] as [Availability?] {
            var supply = Self.supply(CapacitySupply(availability: availability))
            for round in 0..<20 {
                let now = Int64(round) * hour
                for place in 0..<8 { #expect(supply.acquire(place: place, at: now) == .granted(Lease())) }
                #expect(supply.nextTime == .max)
                #expect(supply.advance(to: now) == [])
                for place in 0..<8 { supply.release(place: place, at: now) }
            }
        }
    }

    @Test func depthIsNeverExceeded() {
        var supply = Self.supply(CapacitySupply(depth: 3, retryInterval: .seconds(40)))
        let first = (0..<8).map { supply.acquire(place: $0, at: 10 * second) }
        #expect(first.map { $0.lease != nil } == [true, true, true, false, false, false, false, false])
        #expect(first[5].retryAt == 50 * second)
        supply.release(place: 1, at: 20 * second)
        supply.release(place: 1, at: 20 * second)
        #expect(supply.acquire(place: 7, at: 20 * second).lease != nil)
        #expect(supply.acquire(place: 1, at: 20 * second).lease == nil)
        var none = Self.supply(CapacitySupply(depth: 0))
        #expect(none.acquire(place: 0, at: 0) == .refused(retryAt: .max))
    }

    /// Binomial: four standard errors of a share of .7 in 20 000 are .013.
    @Test func launchesComeUpAsOftenAsSaid() {
        var supply = Self.supply(CapacitySupply(launchSuccess: 0.7, launchTimeout: .seconds(90)))
        var duds = 0
        for start in 0..<2_500 {
            let now = Int64(start) * second
            for place in 0..<8 {
                guard let lease = supply.acquire(place: place, at: now).lease else { continue }
                if let failsAt = lease.failsAt {
                    duds += 1
                    #expect(failsAt == now + 90 * second)
                }
                supply.release(place: place, at: now)
            }
        }
        #expect(abs(Double(duds) / 20_000 - 0.3) < 0.013)
    }

    /// Down from 100 s to 150 s: at 110 s, asking every 30 s first succeeds at 170 s.
    @Test func aRefusalNamesTheFirstPollThatFindsTheZoneUp() {
        let policy = CapacitySupply(retryInterval: .seconds(30), availability: .replay([Self.trace, Self.always]))
        var supply = Self.supply(policy)
        #expect(supply.acquire(place: 0, at: 100 * second) == .refused(retryAt: 160 * second))
        #expect(supply.acquire(place: 0, at: 110 * second) == .refused(retryAt: 170 * second))
        #expect(supply.acquire(place: 1, at: 110 * second).lease != nil)
        #expect(supply.acquire(place: 0, at: 120 * second) == .refused(retryAt: 150 * second))
        #expect(supply.acquire(place: 0, at: 150 * second).lease != nil)
        // Never up again.
        let off = AvailabilityTrace(name: "off", changes: [], startsUp: false, length: .seconds(1))
        var dead = Self.supply(CapacitySupply(availability: .replay([off])))
        #expect(dead.acquire(place: 0, at: 0) == .refused(retryAt: .max))
    }

    /// A second supply is asked every interval: none of the polls that the refusal leaves out would have succeeded.
    @Test func refusalsSparePollsThatWouldFail() {
        let process = AvailabilityProcess(
            upMedian: .seconds(40), upMean: .seconds(90), downMedian: .seconds(200), downMean: .seconds(500),
            regionalShare: 0.3)
        let policy = CapacitySupply(retryInterval: .seconds(60), availability: .process(process))
        var leaping = Self.supply(policy, places: 1)
        var polling = Self.supply(policy, places: 1)
        var (now, grants, spared) = (Int64(0), 0, 0)
        for _ in 0..<2_000 {
            guard let retryAt = leaping.acquire(place: 0, at: now).retryAt else {
                #expect(polling.acquire(place: 0, at: now).lease != nil)
                leaping.release(place: 0, at: now)
                polling.release(place: 0, at: now)
                grants += 1
                now += 60 * second
                continue
            }
            while now < retryAt {
                #expect(polling.acquire(place: 0, at: now).lease == nil)
                now += 60 * second
                spared += 1
            }
            #expect(now == retryAt)
        }
        #expect(grants > 100)
        #expect(spared > 2_000)
    }

    @Test func aZoneGoingDownReclaimsWhatItHolds() {
        let policy = CapacitySupply(availability: .replay([Self.trace, Self.always]), notice: .seconds(30))
        var supply = Self.supply(policy)
        for place in [0, 1, 2, 4] { #expect(supply.acquire(place: place, at: 0).lease != nil) }
        supply.release(place: 2, at: 50 * second)
        #expect(supply.nextTime == 100 * second)
        let at = 130 * second
        #expect(
            supply.advance(to: 100 * second) == [
                .reclaimed(place: 0, at: at, ending: .interrupted), .reclaimed(place: 4, at: at, ending: .interrupted),
            ])
        #expect(supply.nextTime == .max)
        supply.release(place: 0, at: at)
        #expect(supply.acquire(place: 0, at: at).retryAt != nil)
        #expect(supply.acquire(place: 0, at: 150 * second).lease != nil)
        #expect(supply.nextTime == 250 * second)
    }

    /// Asking for another machine of the zone at the very moment it goes down does not hide the loss.
    @Test func anAcquisitionAtTheSameTimeHidesNothing() {
        var supply = Self.supply(CapacitySupply(availability: .replay([Self.trace])))
        #expect(supply.acquire(place: 0, at: 0).lease != nil)
        #expect(supply.acquire(place: 2, at: 100 * second).lease == nil)
        #expect(supply.nextTime == 100 * second)
        #expect(
            supply.advance(to: 100 * second) == [.reclaimed(place: 0, at: 100 * second, ending: .interrupted)])
    }

    @Test func aKeptDiskPausesAndResumes() {
        let policy = CapacitySupply(depth: 1, availability: .replay([Self.trace, Self.always]), keepsDisk: true)
        var supply = Self.supply(policy)
        #expect(supply.acquire(place: 0, at: 20 * second).lease != nil)
        var seen: [(Int64, SupplyEvent)] = []
        while supply.nextTime <= 400 * second {
            let now = supply.nextTime
            seen += supply.advance(to: now).map { (now, $0) }
        }
        let times: [Int64] = [100, 150, 250, 300, 400]
        #expect(seen.map { $0.0 / second } == times)
        #expect(
            seen.map(\.1) == [
                .paused(place: 0), .resumed(place: 0), .paused(place: 0), .resumed(place: 0), .paused(place: 0),
            ])
        // It comes back, so its place is not given to another.
        #expect(supply.acquire(place: 1, at: 410 * second).lease == nil)
        supply.release(place: 0, at: 420 * second)
        #expect(supply.acquire(place: 1, at: 420 * second).lease != nil)
    }

    /// Exponential of 2 per hour: mean 1,800 s; four standard errors of 8,000 are 4.5 %. Memoryless: the share that
    /// outlives the mean is 1 ÷ e.
    @Test func reclaimsOfSingleMachinesHaveTheirHazard() {
        var supply = Self.supply(CapacitySupply(reclaimsPerHour: 2, notice: .seconds(120)))
        var lifetimes: [Double] = []
        var now: Int64 = 0
        var started = [Int64](repeating: 0, count: 8)
        for place in 0..<8 { #expect(supply.acquire(place: place, at: 0).lease != nil) }
        while lifetimes.count < 8_000 {
            now = supply.nextTime
            for event in supply.advance(to: now) {
                guard case .reclaimed(let place, let at, .interrupted) = event else {
                    Issue.record("unexpected \(event)")
                    continue
                }
                #expect(at == now + 120 * second)
                lifetimes.append(Double(now - started[place]) / 1e9)
                supply.release(place: place, at: now)
                #expect(supply.acquire(place: place, at: now).lease != nil)
                started[place] = now
            }
        }
        #expect(lifetimes.sampleMean.error(to: 1_800) < 0.045)
        #expect(abs(lifetimes.share(above: 1_800) - 0.3679) < 0.022)
    }

    /// What happens to a machine hangs on its index and its starts, not on the order in which others were asked for.
    @Test func theOrderOfAcquisitionsDoesNotMatter() {
        let process = AvailabilityProcess(
            upMedian: .seconds(900), upMean: .hours(1), downMedian: .seconds(300), downMean: .seconds(900),
            regionalShare: 0.4)
        let policy = CapacitySupply(
            launchSuccess: 0.8, availability: .process(process), reclaimsPerHour: 0.5, notice: .seconds(30))
        func story(_ order: [Int]) -> [[String]] {
            var supply = Self.supply(policy)
            var told = [[String]](repeating: [], count: 8)
            for place in order { told[place].append("\(supply.acquire(place: place, at: 0))") }
            while supply.nextTime < 200 * hour {
                let now = supply.nextTime
                for event in supply.advance(to: now) {
                    guard case .reclaimed(let place, _, _) = event else { continue }
                    told[place].append("\(now) \(event)")
                    supply.release(place: place, at: now)
                }
            }
            return told
        }
        let told = story(Array(0..<8))
        #expect(told == story(Array((0..<8).reversed())))
        #expect(told == story([3, 1, 4, 0, 5, 2, 6, 7]))
        #expect(Set(told.map { $0.joined() }).count > 4)
    }

    /// Two pools of any size in one place, given one key, meet the same availability.
    @Test func theWorldDoesNotHangOnThePool() {
        let process = AvailabilityProcess(
            upMedian: .seconds(900), upMean: .hours(1), downMedian: .seconds(300), downMean: .seconds(900))
        var small = Self.supply(CapacitySupply(availability: .process(process)), places: 2)
        var large = Self.supply(
            CapacitySupply(depth: 64, availability: .process(process), notice: .seconds(30)), places: 64,
            place: PoolPlace(region: "r", zones: ["z", "a"]))
        for step in 0..<2_000 {
            let now = Int64(step) * 300 * second
            let (a, b) = (small.acquire(place: 0, at: now), large.acquire(place: 1, at: now))
            #expect((a.lease == nil) == (b.lease == nil))
            #expect(a.retryAt == b.retryAt)
            small.release(place: 0, at: now)
            large.release(place: 1, at: now)
        }
    }

    /// Replay against a reading of the trace that knows nothing of supplies.
    @Test func aReplayedPoolLosesWhatTheTraceTakes() {
        var changes: [SimulatedTime] = []
        var time: Int64 = 0
        for index in 0..<400 {
            time += 1 + Int64(Self.key.bits(UInt64(index)) % 500)
            changes.append(SimulatedTime(nanoseconds: time * second))
        }
        let trace = AvailabilityTrace(
            name: "x", changes: changes, startsUp: false, length: SimulatedDuration(nanoseconds: (time + 5) * second))
        var supply = Self.supply(CapacitySupply(availability: .replay([trace])), places: 1)
        for pair in stride(from: 0, to: 400, by: 2) {
            let (up, down) = (changes[pair].nanoseconds, changes[pair + 1].nanoseconds)
            #expect(supply.acquire(place: 0, at: up - 1).lease == nil)
            #expect(supply.acquire(place: 0, at: up).lease != nil)
            #expect(supply.nextTime == down)
            #expect(supply.advance(to: down) == [.reclaimed(place: 0, at: down, ending: .interrupted)])
            supply.release(place: 0, at: down)
        }
    }
}
