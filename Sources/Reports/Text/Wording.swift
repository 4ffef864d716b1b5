import Planning
import Primitives
import SimulationCore

/// Quantities and terms as a reader meets them: three significant digits, the unit that fits, one spelling each.
enum Wording {
    /// A dollar amount: whole dollars from 1,000, else cents; below one dollar up to three significant digits.
    static func dollars(_ amount: Double) -> String {
        guard amount.isFinite else { return "–" }
        let sign = amount < 0 ? "−" : ""
        let magnitude = abs(amount)
        if magnitude == 0 { return "$0" }
        if magnitude >= 999.995 { return sign + "$" + Decimal.fixed(magnitude, places: 0, grouped: true) }
        if magnitude >= 0.995 { return sign + "$" + Decimal.fixed(magnitude, places: 2) }
        return sign + "$" + atLeastCents(Decimal.significant(magnitude, digits: 3))
    }

    /// Half of an interval: two significant digits suffice, cents from one dollar.
    static func halfDollars(_ amount: Double) -> String {
        amount >= 0.995 ? dollars(amount) : "$" + atLeastCents(Decimal.significant(amount, digits: 2))
    }

    /// Half of an interval of a latency in milliseconds, to two significant digits.
    static func halfLatency(milliseconds value: Double) -> String {
        let (amount, unit) = value < 995 ? (value, "ms") : (value / 1e3, "s")
        return Decimal.significant(amount, digits: 2) + " " + unit
    }

    /// Without trailing zeros behind the cents: `0.940` is `0.94`.
    private static func atLeastCents(_ number: String) -> String {
        guard let point = number.firstIndex(of: ".") else { return number }
        var kept = number[...]
        while kept.hasSuffix("0"), kept.distance(from: point, to: kept.endIndex) > 3 { kept.removeLast() }
        return String(kept)
    }

    /// Exact dollars with every nano-dollar that is there and at least cents, e.g. `$1,234.50`, `$0.000000012`.
    static func exactDollars(_ amount: Money) -> String {
        let magnitude = amount.nanodollars.magnitude
        var fraction = String(magnitude % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
        while fraction.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
        return (amount.nanodollars < 0 ? "−$" : "$") + Decimal.grouped(magnitude / 1_000_000_000) + "." + fraction
    }

    /// A latency given in milliseconds, in the unit that keeps it between 1 and 1,000 where there is one.
    static func latency(milliseconds value: Double) -> String {
        let magnitude = abs(value)
        if magnitude < 999.5 { return Decimal.significant(value, digits: 3) + " ms" }
        if magnitude < 119_950 { return Decimal.significant(value / 1e3, digits: 3) + " s" }
        if magnitude < 7_197_000 { return Decimal.significant(value / 60e3, digits: 3) + " min" }
        return Decimal.significant(value / 3_600e3, digits: 3) + " h"
    }

    /// A latency tick in milliseconds: `50 ms`, `2.5 s`, `200 s`; never minutes, which do not divide into tens.
    static func axisLatency(milliseconds value: Double) -> String {
        func short(_ number: Double) -> String { Decimal.shortest((number * 1e9).rounded() / 1e9) }
        return value < 1_000 ? short(value) + " ms" : short(value / 1_000) + " s"
    }

    /// A bound as people write it: `2 s`, `100 ms`, `1.5 s`.
    static func bound(_ duration: SimulatedDuration) -> String {
        if duration.nanoseconds >= 1_000_000_000 {
            return Decimal.exact(duration.nanoseconds, places: 9) + " s"
        }
        return Decimal.exact(duration.nanoseconds, places: 6) + " ms"
    }

    /// A share in (0, 1] as a percentage. Only an exact one prints as `100 %`: 0.99996 is `99.99 %`.
    static func percent(_ share: Double, places: Int = 1) -> String {
        guard share.isFinite else { return "–" }
        let text = Decimal.fixed(share * 100, places: places)
        guard share < 1, text == Decimal.fixed(100, places: places) else { return text + " %" }
        return places >= 4 ? "> 99.99 %" : percent(share, places: places + 1)
    }

    /// `p99`, `p99.9`, of a quantile in (0, 1).
    static func percentile(_ quantile: Double) -> String {
        "p" + Decimal.shortest((quantile * 1e6).rounded() / 1e4)
    }

    /// `TTFT p99 ≤ 2 s`.
    static func objective(_ objective: ServiceObjective) -> String {
        "\(name(objective.quantity)) \(percentile(objective.quantile)) ≤ \(bound(objective.bound))"
    }

    static func name(_ quantity: ServiceObjective.Quantity) -> String { quantity.rawValue.uppercased() }

    /// A mean of counts: whole, or with a tenth where it is small and not whole.
    static func meanCount(_ mean: Double) -> String {
        Decimal.fixed(mean, places: mean < 100 && mean != mean.rounded() ? 1 : 0, grouped: true)
    }

    /// A time to recover; none at all is `0 s`.
    static func recovery(_ seconds: Double) -> String {
        seconds == 0 ? "0 s" : latency(milliseconds: seconds * 1_000)
    }

    static func count(_ value: UInt64) -> String { Decimal.grouped(value) }

    /// `1 request`, `2 requests`.
    static func counted(_ value: UInt64, _ noun: String) -> String {
        count(value) + " " + noun + (value == 1 ? "" : "s")
    }

    /// A 64-bit value as 16 hexadecimal digits.
    static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ items: [String]) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1]
    }
}
