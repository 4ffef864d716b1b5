extension Dimension {
    /// In nano-dollars.
    package static let money = Dimension(
        article: "an amount such as `28000 $`", units: [Unit(names: ["$", "USD"], numerator: 1_000_000_000)])

    /// In nano-dollars per month of 730 hours.
    package static let pricePerMonth = Dimension(
        article: "a price such as `50 $/month`",
        units: [
            Unit(names: ["$/month", "USD/month", "$/mo"], numerator: 1_000_000_000),
            Unit(names: ["$/y", "$/year"], numerator: 1_000_000_000, denominator: 12),
        ])

    /// In nano-dollars per kilowatt-hour.
    package static let pricePerKilowattHour = Dimension(
        article: "a price such as `0.12 $/kWh`",
        units: [
            Unit(names: ["$/kWh", "USD/kWh"], numerator: 1_000_000_000),
            Unit(names: ["$/MWh", "USD/MWh"], numerator: 1_000_000),
        ])

    /// In nano-dollars per million tokens.
    package static let pricePerMillionTokens = Dimension(
        article: "a price such as `0.60 $/Mtok`",
        units: [
            Unit(names: ["$/Mtok", "USD/Mtok"], numerator: 1_000_000_000),
            Unit(names: ["$/ktok", "USD/ktok"], numerator: 1_000_000_000_000),
        ])

    /// In nano-dollars per gigabyte of 10⁹ bytes.
    package static let pricePerGigabyte = Dimension(
        article: "a price such as `0.09 $/GB`",
        units: [
            Unit(names: ["$/GB", "USD/GB"], numerator: 1_000_000_000),
            Unit(names: ["$/TB", "USD/TB"], numerator: 1_000_000),
        ])

    /// In nano-dollars per gigabyte and month of 730 hours.
    package static let pricePerGigabyteMonth = Dimension(
        article: "a price such as `0.10 $/GB-month`",
        units: [Unit(names: ["$/GB-month", "USD/GB-month"], numerator: 1_000_000_000)])

    /// In watts.
    package static let power = Dimension(
        article: "a power such as `0.7 kW`",
        units: [Unit(names: ["W"], numerator: 1), Unit(names: ["kW"], numerator: 1_000)])

    /// In months: how long something is bought for.
    package static let term = Dimension(
        article: "a term such as `1 y` or `6 months`",
        units: [
            Unit(names: ["month", "months"], numerator: 1),
            Unit(names: ["y", "year", "years"], numerator: 12),
        ])
}
