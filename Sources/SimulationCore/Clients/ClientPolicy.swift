public import Primitives

/// What a client does when an answer is late or lost, and what the gateway does when there is too much to do.
/// One per request class; the default waits for ever and never asks twice.
public struct ClientPolicy: Sendable, Equatable, Codable {
    /// Longest wait for the first token of an attempt; the attempt is then cancelled.
    public var firstTokenTimeout: SimulatedDuration?
    /// Longest wait for the whole answer, from the request's first sending; the request is then cancelled and failed.
    public var deadline: SimulatedDuration?
    /// What happens to an attempt that was lost with its replica, timed out, or was refused.
    public var retry: RetryPolicy
    /// A second copy for a first token that is late.
    public var hedge: HedgePolicy?
    /// Requests of the class that the gateway admits; `nil` = all.
    public var rateLimit: RateLimit?
    /// The gateway refuses the class while every replica it could go to has this many requests.
    public var queueLimit: Int?

    public init(
        firstTokenTimeout: SimulatedDuration? = nil, deadline: SimulatedDuration? = nil,
        retry: RetryPolicy = .never, hedge: HedgePolicy? = nil, rateLimit: RateLimit? = nil, queueLimit: Int? = nil
    ) {
        self.firstTokenTimeout = firstTokenTimeout
        self.deadline = deadline
        self.retry = retry
        self.hedge = hedge
        self.rateLimit = rateLimit
        self.queueLimit = queueLimit
    }

    /// Waits for ever, never asks twice.
    public static let patient = ClientPolicy()
}

/// When and how often a failed attempt is repeated.
///
/// Attempt n + 1 is sent `base × factorⁿ⁻¹` after the failure of attempt n, at most `longest`, less a share of up to
/// `jitter` drawn per request and attempt.
public struct RetryPolicy: Sendable, Equatable, Codable {
    /// Attempts of one request in all, ≥ 1; 1 = never repeated.
    public var attempts: Int
    /// Delay before the second attempt.
    public var base: SimulatedDuration
    public var factor: Double
    public var longest: SimulatedDuration
    /// In [0, 1].
    public var jitter: Double
    /// Retries allowed as a share of the requests offered so far; `nil` = no such budget.
    public var budget: Double?

    public init(
        attempts: Int, base: SimulatedDuration = .seconds(1), factor: Double = 2,
        longest: SimulatedDuration = .seconds(60), jitter: Double = 0, budget: Double? = nil
    ) {
        self.attempts = attempts
        self.base = base
        self.factor = factor
        self.longest = longest
        self.jitter = jitter
        self.budget = budget
    }

    public static let never = RetryPolicy(attempts: 1)
}

/// A second copy of a request, sent to another replica when the first has shown no token after `delay`. The copy whose
/// first token is made first goes on, the other is cancelled.
public struct HedgePolicy: Sendable, Equatable, Codable {
    public var delay: SimulatedDuration
    public init(delay: SimulatedDuration) { self.delay = delay }
}

/// A token bucket at the gateway: `perSecond` requests, `burst` at once.
public struct RateLimit: Sendable, Equatable, Codable {
    public var perSecond: Double
    public var burst: Double
    public init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = burst
    }
}

/// What becomes of the requests on a replica that is taken away.
public enum InFlightFate: Sendable, Equatable, Codable {
    /// They fail, unless their ``RetryPolicy`` sends them again from the start.
    case lost
    /// The gateway sends them again at once to another replica, from the start.
    case restarted
    /// The gateway keeps what was streamed: another replica computes prompt and tokens so far anew and goes on.
    case resumed
    /// Keys and values move too, at this rate, to another replica, which goes on without computing anything anew. Only
    /// within the notice; without notice, or what does not fit in it, it is `resumed`.
    case migrated(bytesPerSecond: Double)
}
