public import Primitives

/// What one instance of owned hardware costs: capital spread over the years it serves, power, and the place it stands in.
///
/// Capital and space are paid for every nanosecond the machine is held, whatever it does. Power is drawn from allocation
/// on (not while stopped or paused): ``busyWatts`` while a batch runs, ``idleWatts`` otherwise.
public struct OwnedCost: Sendable, Equatable, Codable {
    /// Price of the machine, installed, less what it will be sold for.
    public var capital: Money
    /// Years over which the price is spread, of 8 760 hours each; at least 1.
    public var years: Int64
    /// Drawn by the machine while a batch runs.
    public var busyWatts: Int64
    /// Drawn by the machine while it is on and no batch runs.
    public var idleWatts: Int64
    /// Power usage effectiveness × 1000: power of the whole site over that of its machines; at least 1000.
    public var effectivenessThousandths: Int64
    /// Price of power.
    public var perKilowattHour: Money
    /// Rent of the place, staff and upkeep, per machine and month of 730 hours.
    public var spacePerMonth: Money
    /// Machines owned, in use or not; `nil` = as many as are held, when they are.
    public var machines: Int64?

    /// Costs as given; checked when ``PoolTerms`` takes them.
    public init(
        capital: Money, years: Int64, busyWatts: Int64, idleWatts: Int64, effectivenessThousandths: Int64 = 1_000,
        perKilowattHour: Money, spacePerMonth: Money = .zero, machines: Int64? = nil
    ) {
        self.capital = capital
        self.years = years
        self.busyWatts = busyWatts
        self.idleWatts = idleWatts
        self.effectivenessThousandths = effectivenessThousandths
        self.perKilowattHour = perKilowattHour
        self.spacePerMonth = spacePerMonth
        self.machines = machines
    }

    /// Whether every figure is within what the doc comments say, and small enough for exact sums: at most 100 million
    /// dollars of capital, a million a month of space, 100 a kilowatt-hour, a megawatt, an effectiveness of 3.
    var isUsable: Bool {
        func isPrice(_ price: Money, upTo dollars: Int64) -> Bool {
            price >= .zero && price <= Money(nanodollars: dollars * 1_000_000_000)
        }
        return isPrice(capital, upTo: 100_000_000) && isPrice(perKilowattHour, upTo: 100)
            && isPrice(spacePerMonth, upTo: 1_000_000) && (1...100).contains(years)
            && (0...1_000_000).contains(busyWatts) && (0...1_000_000).contains(idleWatts)
            && (1_000...3_000).contains(effectivenessThousandths) && (0...1_000_000).contains(machines ?? 0)
    }

    static let yearNanoseconds: Int64 = 8_760 * PoolTerms.nanosecondsPerHour

    /// Share of the capital for `time`, rounded half to even.
    public func capitalCharge(for time: SimulatedDuration) -> Money {
        capital.scaled(by: time.nanoseconds, over: years * Self.yearNanoseconds)
    }

    /// Share of the place for `time`, rounded half to even.
    public func spaceCharge(for time: SimulatedDuration) -> Money {
        spacePerMonth.scaled(by: time.nanoseconds, over: PoolTerms.nanosecondsPerMonth)
    }

    /// What the site draws for a machine of `watts` over `time`, in 10⁻⁹ kilowatt-hours, rounded half to even.
    func nanoKilowattHours(watts: Int64, for time: SimulatedDuration) -> Int64 {
        // W × thousandths × ns ÷ (1000 W/kW × 1000 × 3.6 × 10¹² ns/h) × 10⁹
        let product = Int128(watts) * Int128(effectivenessThousandths) * Int128(time.nanoseconds)
        return Money(rounding: product, over: 3_600_000_000).nanodollars
    }

    /// Power of a machine of `watts` over `time`, site included, rounded half to even.
    public func powerCharge(watts: Int64, for time: SimulatedDuration) -> Money {
        let product = Int128(perKilowattHour.nanodollars) * Int128(watts) * Int128(effectivenessThousandths)
        return Money(rounding: product * Int128(time.nanoseconds), over: 3_600_000_000_000_000_000)
    }
}

extension Money {
    /// `numerator` ÷ `denominator` nano-dollars, rounded half to even: ``scaled(by:over:)`` for longer products.
    /// - Precondition: `denominator` > 0; the result fits.
    init(rounding numerator: Int128, over denominator: Int128) {
        precondition(denominator > 0, "a charge needs a positive unit")
        var (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
        if remainder < 0 { (quotient, remainder) = (quotient - 1, remainder + denominator) }
        let rest = denominator - remainder
        if remainder > rest || (remainder == rest && quotient % 2 != 0) { quotient += 1 }
        self.init(nanodollars: Int64(quotient))
    }
}
