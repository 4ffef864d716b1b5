/// A decimal number as written: `digits` × 10^`exponent`, exact.
package struct DecimalNumber: Sendable, Equatable {
    /// Significant digits with their sign; at most 30 digits.
    package var digits: Int128
    package var exponent: Int

    /// Reads `12`, `-3.5`, `1_000`, `.5`, `1e6`, `2.5E-3`; `nil` for anything else, infinities included.
    package init?(_ text: some StringProtocol) {
        var scanner = Scanner(bytes: Array(text.utf8))
        guard let value = scanner.number(), scanner.isAtEnd else { return nil }
        self = value
    }

    package init(digits: Int128, exponent: Int) {
        self.digits = digits
        self.exponent = exponent
    }

    /// The number times `factor`, if that is a whole number that fits; `nil` otherwise.
    package func integer(times factor: Int128) -> Int128? {
        guard digits != 0 else { return 0 }
        var value = digits.multipliedReportingOverflow(by: factor)
        var power = exponent
        while power != 0 {
            guard !value.overflow else { return nil }
            if power > 0 {
                value = value.partialValue.multipliedReportingOverflow(by: 10)
                power -= 1
            } else {
                let (quotient, remainder) = value.partialValue.quotientAndRemainder(dividingBy: 10)
                guard remainder == 0 else { return nil }
                value.partialValue = quotient
                power += 1
            }
        }
        return value.overflow ? nil : value.partialValue
    }

    /// The nearest `Double`.
    package var double: Double { Double("\(digits)e\(exponent)") ?? .nan }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var isAtEnd: Bool { position == bytes.count }

        mutating func accept(_ wanted: Unicode.Scalar...) -> Bool {
            guard !isAtEnd, wanted.contains(Unicode.Scalar(bytes[position])) else { return false }
            position += 1
            return true
        }

        /// Reads a sign if there is one; whether it was a minus.
        mutating func sign() -> Bool {
            if accept("-") { return true }
            _ = accept("+")
            return false
        }

        /// Digits with `_` between them appended to `value`; how many there were, or `nil` where there are too many.
        mutating func digits(into value: inout Int128) -> Int? {
            var count = 0
            while !isAtEnd {
                if (0x30...0x39).contains(bytes[position]) {
                    value = value * 10 + Int128(bytes[position] - 0x30)
                    count += 1
                    guard value < 1_000_000_000_000_000_000_000_000_000_000 else { return nil }
                } else if bytes[position] != 0x5F || count == 0 {
                    break
                }
                position += 1
            }
            return bytes[..<position].last == 0x5F ? nil : count
        }

        mutating func number() -> DecimalNumber? {
            let negative = sign()
            var value: Int128 = 0
            guard let whole = digits(into: &value) else { return nil }
            var fraction = 0
            if accept(".") {
                guard let count = digits(into: &value) else { return nil }
                fraction = count
            }
            guard whole + fraction > 0, let power = exponent() else { return nil }
            return DecimalNumber(digits: negative ? -value : value, exponent: power - fraction)
        }

        /// The power of ten after `e`, 0 where there is none, `nil` where it is malformed or beyond ±400.
        mutating func exponent() -> Int? {
            guard accept("e", "E") else { return 0 }
            let negative = sign()
            var value: Int128 = 0
            guard let count = digits(into: &value), count > 0, value <= 400 else { return nil }
            return negative ? -Int(value) : Int(value)
        }
    }
}
