public import Primitives

/// Capacity for the arrivals that a seasonal forecast expects by the time a new replica would be ready.
///
/// The arrival rate y of each interval updates an additive Holt–Winters model of m intervals a season (R. Hyndman and
/// G. Athanasopoulos, *Forecasting: Principles and Practice*, 3rd ed., §8.3):
///
///     level   l(t) = α (y(t) − s(t−m)) + (1 − α)(l(t−1) + b(t−1))
///     trend   b(t) = β (l(t) − l(t−1)) + (1 − β) b(t−1)
///     season  s(t) = γ (y(t) − l(t−1) − b(t−1)) + (1 − γ) s(t−m)
///     forecast of t+h: l(t) + h b(t) + s(t+h−m⌈h÷m⌉)
///
/// The first season sets l to its mean, b to 0 and s to the deviations; until it is complete the last rate is the
/// forecast. Desired = ceil(greatest forecast within the look-ahead, but at least the last rate unless told otherwise,
/// ÷ what a replica takes).
public struct HoltWintersPolicy: Sendable, Equatable, Codable {
    /// Requests per second one replica is to take, above 0. No default: it belongs to model and machine.
    public var requestsPerSecondPerReplica: Double
    /// Length of an interval and time between decisions. Default 300 s.
    public var interval: SimulatedDuration
    /// Default 24 h. Rounded down to whole intervals, at least one.
    public var season: SimulatedDuration
    /// How far ahead to look, rounded up to whole intervals, at least one. Default 600 s.
    public var lookAhead: SimulatedDuration
    /// α, 0…1. Default 0.2, chosen here: a level remembers about five intervals.
    public var levelSmoothing: Double
    /// β, 0…1. Default 0.01, chosen here: a trend of minutes is mostly noise.
    public var trendSmoothing: Double
    /// γ, 0…1. Default 0.3, chosen here: a season remembers about three days.
    public var seasonSmoothing: Double
    /// Never plan for less than the last interval's rate. Default true.
    public var followsPresent: Bool
    /// Rates (requests per second) of the intervals before the run, oldest first. Default none.
    public var history: [Double]

    public init(
        requestsPerSecondPerReplica: Double, interval: SimulatedDuration = .seconds(300),
        season: SimulatedDuration = .hours(24), lookAhead: SimulatedDuration = .seconds(600),
        levelSmoothing: Double = 0.2, trendSmoothing: Double = 0.01, seasonSmoothing: Double = 0.3,
        followsPresent: Bool = true, history: [Double] = []
    ) {
        self.requestsPerSecondPerReplica = requestsPerSecondPerReplica
        self.interval = interval
        self.season = season
        self.lookAhead = lookAhead
        self.levelSmoothing = levelSmoothing
        self.trendSmoothing = trendSmoothing
        self.seasonSmoothing = seasonSmoothing
        self.followsPresent = followsPresent
        self.history = history
    }
}

struct HoltWintersController: ReplicaController {
    private let policy: HoltWintersPolicy
    private var forecast: SeasonalForecast
    private var last: PoolSignals?
    private var wanted: Int

    init(policy: HoltWintersPolicy, initial: Int) {
        self.policy = policy
        let intervals = policy.season.nanoseconds / max(policy.interval.nanoseconds, 1)
        forecast = SeasonalForecast(
            length: Int(max(intervals, 1)), level: policy.levelSmoothing, trend: policy.trendSmoothing,
            season: policy.seasonSmoothing)
        for rate in policy.history { forecast.observe(rate) }
        wanted = initial
    }

    var period: SimulatedDuration { policy.interval }

    mutating func decide(_ signals: PoolSignals) -> Int {
        if let last, last.time < signals.time {
            forecast.observe(Double(signals.arrived - last.arrived) / (signals.time - last.time).seconds)
        }
        last = signals
        guard let present = forecast.last else { return wanted }
        let interval = max(policy.interval.nanoseconds, 1)
        let steps = max(1, (policy.lookAhead.nanoseconds + interval - 1) / interval)
        var rate = policy.followsPresent ? present : 0
        // Beyond a season the shape repeats and only the trend goes on.
        for step in 1...Int(min(steps, 100_000)) { rate = max(rate, forecast.rate(ahead: step)) }
        wanted = wholeReplicas(rate / policy.requestsPerSecondPerReplica)
        return wanted
    }
}

/// Additive Holt–Winters smoothing of a series.
struct SeasonalForecast: Sendable {
    private let length: Int
    private let alpha: Double
    private let beta: Double
    private let gamma: Double
    private var level = 0.0
    private var trend = 0.0
    /// Until the first season is complete its values, then the deviations; the value of interval t is at t mod m.
    private var season: [Double] = []
    private var count = 0
    /// The last value; nil before the first.
    private(set) var last: Double?

    init(length: Int, level: Double, trend: Double, season: Double) {
        self.length = length
        alpha = level
        beta = trend
        gamma = season
    }

    mutating func observe(_ value: Double) {
        last = value
        if count < length { open(with: value) } else { smooth(value) }
        count += 1
    }

    private mutating func open(with value: Double) {
        season.append(value)
        guard season.count == length else { return }
        level = season.reduce(0, +) / Double(length)
        for index in season.indices { season[index] -= level }
    }

    private mutating func smooth(_ value: Double) {
        let place = count % length
        let expected = level + trend
        let risen = alpha * (value - season[place]) + (1 - alpha) * expected
        trend = beta * (risen - level) + (1 - beta) * trend
        season[place] = gamma * (value - expected) + (1 - gamma) * season[place]
        level = risen
    }

    /// The value expected `steps` ≥ 1 intervals on; the last value while the first season lasts.
    func rate(ahead steps: Int) -> Double {
        guard count >= length else { return last ?? 0 }
        return level + Double(steps) * trend + season[(count + steps - 1) % length]
    }
}
