public import Primitives

/// How a provider turns rented time into billed time, and what it charges beside the machine.
///
/// Billed time is the time in ``billedStates``, rounded up to whole ``step``s, and at least ``minimum``; a rental that
/// never reaches a billed state is not billed. Rounding happens once per rental, in integer nanoseconds.
public struct BillingRule: Sendable, Equatable, Codable {
    /// As in the catalogue, e.g. `aws`.
    public var provider: String
    /// Billed time is a whole number of these. At least one nanosecond.
    public var step: SimulatedDuration
    /// The least that a started rental is billed.
    public var minimum: SimulatedDuration
    /// Whether the minimum is due again at each start of a stopped instance, or once per rental.
    public var minimumAtEachStart: Bool
    /// The states in which the machine's hourly price runs. In the others only storage does.
    public var billedStates: InstanceStates
    /// Dollars per gigabyte (10⁹ bytes) and month of 730 hours for disks, or `nil` where not known.
    public var storagePerGBMonth: Money?
    /// Dollars per gigabyte sent to the internet, first tier, or `nil` where not known.
    public var egressPerGB: Money?
    /// A platform's fee on top of the machine's price, in millionths of it (10 % = 100 000).
    public var feeMillionths: Int64
    /// A spot machine that the provider reclaims before it ran this long costs nothing (disk and traffic still do).
    public var freeIfReclaimedWithin = SimulatedDuration.zero
    /// The least time for which a disk is charged when it is created.
    public var storageMinimum = SimulatedDuration.zero
    /// Where the rule was read.
    public var source: String
    /// What had to be assumed or is disputed, or `nil`.
    public var assumption: String?

    /// - Precondition: `step` ≥ 1 ns, `minimum` ≥ 0, `feeMillionths` ≥ 0.
    public init(
        provider: String, step: SimulatedDuration, minimum: SimulatedDuration = .zero, minimumAtEachStart: Bool = false,
        billedStates: InstanceStates = .running, storagePerGBMonth: Money? = nil, egressPerGB: Money? = nil,
        feeMillionths: Int64 = 0, source: String, assumption: String? = nil
    ) {
        precondition(step.nanoseconds >= 1 && minimum >= .zero && feeMillionths >= 0, "a billing rule never pays back")
        self.provider = provider
        self.step = step
        self.minimum = minimum
        self.minimumAtEachStart = minimumAtEachStart
        self.billedStates = billedStates
        self.storagePerGBMonth = storagePerGBMonth
        self.egressPerGB = egressPerGB
        self.feeMillionths = feeMillionths
        self.source = source
        self.assumption = assumption
    }

    /// Time of `rental` in billed states, before rounding and minimum.
    public func meteredTime(of rental: Rental) -> SimulatedDuration {
        InstanceState.allCases.reduce(.zero) { billedStates.contains($1) ? $0 + rental[$1] : $0 }
    }

    /// Time billed for `metered` time spread over `starts` starts of the instance.
    /// - Precondition: `metered` ≥ 0, `starts` ≥ 1.
    public func billedTime(metered: SimulatedDuration, starts: Int64 = 1) -> SimulatedDuration {
        precondition(metered >= .zero && starts >= 1, "time is metered from at least one start")
        guard metered > .zero else { return .zero }
        return max(roundedUp(metered), minimumAtEachStart ? minimum * starts : minimum)
    }

    /// Time billed for the next run of an instance after earlier ones of `earlier` in all, each rounded up by itself.
    ///
    /// Where the minimum is due at each start, that is the time of one start. Where it is due once, the runs share it:
    /// what an earlier run paid beyond its own time pays for this one.
    public func billedTime(metered: SimulatedDuration, after earlier: SimulatedDuration) -> SimulatedDuration {
        guard !minimumAtEachStart, earlier > .zero, metered > .zero else { return billedTime(metered: metered) }
        let rounded = roundedUp(metered)
        return max(earlier + rounded, minimum) - max(earlier, minimum)
    }

    /// The next whole number of steps.
    func roundedUp(_ time: SimulatedDuration) -> SimulatedDuration {
        let (whole, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: step.nanoseconds)
        return SimulatedDuration(nanoseconds: (rest == 0 ? whole : whole + 1) * step.nanoseconds)
    }

    /// Whether `rental`, on `terms`, costs nothing because the provider reclaimed it early.
    ///
    /// Only a machine's first run is ever free: going on after a stop starts no new first hour (an assumption).
    public func isFree(_ rental: Rental, on terms: PurchaseTerms) -> Bool {
        terms == .spot && rental.ending == .interrupted && !rental.resumes
            && meteredTime(of: rental) < freeIfReclaimedWithin
    }

    /// Time billed for `rental`, taken as one start.
    public func billedTime(of rental: Rental) -> SimulatedDuration { billedTime(metered: meteredTime(of: rental)) }

    /// What `bytes` sent to the internet cost, rounded half to even; zero where the rate is not known.
    public func egressCharge(for bytes: ByteCount) -> Money {
        (egressPerGB ?? .zero).scaled(by: bytes.bytes, over: 1_000_000_000)
    }
}
