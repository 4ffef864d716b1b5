import Primitives

/// What others do to one host's machine: the highest of their bids, and on-demand renters who take it.
///
/// Generated in order of time; constant memory. Nothing here depends on who rents the machine meanwhile.
struct RivalBids: Sendable {
    private let levels: Distribution
    private let gaps: Distribution?
    private let untaken: Distribution?
    private let taken: Distribution
    private var levelDraws: KeyedGenerator
    private var takeoverDraws: KeyedGenerator

    /// The highest bid of others relative to the least the host takes.
    private(set) var level = 1.0
    private var levelEnd = Int64.max
    /// Whether an on-demand renter has it.
    private(set) var isTaken = false
    private var takenEnd = Int64.max

    /// Until when neither changes.
    var end: Int64 { min(levelEnd, takenEnd) }

    /// From `start` on, when nobody has the machine.
    init(_ population: HostPopulation, from start: Int64, key: RandomKey) {
        let moves = population.bidSigma > 0 && population.bidInterval > .zero
        levels = .logNormal(mu: 0, sigma: max(0, population.bidSigma))
        gaps = moves ? .exponential(mean: population.bidInterval.seconds) : nil
        let takes = population.takeoversPerHour > 0 && population.takeoverMean > .zero
        untaken = takes ? .exponential(mean: 3_600 / population.takeoversPerHour) : nil
        taken = .exponential(mean: max(1e-9, population.takeoverMean.seconds))
        levelDraws = key.derived("level").generator()
        takeoverDraws = key.derived("takeover").generator()
        level = levels.sample(using: &levelDraws)
        if let gaps { levelEnd = SimulatedClock.after(start, seconds: gaps.sample(using: &levelDraws)) }
        if let untaken { takenEnd = SimulatedClock.after(start, seconds: untaken.sample(using: &takeoverDraws)) }
    }

    /// To the state at `now`, which never falls.
    mutating func advance(to now: Int64) {
        while levelEnd <= now, levelEnd < .max, let gaps {
            level = levels.sample(using: &levelDraws)
            levelEnd = SimulatedClock.after(levelEnd, seconds: gaps.sample(using: &levelDraws))
        }
        while takenEnd <= now, takenEnd < .max, let untaken {
            isTaken.toggle()
            takenEnd = SimulatedClock.after(
                takenEnd, seconds: (isTaken ? taken : untaken).sample(using: &takeoverDraws))
        }
    }
}
