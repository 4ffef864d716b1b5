package import Primitives

/// Amounts, prices and terms of contracts. Each throws a ``ScenarioError`` as the readings of other values do.
extension SettingNode {
    /// An amount ≥ 0, exact in nano-dollars.
    package func money() throws -> Money { try price(.money, "nano-dollar") }

    /// A price ≥ 0 per month of 730 hours.
    package func pricePerMonth() throws -> Money { try price(.pricePerMonth, "nano-dollar per month") }

    /// A price ≥ 0 of power.
    package func pricePerKilowattHour() throws -> Money {
        try price(.pricePerKilowattHour, "nano-dollar per kilowatt-hour")
    }

    /// A price ≥ 0 per million tokens.
    package func pricePerMillionTokens() throws -> Money {
        try price(.pricePerMillionTokens, "nano-dollar per million tokens")
    }

    /// A price ≥ 0 per gigabyte.
    package func pricePerGigabyte() throws -> Money { try price(.pricePerGigabyte, "nano-dollar per gigabyte") }

    /// A price ≥ 0 per gigabyte and month.
    package func pricePerGigabyteMonth() throws -> Money {
        try price(.pricePerGigabyteMonth, "nano-dollar per gigabyte and month")
    }

    /// A price > 0 per hour.
    package func positivePricePerHour() throws -> Money {
        let value = try pricePerHour()
        guard value > .zero else { throw error(.outOfRange, "\(label) must be greater than 0, not \(shown)") }
        return value
    }

    /// Whole watts, at most a megawatt.
    package func watts() throws -> Int64 {
        let value = try exact(.power, smallest: "watt")
        guard value <= 1_000_000 else { throw error(.outOfRange, "\(label) must be at most 1000 kW, not \(shown)") }
        return value
    }

    /// Whole months, from 1 to 1,200.
    package func months() throws -> Int {
        let value = try exact(.term, smallest: "month")
        guard (1...1_200).contains(value) else {
            throw error(.outOfRange, "\(label) must be from 1 month to 100 years, not \(shown)")
        }
        return Int(value)
    }

    /// A time of day: `14:00`, `14:30` or `14 h`; at most 24 hours.
    package func timeOfDay() throws -> SimulatedDuration {
        guard case .scalar(let text, _) = content, !isEmpty else {
            throw error(.wrongType, "\(label) must be a time of day such as `14:00`, not \(shown)")
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            let time = try duration()
            guard time <= .hours(24) else { throw error(.outOfRange, "\(label) must be at most 24 h, not \(shown)") }
            return time
        }
        guard let hour = Int(parts[0]), let minute = Int(parts[1]), parts[1].count == 2, (0...23).contains(hour),
            (0...59).contains(minute)
        else { throw error(.wrongType, "\(label) must be a time of day such as `14:00`, not \(shown)") }
        return .seconds(Int64(hour * 3_600 + minute * 60))
    }

    /// Hours ahead of Coordinated Universal Time, from −12 h to 14 h; `0` needs no unit.
    package func clockOffset() throws -> SimulatedDuration {
        guard let quantity = try quantity(.duration) else {
            throw error(.wrongType, "\(label) must be an offset such as `-5 h`, not \(shown)")
        }
        guard case .exact(let value) = quantity.integer,
            (-12 * 3_600_000_000_000...14 * 3_600_000_000_000).contains(value)
        else { throw error(.outOfRange, "\(label) must be from -12 h to 14 h, not \(shown)") }
        return SimulatedDuration(nanoseconds: value)
    }

    private func price(_ dimension: Dimension, _ smallest: String) throws -> Money {
        Money(nanodollars: try exact(dimension, smallest: smallest))
    }
}
