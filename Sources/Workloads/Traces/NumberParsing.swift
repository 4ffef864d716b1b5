/// Exact parsing of the numbers in a row; never through `Double`.
enum NumberParsing {
    /// Tokens, images, priorities: an integer within `bounds`, an optional sign in front.
    static func integer(
        _ row: Row, _ field: FieldSpan, _ what: StaticString, in bounds: ClosedRange<Int64>
    ) throws(RowError) -> Int64 {
        var at = field.offset
        let stop = field.offset + field.length
        let isNegative = at < stop && row[at] == 0x2D
        if at < stop, row[at] == 0x2D || row[at] == 0x2B { at += 1 }
        guard at < stop else { throw field.error("\(what) is not a whole number") }
        var value: Int64 = 0
        while at < stop {
            let digit = row[at] &- 0x30
            guard digit <= 9 else { throw field.error("\(what) is not a whole number") }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow, tenfold <= Int64.max - 9 else { throw field.error("\(what) is too large") }
            value = tenfold + Int64(digit)
            at += 1
        }
        if isNegative { value = -value }
        guard bounds.contains(value) else {
            throw field.error(value < bounds.lowerBound ? low(what, bounds.lowerBound) : "\(what) is too large")
        }
        return value
    }

    private static func low(_ what: StaticString, _ least: Int64) -> String {
        switch least {
        case 0: "\(what) is negative"
        case 1: "\(what) must be at least 1"
        default: "\(what) is too small"
        }
    }

    /// A non-negative decimal number, exponent allowed, times 10^`exponent`, as a whole number rounded half to even.
    static func decimal(
        _ row: Row, _ field: FieldSpan, _ what: StaticString, exponent: Int
    ) throws(RowError) -> Int64 {
        var scan = DecimalScan(row: row, at: field.offset, stop: field.offset + field.length)
        guard scan.run() else { throw field.error("\(what) is not a decimal number") }
        guard scan.significantDigits <= 38 else { throw field.error("\(what) has more than 38 digits") }
        guard !scan.isNegative || scan.mantissa == 0 else { throw field.error("\(what) is negative") }
        guard let value = scaled(scan.mantissa, by: exponent + scan.exponent) else {
            throw field.error("\(what) is too large")
        }
        return value
    }

    /// `mantissa` × 10^`power` rounded half to even; `nil` beyond `Int64`.
    static func scaled(_ mantissa: UInt128, by power: Int) -> Int64? {
        guard mantissa > 0 else { return 0 }
        if power < -40 { return 0 }
        var value = mantissa
        if power >= 0 {
            for _ in 0..<power {
                guard value <= UInt128(Int64.max) else { return nil }
                value *= 10
            }
        } else {
            var divisor: UInt128 = 1
            // 10^38 is the largest power of ten that fits; the mantissa is below it, so 10^39 and 10^40 give 0.
            guard power >= -38 else { return 0 }
            for _ in 0..<(-power) { divisor *= 10 }
            let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
            let half = divisor / 2
            value = quotient
            if remainder > half || (remainder == half && quotient % 2 == 1) { value += 1 }
        }
        return Int64(exactly: value)
    }
}

/// Reads `[sign] digits [. digits] [e [sign] digits]`.
struct DecimalScan {
    let row: Row
    var at: Int
    let stop: Int
    var isNegative = false
    var mantissa: UInt128 = 0
    var exponent = 0
    var significantDigits = 0
    private var digits = 0

    init(row: Row, at: Int, stop: Int) {
        self.row = row
        self.at = at
        self.stop = stop
    }

    /// Whether the whole field is a number.
    mutating func run() -> Bool {
        if at < stop, row[at] == 0x2D || row[at] == 0x2B {
            isNegative = row[at] == 0x2D
            at += 1
        }
        takeDigits(isFraction: false)
        if at < stop, row[at] == 0x2E {
            at += 1
            takeDigits(isFraction: true)
        }
        guard digits > 0 else { return false }
        if at < stop, row[at] | 0x20 == 0x65 {
            at += 1
            guard takeExponent() else { return false }
        }
        return at == stop
    }

    private mutating func takeDigits(isFraction: Bool) {
        while at < stop {
            let digit = row[at] &- 0x30
            guard digit <= 9 else { return }
            at += 1
            digits += 1
            if significantDigits > 0 || digit > 0 { significantDigits += 1 }
            if significantDigits <= 38 { mantissa = mantissa * 10 + UInt128(digit) }
            if isFraction { exponent -= 1 }
        }
    }

    private mutating func takeExponent() -> Bool {
        var sign = 1
        if at < stop, row[at] == 0x2D || row[at] == 0x2B {
            sign = row[at] == 0x2D ? -1 : 1
            at += 1
        }
        let first = at
        var value = 0
        while at < stop, row[at] &- 0x30 <= 9 {
            // Beyond ±9999 the result is zero or too large whatever the digits say.
            value = min(value * 10 + Int(row[at] &- 0x30), 9_999)
            at += 1
        }
        exponent += sign * value
        return at > first
    }
}
