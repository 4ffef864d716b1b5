/// An amount of US dollars, exact in nano-dollars. Arithmetic traps on overflow (9.2 billion dollars).
@frozen
public struct Money: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public var nanodollars: Int64

    @inlinable public init(nanodollars: Int64) { self.nanodollars = nanodollars }
    @inlinable public static var zero: Self { Self(nanodollars: 0) }

    /// The nearest whole nano-dollar to `dollars`.
    @inlinable public init(dollars: Double) { nanodollars = Int64((dollars * 1e9).rounded(.toNearestOrEven)) }

    /// The amount in dollars, rounded to the nearest `Double`.
    @inlinable public var dollars: Double { Double(nanodollars) / 1e9 }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.nanodollars < b.nanodollars }
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(nanodollars: a.nanodollars + b.nanodollars) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(nanodollars: a.nanodollars - b.nanodollars) }
    @inlinable public static func * (a: Self, n: Int64) -> Self { Self(nanodollars: a.nanodollars * n) }
    @inlinable public static func += (a: inout Self, b: Self) { a.nanodollars += b.nanodollars }

    /// `self` × `numerator` ÷ `denominator` through a 128-bit product, rounded half to even.
    ///
    /// The one place where money is divided: a price per hour becomes a charge for nanoseconds here.
    /// - Precondition: `denominator` > 0; the result fits.
    public func scaled(by numerator: Int64, over denominator: Int64) -> Money {
        precondition(denominator > 0, "a charge needs a positive unit")
        let product = Int128(nanodollars) * Int128(numerator)
        let divisor = Int128(denominator)
        var (quotient, remainder) = product.quotientAndRemainder(dividingBy: divisor)
        if remainder < 0 {
            quotient -= 1
            remainder += divisor
        }
        let twice = remainder * 2
        if twice > divisor || (twice == divisor && quotient % 2 != 0) { quotient += 1 }
        return Money(nanodollars: Int64(quotient))
    }

    /// Exact decimal dollars without trailing zeros, e.g. `1.2345`; never an exponent.
    public var description: String {
        let magnitude = nanodollars.magnitude
        var fraction = String(magnitude % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let whole = (nanodollars < 0 ? "-" : "") + String(magnitude / 1_000_000_000)
        return fraction.isEmpty ? whole : whole + "." + fraction
    }
}
