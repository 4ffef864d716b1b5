import Primitives
import Workloads

/// What clients want: the requests that are followed, what is waited for, and who is let in.
struct ClientDesk {
    /// By request class.
    private let policies: [ClientPolicy]
    private var buckets: [TokenBucket?]
    private let jitter: RandomKey
    /// Retries so far, of those that have a budget.
    private var retries: [UInt64]
    private var offered: [UInt64]
    var flights: [UInt64: Flight] = [:]
    var timers = ClientTimers()

    init(_ fleet: FleetConfiguration, classes: Int, key: RandomKey) {
        policies = (0..<classes).map { $0 < fleet.clients.count ? fleet.clients[$0] : .patient }
        buckets = policies.map { $0.rateLimit.map(TokenBucket.init) }
        jitter = key.derived("retry")
        retries = policies.map { _ in 0 }
        offered = retries
    }

    /// Whether requests of the fleet have to be followed: somebody may give up, or lose one.
    static func isNeeded(for fleet: FleetConfiguration) -> Bool {
        fleet.clients.contains { $0 != .patient }
            || fleet.pools.contains { pool in
                fleet.mayLoseMachines(of: pool) || pool.scaling.map { $0.drain != .wait(limit: nil) } ?? false
            }
    }

    func policy(of request: Request) -> ClientPolicy { policies[Int(request.classIndex)] }

    mutating func open(_ request: Request) {
        flights[request.id] = Flight(request)
        offered[Int(request.classIndex)] += 1
    }

    /// Whether the rate limit of the request's class lets it in at `now`.
    mutating func letsIn(_ request: Request, at now: Int64) -> Bool {
        buckets[Int(request.classIndex)]?.take(at: now) ?? true
    }

    /// What the client waits for after sending an attempt.
    mutating func setTimers(for flight: Flight, at now: Int64) {
        let policy = policy(of: flight.request)
        func after(_ start: Int64, _ span: SimulatedDuration) -> Int64 {
            max(now, SimulatedClock.sum(start, span.nanoseconds))
        }
        let id = flight.request.id
        if flight.attempt == 1, let deadline = policy.deadline {
            timers.add(.deadline, of: id, number: 0, at: after(flight.request.arrival.nanoseconds, deadline))
        }
        if let timeout = policy.firstTokenTimeout {
            timers.add(.firstToken, of: id, number: flight.attempt, at: after(flight.sentAt, timeout))
        }
        if let hedge = policy.hedge {
            timers.add(.hedge, of: id, number: flight.attempt, at: after(flight.sentAt, hedge.delay))
        }
    }

    /// When the client sends a request again whose attempt failed for it at `time`; `nil` = never.
    mutating func retryTime(of flight: Flight, failedAt time: Int64) -> Int64? {
        let policy = policy(of: flight.request).retry
        let index = Int(flight.request.classIndex)
        guard flight.attempt < policy.attempts else { return nil }
        if let budget = policy.budget, Double(retries[index] + 1) > budget * Double(offered[index]) { return nil }
        retries[index] += 1
        var delay = policy.base.seconds * Mathematics.pow(policy.factor, Double(flight.attempt - 1))
        delay = min(delay, policy.longest.seconds)
        delay *= 1 - policy.jitter * jitter.derived(flight.request.id).uniform(UInt64(flight.attempt))
        return SimulatedClock.after(time, seconds: delay)
    }

    /// Whether an answer reaches its client in time.
    /// - Parameter delay: one way, from where it was made.
    func isInTime(_ copy: EndedCopy, _ flight: Flight, delay: Int64) -> Bool {
        let policy = policy(of: flight.request)
        if let timeout = policy.firstTokenTimeout, !flight.hasSeenToken, flight.history.firstTokenDelay < 0,
            copy.sequence.firstToken + delay > SimulatedClock.sum(flight.sentAt, timeout.nanoseconds)
        {
            return false
        }
        guard let deadline = policy.deadline else { return true }
        return copy.time + delay <= SimulatedClock.sum(flight.request.arrival.nanoseconds, deadline.nanoseconds)
    }
}

/// A token bucket: full at first, then filled at its rate.
struct TokenBucket {
    private let limit: RateLimit
    /// In nano-tokens, of which a whole rate adds a whole number each nanosecond: such buckets are exact.
    private var tokens: Double
    private var filledAt: Int64 = 0

    init(_ limit: RateLimit) {
        self.limit = limit
        tokens = limit.burst * 1e9
    }

    /// Takes a token, if there is one. `now` never falls.
    mutating func take(at now: Int64) -> Bool {
        let there = min(limit.burst * 1e9, tokens + Double(now - filledAt) * limit.perSecond)
        // Only an admission moves the mark: sums of many small shares would be short of a token by rounding.
        guard there >= 1e9 else { return false }
        (tokens, filledAt) = (there - 1e9, now)
        return true
    }
}
