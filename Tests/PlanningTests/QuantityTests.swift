import Primitives
import Testing

@testable import Planning

@Suite struct QuantityTests {
    private func node(_ text: String, quoted: Bool = false) -> SettingNode {
        let source = SettingSource(name: "q", text: text)
        return SettingNode(
            .scalar(text, quoted: quoted), at: SettingPosition(source: source, line: 1, column: 1), label: "`x`")
    }

    @Test(arguments: [
        ("100 ms", 100_000_000), ("2 s", 2_000_000_000), ("1.5 min", 90_000_000_000), ("1 h", 3_600_000_000_000),
        ("1 d", 86_400_000_000_000), ("7ns", 7), ("3 us", 3_000), ("3 µs", 3_000), ("0", 0), ("0.000000001 s", 1),
        ("1e3 ms", 1_000_000_000), ("1_000 ms", 1_000_000_000), ("2 seconds", 2_000_000_000), ("+1 s", 1_000_000_000),
        ("9223372036854775807 ns", Int64.max), (".5 s", 500_000_000), ("0.1 min", 6_000_000_000),
    ])
    func durationsAreExact(text: String, nanoseconds: Int64) throws {
        #expect(try node(text).duration().nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        ("0.45 $/h", 450_000_000), ("$0.45/h", 450_000_000), ("1 $/s", 3_600_000_000_000), ("0.01 $/min", 600_000_000),
        ("0.000000001 USD/h", 1), ("0", 0), ("12.34567 $/hour", 12_345_670_000),
    ])
    func pricesAreExactInNanodollars(text: String, nanodollars: Int64) throws {
        #expect(try node(text).pricePerHour().nanodollars == nanodollars)
    }

    @Test(arguments: [
        ("80 GiB", 85_899_345_920), ("16 GB", 16_000_000_000), ("1.5 KiB", 1_536), ("3 B", 3),
        ("2 TiB", 2_199_023_255_552),
        ("1 kB", 1_000),
    ])
    func sizesKnowBinaryFromDecimal(text: String, bytes: Int64) throws {
        #expect(try node(text).byteCount().bytes == bytes)
    }

    @Test(arguments: [
        ("12 /s", 12.0), ("3 req/s", 3.0), ("100 /min", 100.0 / 60), ("2.5 rps", 2.5), ("7200 requests/h", 2.0),
        ("12/s", 12.0),
        ("864 /d", 0.01),
    ])
    func ratesAreEventsPerSecond(text: String, rate: Double) throws {
        #expect(try abs(node(text).rate() - rate) < 1e-12)
    }

    @Test(arguments: [("25 Gbit/s", 3.125e9), ("8 bit/s", 1.0), ("1 GiB/s", 1_073_741_824.0), ("100 Mbit/s", 12.5e6)])
    func bandwidthsAreBytesPerSecond(text: String, rate: Double) throws {
        #expect(try node(text).bandwidth() == rate)
    }

    @Test(arguments: [("95 %", 0.95), ("95%", 0.95), ("0.9", 0.9), ("1", 1.0), ("0 %", 0.0), ("100 %", 1.0)])
    func sharesTakePercentOrPlainNumbers(text: String, share: Double) throws {
        #expect(try abs(node(text).share() - share) < 1e-15)
    }

    @Test(arguments: [
        ("5", ScenarioError.Kind.wrongUnit), ("5 GB", .wrongUnit), ("five s", .wrongUnit), ("1,5 s", .wrongUnit),
        ("-5 s", .outOfRange), ("0.5 ns", .outOfRange), ("9223372036854775808 ns", .outOfRange),
        ("1e400 s", .outOfRange),
        ("1e30 d", .outOfRange), ("", .wrongType), ("~", .wrongType), ("- 5 s", .wrongUnit), ("5 S", .wrongUnit),
        ("1__ s", .wrongUnit), ("nan s", .wrongUnit), ("inf s", .wrongUnit), ("$5 s", .wrongUnit),
    ])
    func whatIsNoDurationIsRefused(text: String, kind: ScenarioError.Kind) {
        #expect(scenarioError("\(text)") { _ = try node(text).duration() }?.kind == kind, "\(text)")
    }

    @Test func wrongUnitsNameTheAcceptedOnes() {
        let error = scenarioError { _ = try node("2 GB").duration() }
        #expect(error?.message == "`x` has the unit `GB`, but needs one of ns, us, ms, s, min, h, d, not `2 GB`")
        let missing = scenarioError { _ = try node("2").pricePerHour() }
        #expect(missing?.message == "`x` needs a unit ($/h, $/min, $/s), not `2`")
    }

    @Test func wholeNumbersAreWhole() throws {
        #expect(try node("8_192").integer(in: 1...10_000) == 8_192)
        #expect(try node("1e6").integer(in: 1...Int.max) == 1_000_000)
        #expect(try node("12.0").integer(in: 1...Int.max) == 12)
        for text in ["1.5", "abc", "", "1 s", "99999999999999999999999999999999999", "1e-3", "0x10"] {
            #expect(scenarioError { _ = try node(text).integer(in: 1...Int.max) }?.kind == .wrongType, "\(text)")
        }
        for text in ["0", "-3", "1e30", "9223372036854775808"] {
            #expect(scenarioError { _ = try node(text).integer(in: 1...Int.max) }?.kind == .outOfRange, "\(text)")
        }
        #expect(scenarioError { _ = try node("5", quoted: true).integer(in: 1...9) }?.kind == .wrongType)
        #expect(try node("18446744073709551615").seed() == .max)
        #expect(scenarioError { _ = try node("18446744073709551616").seed() }?.kind == .wrongType)
    }

    @Test func numbersBooleansAndTexts() throws {
        #expect(try node("2.5e-3").number(in: 0...1) == 0.0025)
        #expect(scenarioError { _ = try node("2").number(in: 0...1) }?.message == "`x` must be from 0 to 1, not `2`")
        #expect(scenarioError { _ = try node("0").positiveNumber() }?.kind == .outOfRange)
        #expect(try node("on").boolean() && node("true").boolean() && !node("no").boolean())
        #expect(scenarioError { _ = try node("true", quoted: true).boolean() }?.kind == .wrongType)
        #expect(try node("5").string() == "5")
        #expect(scenarioError { _ = try node("null").string() }?.kind == .wrongType)
        #expect(try node("null", quoted: true).string() == "null")
        #expect(try node("0").rateOrZero() == 0)
    }

    @Test func decimalNumbersKeepEveryDigit() {
        #expect(DecimalNumber("0.1") == DecimalNumber(digits: 1, exponent: -1))
        #expect(DecimalNumber("-12.50") == DecimalNumber(digits: -1250, exponent: -2))
        #expect(DecimalNumber("0.1")?.integer(times: 10) == 1)
        #expect(DecimalNumber("0.1")?.integer(times: 5) == nil)
        #expect(DecimalNumber("1e20")?.integer(times: 1) == 100_000_000_000_000_000_000)
        #expect(DecimalNumber("0e400")?.integer(times: 1) == 0)
        for text in ["", "-", ".", "1e", "e5", "_1", "1_", "1.2.3", "0x1", "1e999", String(repeating: "9", count: 40)] {
            #expect(DecimalNumber(text) == nil, "\(text)")
        }
    }
}
