package import Primitives

/// Typed readings of one value. Each throws a ``ScenarioError`` at the value's place that says what was expected.
extension SettingNode {
    /// Any scalar's text; not empty.
    package func string() throws -> String {
        guard case .scalar(let text, _) = content, !isEmpty, !text.isEmpty else {
            throw error(.wrongType, "\(label) must be a text, not \(shown)")
        }
        return text
    }

    /// A text with its place.
    package func name() throws -> Located<String> { located(try string()) }

    package func boolean() throws -> Bool {
        if case .scalar(let text, quoted: false) = content {
            if ["true", "True", "yes", "on"].contains(text) { return true }
            if ["false", "False", "no", "off"].contains(text) { return false }
        }
        throw error(.wrongType, "\(label) must be `true` or `false`, not \(shown)")
    }

    /// A whole number within `range`; `8192`, `8_192` and `1e6` are whole numbers.
    package func integer(in range: ClosedRange<Int>) throws -> Int {
        guard let number = plainNumber(), let value = number.integer(times: 1) else {
            throw error(.wrongType, "\(label) must be a whole number, not \(shown)")
        }
        guard let integer = Int(exactly: value), range.contains(integer) else {
            throw error(.outOfRange, "\(label) must be \(Self.words(range)), not \(shown)")
        }
        return integer
    }

    /// A whole number from 0 to 2⁶⁴ − 1.
    package func seed() throws -> UInt64 {
        guard let value = plainNumber()?.integer(times: 1), let seed = UInt64(exactly: value) else {
            throw error(.wrongType, "\(label) must be a whole number from 0 to 18446744073709551615, not \(shown)")
        }
        return seed
    }

    /// A plain number within `range`.
    package func number(in range: ClosedRange<Double>) throws -> Double {
        guard let value = plainNumber()?.double else {
            throw error(.wrongType, "\(label) must be a number, not \(shown)")
        }
        guard range.contains(value) else {
            throw error(
                .outOfRange,
                "\(label) must be from \(shortest(range.lowerBound)) to \(shortest(range.upperBound)), not \(shown)")
        }
        return value
    }

    /// A plain number > 0.
    package func positiveNumber() throws -> Double {
        let value = try number(in: 0...1e18)
        guard value > 0 else { throw error(.outOfRange, "\(label) must be greater than 0, not \(shown)") }
        return value
    }

    /// A share from 0 to 1, written `0.95` or `95 %`.
    package func share() throws -> Double {
        guard let quantity = try quantity(.share) else {
            throw error(.wrongType, "\(label) must be a share such as `0.9` or `90 %`, not \(shown)")
        }
        guard let value = quantity.double, (0...1).contains(value) else {
            throw error(.outOfRange, "\(label) must be from 0 to 1, or from 0 % to 100 %, not \(shown)")
        }
        return value
    }

    /// A duration ≥ 0 with its unit, exact in nanoseconds; `0` needs no unit.
    package func duration() throws -> SimulatedDuration {
        SimulatedDuration(nanoseconds: try exact(.duration, smallest: "nanosecond"))
    }

    /// A duration from 0 to an hour: the delay of a network.
    package func networkDelay() throws -> SimulatedDuration {
        let value = try duration()
        guard value <= .hours(1) else { throw error(.outOfRange, "\(label) must be at most 1 h, not \(shown)") }
        return value
    }

    /// A duration > 0.
    package func positiveDuration() throws -> SimulatedDuration {
        let value = try duration()
        guard value > .zero else { throw error(.outOfRange, "\(label) must be longer than 0, not \(shown)") }
        return value
    }

    /// A price ≥ 0 per hour, exact in nano-dollars.
    package func pricePerHour() throws -> Money {
        Money(nanodollars: try exact(.pricePerHour, smallest: "nano-dollar per hour"))
    }

    /// A number of bytes.
    package func byteCount() throws -> ByteCount { ByteCount(bytes: try exact(.bytes, smallest: "byte")) }

    /// Events per second, > 0.
    package func rate() throws -> Double { try inexact(.rate) }

    /// Events per second, ≥ 0; `0` needs no unit.
    package func rateOrZero() throws -> Double {
        try quantity(.rate)?.double == 0 ? 0 : inexact(.rate)
    }

    /// Bytes per second, > 0.
    package func bandwidth() throws -> Double { try inexact(.bandwidth) }

    /// One of the raw values of `Choice`.
    package func choice<Choice: RawRepresentable & CaseIterable>(of type: Choice.Type = Choice.self) throws -> Choice
    where Choice.RawValue == String {
        let text = try string()
        if let value = Choice(rawValue: text) { return value }
        throw error(
            .unknownName, "\(label) cannot be `\(text)`\(suggestion(for: text, among: Choice.allCases.map(\.rawValue)))"
        )
    }

    /// The items of a list with at least one.
    package func items() throws -> [SettingNode] {
        guard case .list(let items) = content else {
            throw error(.wrongType, "\(label) must be a list, not \(shown)")
        }
        guard !items.isEmpty else { throw error(.outOfRange, "\(label) must not be empty") }
        return items
    }

    /// The entries of a mapping with at least one, whose keys the user chooses.
    package func namedEntries() throws -> [SettingEntry] {
        guard case .map(let entries) = content else {
            throw error(.wrongType, "\(label) must be a mapping, not \(shown)")
        }
        guard !entries.isEmpty else { throw error(.outOfRange, "\(label) must not be empty") }
        return entries
    }
}

extension SettingNode {
    private func plainNumber() -> DecimalNumber? {
        guard case .scalar(let text, quoted: false) = content else { return nil }
        return DecimalNumber(text)
    }

    func quantity(_ dimension: Dimension) throws -> Quantity? {
        guard case .scalar(let text, _) = content, !isEmpty else { return nil }
        do {
            return try Quantity(text, dimension)
        } catch {
            throw self.error(.wrongUnit, "\(label) \(error.message(for: dimension)), not \(shown)")
        }
    }

    func exact(_ dimension: Dimension, smallest: String) throws -> Int64 {
        guard let quantity = try quantity(dimension) else {
            throw error(.wrongType, "\(label) must be \(dimension.article), not \(shown)")
        }
        guard !quantity.isNegative else { throw error(.outOfRange, "\(label) must not be negative, as in \(shown)") }
        switch quantity.integer {
        case .exact(let value): return value
        case .tooFine:
            throw error(.outOfRange, "\(label) must be a whole number of \(smallest)s, which \(shown) is not")
        case .tooLarge: throw error(.outOfRange, "\(label) is too large: \(shown)")
        }
    }

    private func inexact(_ dimension: Dimension) throws -> Double {
        guard let value = try quantity(dimension)?.double else {
            throw error(.wrongType, "\(label) must be \(dimension.article), not \(shown)")
        }
        guard value > 0, value < 1e18 else {
            throw error(.outOfRange, "\(label) must be greater than 0, not \(shown)")
        }
        return value
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }

    private func shortest(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
