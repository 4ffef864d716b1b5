extension Dimension {
    /// In nanoseconds.
    package static let duration = Dimension(
        article: "a duration such as `100 ms` or `1.5 min`",
        units: [
            Unit(names: ["ns"], numerator: 1),
            Unit(names: ["us", "µs", "μs"], numerator: 1_000),
            Unit(names: ["ms"], numerator: 1_000_000),
            Unit(names: ["s", "sec", "second", "seconds"], numerator: 1_000_000_000),
            Unit(names: ["min", "minute", "minutes"], numerator: 60_000_000_000),
            Unit(names: ["h", "hour", "hours"], numerator: 3_600_000_000_000),
            Unit(names: ["d", "day", "days"], numerator: 86_400_000_000_000),
        ])

    /// In nano-dollars per hour.
    package static let pricePerHour = Dimension(
        article: "a price such as `0.45 $/h`",
        units: [
            Unit(names: ["$/h", "USD/h", "$/hr", "$/hour"], numerator: 1_000_000_000),
            Unit(names: ["$/min"], numerator: 60_000_000_000),
            Unit(names: ["$/s"], numerator: 3_600_000_000_000),
        ])

    /// In bytes: decimal and binary multiples.
    package static let bytes = Dimension(
        article: "a size such as `80 GiB`",
        units: [
            Unit(names: ["B"], numerator: 1),
            Unit(names: ["kB", "KB"], numerator: 1_000),
            Unit(names: ["MB"], numerator: 1_000_000),
            Unit(names: ["GB"], numerator: 1_000_000_000),
            Unit(names: ["TB"], numerator: 1_000_000_000_000),
            Unit(names: ["KiB"], numerator: 1 << 10),
            Unit(names: ["MiB"], numerator: 1 << 20),
            Unit(names: ["GiB"], numerator: 1 << 30),
            Unit(names: ["TiB"], numerator: 1 << 40),
        ])

    /// In events per second.
    package static let rate = Dimension(
        article: "a rate such as `12 /s`",
        units: [
            Unit(names: ["/s", "req/s", "requests/s", "rps"], numerator: 1),
            Unit(names: ["/min", "req/min", "requests/min"], numerator: 1, denominator: 60),
            Unit(names: ["/h", "req/h", "requests/h"], numerator: 1, denominator: 3_600),
            Unit(names: ["/d", "req/d", "requests/d"], numerator: 1, denominator: 86_400),
        ])

    /// In bytes per second; bits are an eighth.
    package static let bandwidth = Dimension(
        article: "a bandwidth such as `25 Gbit/s`",
        units: [
            Unit(names: ["bit/s"], numerator: 1, denominator: 8),
            Unit(names: ["kbit/s"], numerator: 1_000, denominator: 8),
            Unit(names: ["Mbit/s"], numerator: 1_000_000, denominator: 8),
            Unit(names: ["Gbit/s"], numerator: 1_000_000_000, denominator: 8),
            Unit(names: ["B/s"], numerator: 1),
            Unit(names: ["MB/s"], numerator: 1_000_000),
            Unit(names: ["GB/s"], numerator: 1_000_000_000),
            Unit(names: ["TB/s"], numerator: 1_000_000_000_000),
            Unit(names: ["GiB/s"], numerator: 1 << 30),
        ])

    /// A share of one: plain numbers and per cent.
    package static let share = Dimension(
        article: "a share such as `0.9` or `90 %`", units: [Unit(names: ["%"], numerator: 1, denominator: 100)],
        allowsPlainNumber: true)
}
