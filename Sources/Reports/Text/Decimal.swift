/// Numbers as text, the same in every locale.
enum Decimal {
    /// The shortest decimal that reads back as `value`, without an exponent; empty for NaN and infinities.
    static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return "" }
        let text = "\(value)"
        guard let mark = text.firstIndex(of: "e") else { return text.hasSuffix(".0") ? String(text.dropLast(2)) : text }
        let exponent = Int(text[text.index(after: mark)...]) ?? 0
        let negative = text.hasPrefix("-")
        let digits = text[..<mark].filter(\.isNumber)
        let whole = 1 + exponent
        let magnitude: String
        if whole <= 0 {
            magnitude = "0." + String(repeating: "0", count: -whole) + trimmed(digits)
        } else if digits.count <= whole || trimmed(digits).count <= whole {
            let kept = trimmed(digits)
            magnitude = kept + String(repeating: "0", count: whole - kept.count)
        } else {
            magnitude = "\(digits.prefix(whole)).\(trimmed(String(digits.dropFirst(whole))))"
        }
        return (negative ? "-" : "") + magnitude
    }

    /// `value` with exactly `places` decimals, halves away from zero; empty for NaN and infinities.
    static func fixed(_ value: Double, places: Int, grouped: Bool = false) -> String {
        guard value.isFinite else { return "" }
        let power = pow10(places)
        let scaled = (value * power).rounded(.toNearestOrAwayFromZero)
        guard abs(scaled) < 9e15 else { return shortest(value) }
        let magnitude = UInt64(abs(scaled))
        let divisor = UInt64(power)
        let sign = scaled < 0 ? "-" : ""
        let whole = grouped ? Decimal.grouped(magnitude / divisor) : String(magnitude / divisor)
        guard places > 0 else { return sign + whole }
        return sign + whole + "." + padded(String(magnitude % divisor), to: places)
    }

    /// `value` to `digits` significant digits, trailing zeros kept; `0` for zero.
    static func significant(_ value: Double, digits: Int) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "" }
        var places = digits - 1 - magnitude(value)
        // 9.996 to three digits is 10.0, not 10.00.
        let rounded = (abs(value) * pow10(places)).rounded(.toNearestOrAwayFromZero)
        if rounded >= pow10(digits) { places -= 1 }
        return fixed(value, places: max(0, min(12, places)), grouped: true)
    }

    /// Digits in groups of three, e.g. `19,366`.
    static func grouped(_ value: UInt64) -> String {
        let digits = String(value)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// An exact count of 10⁻`places` units as a decimal without trailing zeros, e.g. 1_500 at 3 places is `1.5`.
    static func exact(_ count: Int64, places: Int) -> String {
        var bytes: [UInt8] = []
        appendExact(count, places: places, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As ``exact(_:places:)``, appended as ASCII without making a string: the form the per-request file is written in.
    static func appendExact(_ count: Int64, places: Int, to bytes: inout [UInt8]) {
        if count < 0 { bytes.append(UInt8(ascii: "-")) }
        let divisor = UInt64(pow10(places))
        let magnitude = count.magnitude
        appendInteger(magnitude / divisor, to: &bytes)
        var rest = magnitude % divisor
        guard rest != 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var unit = divisor
        while rest != 0 {
            unit /= 10
            bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
        }
    }

    static func appendInteger(_ value: UInt64, to bytes: inout [UInt8]) {
        let start = bytes.count
        var rest = value
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// ⌊log₁₀|value|⌋ of a finite value other than zero.
    static func magnitude(_ value: Double) -> Int {
        var exponent = 0
        var rest = abs(value)
        while rest >= 10 {
            rest /= 10
            exponent += 1
        }
        while rest < 1 {
            rest *= 10
            exponent -= 1
        }
        return exponent
    }

    static func pow10(_ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<abs(exponent) { power *= 10 }
        return exponent < 0 ? 1 / power : power
    }

    private static func trimmed(_ digits: String) -> String {
        var text = Substring(digits)
        while text.count > 1, text.hasSuffix("0") { text.removeLast() }
        return String(text)
    }

    private static func padded(_ digits: String, to count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}
