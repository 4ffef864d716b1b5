public import Primitives

extension Money {
    /// Reads decimal dollars exactly (`1.861`, `-.5`, `4.76e-1`), rounding half to even beyond nine decimals.
    ///
    /// `nil` when the text is not a plain decimal number of ASCII digits, or exceeds 9.2 billion dollars.
    public init?(decimal text: some StringProtocol) {
        var scanner = DecimalScanner(text.utf8)
        guard let (digits, exponent) = scanner.scan() else { return nil }
        guard let value = Self.scale(digits, byPowerOfTen: exponent + 9), let nano = Int64(exactly: value) else {
            return nil
        }
        self.init(nanodollars: nano)
    }

    /// `digits` × 10^`power`, rounded half to even; `nil` beyond the range of money.
    private static func scale(_ digits: Int128, byPowerOfTen power: Int) -> Int128? {
        guard digits != 0 else { return 0 }
        guard power <= 18, power >= -38 else { return power < 0 ? 0 : nil }
        var unit: Int128 = 1
        for _ in 0..<power.magnitude { unit *= 10 }
        guard power < 0 else {
            let (product, overflow) = digits.multipliedReportingOverflow(by: unit)
            return overflow ? nil : product
        }
        let (quotient, remainder) = digits.magnitude.quotientAndRemainder(dividingBy: unit.magnitude)
        let rest = unit.magnitude - remainder
        let up = remainder > rest || (remainder == rest && quotient % 2 == 1)
        let rounded = Int128(quotient + (up ? 1 : 0))
        return digits < 0 ? -rounded : rounded
    }
}

/// Splits a decimal number into its digits and a power of ten.
private struct DecimalScanner<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence
    init(_ bytes: Bytes) { rest = bytes[...] }

    mutating func scan() -> (digits: Int128, exponent: Int)? {
        let negative = takeSign()
        var (digits, exponent, seen): (Int128, Int, Int) = (0, 0, 0)
        var afterPoint = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !afterPoint {
                afterPoint = true
            } else if let digit = Self.digit(byte) {
                seen += 1
                if afterPoint { exponent -= 1 }
                // Thirty-six digits fit; any beyond are far below a nano-dollar or far above the range of money.
                guard digits < 1_000_000_000_000_000_000_000_000_000_000_000_000 else { return nil }
                digits = digits * 10 + Int128(digit)
            } else {
                break
            }
            rest = rest.dropFirst()
        }
        guard seen > 0, let shift = takeExponent(), rest.isEmpty else { return nil }
        return (negative ? -digits : digits, exponent + shift)
    }

    private mutating func takeSign() -> Bool {
        guard let byte = rest.first, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") else { return false }
        rest = rest.dropFirst()
        return byte == UInt8(ascii: "-")
    }

    /// The exponent after `e`; 0 without one, `nil` when malformed.
    private mutating func takeExponent() -> Int? {
        guard let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") else { return 0 }
        rest = rest.dropFirst()
        let negative = takeSign()
        guard !rest.isEmpty, rest.count <= 3 else { return nil }
        var value = 0
        while let byte = rest.first {
            guard let digit = Self.digit(byte) else { return nil }
            value = value * 10 + digit
            rest = rest.dropFirst()
        }
        return negative ? -value : value
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= 0x30 && byte <= 0x39 ? Int(byte - 0x30) : nil
    }
}
