import Primitives
import Testing
import Workloads

@testable import SimulationCore

@Suite struct ClientDeskTests {
    private func desk(_ policies: ClientPolicy..., seed: UInt64 = 1) -> ClientDesk {
        var fleet = PaperFleet(PaperFleet.pool())
        fleet.clients = policies
        return ClientDesk(fleet.configuration, classes: 2, key: RandomKey(seed: seed))
    }

    private func flight(_ id: UInt64 = 0, attempt: Int = 1, class group: UInt16 = 0) -> Flight {
        let flight = Flight(.paper(id, class: group))
        flight.attempt = attempt
        return flight
    }

    // MARK: Retries

    /// 1, 2, 4 s, then never more than 5 s.
    @Test func delaysGrowToTheirCap() {
        var desk = desk(ClientPolicy(retry: RetryPolicy(attempts: 7, longest: .seconds(5))))
        let times = (1...7).map { desk.retryTime(of: flight(attempt: $0), failedAt: 10 * second) }
        #expect(times == [11, 12, 14, 15, 15, 15].map { $0 * second } + [nil])
    }

    @Test func factorOneIsConstantAndBaseZeroIsTheNextNanosecond() {
        var constant = desk(
            ClientPolicy(retry: RetryPolicy(attempts: 9, base: .milliseconds(300), factor: 1)),
            ClientPolicy(retry: RetryPolicy(attempts: 9, base: .zero)))
        for attempt in 1...8 {
            #expect(constant.retryTime(of: flight(attempt: attempt), failedAt: 7) == 300_000_007)
            #expect(constant.retryTime(of: flight(attempt: attempt, class: 1), failedAt: 7) == 8)
        }
    }

    @Test func theDefaultNeverAsksAgain() {
        var desk = desk()
        #expect(desk.retryTime(of: flight(), failedAt: 0) == nil)
    }

    /// A jitter of a quarter takes up to a quarter off, is drawn per request and attempt, and is the same again.
    @Test func jitterStaysWithinItsShare() {
        let policy = ClientPolicy(retry: RetryPolicy(attempts: 3, base: .seconds(8), factor: 1, jitter: 0.25))
        var (first, again, other) = (desk(policy), desk(policy), desk(policy, seed: 2))
        var seen: Set<Int64> = []
        var sum = 0.0
        for id in UInt64(0)..<1_000 {
            for attempt in 1...2 {
                guard let time = first.retryTime(of: flight(id, attempt: attempt), failedAt: 0) else { continue }
                #expect(time >= 6 * second && time <= 8 * second)
                #expect(again.retryTime(of: flight(id, attempt: attempt), failedAt: 0) == time)
                #expect(other.retryTime(of: flight(id, attempt: attempt), failedAt: 0) != time)
                seen.insert(time)
                sum += Double(time) / 1e9
            }
        }
        #expect(seen.count == 2_000)
        #expect(abs(sum / 2_000 - 7) < 0.06, "uniform: mean 7 s, four standard errors are 0.05 s")
    }

    /// Half as many retries as requests: of four offered two; a fifth and a sixth request pay for the third.
    @Test func aBudgetIsAShareOfWhatWasOffered() {
        var desk = desk(ClientPolicy(retry: RetryPolicy(attempts: 9, factor: 1, budget: 0.5)))
        for id in UInt64(0)..<4 { desk.open(.paper(id)) }
        #expect((0..<3).map { _ in desk.retryTime(of: flight(), failedAt: 0) } == [second, second, nil])
        desk.open(.paper(4))
        #expect(desk.retryTime(of: flight(), failedAt: 0) == nil)
        desk.open(.paper(5))
        #expect(desk.retryTime(of: flight(), failedAt: 0) == second)
        #expect(desk.retryTime(of: flight(), failedAt: 0) == nil)
    }

    /// Classes have budgets of their own, and an attempt that was the last costs nothing.
    @Test func budgetsAreByClass() {
        let policy = ClientPolicy(retry: RetryPolicy(attempts: 2, budget: 1))
        var desk = desk(policy, policy)
        desk.open(.paper(0))
        desk.open(.paper(1, class: 1))
        #expect(desk.retryTime(of: flight(attempt: 2), failedAt: 0) == nil)
        #expect(desk.retryTime(of: flight(), failedAt: 0) == second)
        #expect(desk.retryTime(of: flight(), failedAt: 0) == nil)
        #expect(desk.retryTime(of: flight(class: 1), failedAt: 0) == second)
    }

    // MARK: Timers

    @Test func anAttemptSetsItsTimers() {
        let policy = ClientPolicy(
            firstTokenTimeout: .seconds(2), deadline: .seconds(9), hedge: HedgePolicy(delay: .seconds(1)))
        var desk = desk(policy)
        let flight = Flight(.paper(7, at: 1))
        flight.attempt = 1
        desk.setTimers(for: flight, at: second)
        (flight.attempt, flight.sentAt) = (2, 4 * second)
        desk.setTimers(for: flight, at: 5 * second)
        var all: [String] = []
        while desk.timers.nextTime < .max {
            let timer = desk.timers.removeFirst()
            all.append("\(timer.time / second) \(timer.kind) \(timer.number)")
        }
        #expect(all == ["2 hedge 1", "3 firstToken 1", "5 hedge 2", "6 firstToken 2", "10 deadline 0"])
    }

    /// What was due before the attempt reached the router is due at once.
    @Test func noTimerLiesInThePast() {
        var desk = desk(ClientPolicy(deadline: .milliseconds(1)))
        let flight = flight()
        desk.setTimers(for: flight, at: 3 * second)
        #expect(desk.timers.nextTime == 3 * second)
    }

    // MARK: In time

    private func ended(firstToken: Int64, at time: Int64) -> EndedCopy {
        var sequence = Sequence(request: .paper(0, at: 1), delivered: second)
        sequence.firstToken = firstToken
        return EndedCopy(sequence: sequence, replica: 0, pool: 0, time: time)
    }

    /// Sent at 1 s, with 5 s for the whole and 0.5 s of way back.
    @Test func aDeadlineIncludesTheWayBackAndItsEdge() {
        let desk = desk(ClientPolicy(deadline: .seconds(5)))
        let flight = Flight(.paper(0, at: 1))
        let edge = 6 * second - second / 2
        #expect(desk.isInTime(ended(firstToken: 2 * second, at: edge), flight, delay: second / 2))
        #expect(!desk.isInTime(ended(firstToken: 2 * second, at: edge + 1), flight, delay: second / 2))
    }

    @Test func aFirstTokenIsWaitedForFromItsAttempt() {
        let desk = desk(ClientPolicy(firstTokenTimeout: .seconds(2)))
        let flight = Flight(.paper(0, at: 1))
        flight.sentAt = 4 * second
        let edge = 6 * second - 7
        #expect(desk.isInTime(ended(firstToken: edge, at: 90 * second), flight, delay: 7))
        let late = ended(firstToken: edge + 1, at: 90 * second)
        #expect(!desk.isInTime(late, flight, delay: 7))
        flight.hasSeenToken = true
        #expect(desk.isInTime(late, flight, delay: 7))
        flight.hasSeenToken = false
        flight.history.firstTokenDelay = 3
        #expect(desk.isInTime(late, flight, delay: 7), "its first token came from elsewhere, in time")
    }

    // MARK: Who is followed

    @Test func requestsAreFollowedWhereTheyMayBeLost() {
        var fleet = PaperFleet(PaperFleet.pool(.always(1), 1, initial: 1))
        func isNeeded(_ change: (inout PaperFleet) -> Void) -> Bool {
            var copy = fleet
            change(&copy)
            return ClientDesk.isNeeded(for: copy.configuration)
        }
        fleet.pools[0].place = PoolPlace(region: "r", zones: ["a"])
        let outage = { (place: String) in [Outage(places: [place], from: .start, until: .never)] }
        #expect(!isNeeded { $0.clients = [.patient, .patient] })
        #expect(isNeeded { $0.clients = [.patient, ClientPolicy(queueLimit: 3)] })
        #expect(isNeeded { $0.pools[0].supply = .capacity(CapacitySupply()) })
        #expect(isNeeded { $0.pools[0].reliability.meanTimeToFailure = .hours(1) })
        #expect(!isNeeded { $0.pools[0].reliability.stragglers = 0.5 })
        #expect(isNeeded { $0.outages = outage("r") })
        #expect(isNeeded { $0.outages = outage("a") })
        #expect(!isNeeded { $0.outages = outage("elsewhere") })
        #expect(!isNeeded { $0.pools[0].scaling?.drain = .wait(limit: nil) })
        for drain in [.wait(limit: .seconds(1)), .redirect(limit: nil), .kill] as [DrainPolicy] {
            #expect(isNeeded { $0.pools[0].scaling?.drain = drain })
        }
    }
}
