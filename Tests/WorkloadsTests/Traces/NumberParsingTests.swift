import Testing

@testable import Workloads

@Suite struct NumberScalingTests {
    @Test func powersOfTenRoundHalfToEven() {
        #expect(NumberParsing.scaled(25, by: -1) == 2)
        #expect(NumberParsing.scaled(35, by: -1) == 4)
        #expect(NumberParsing.scaled(251, by: -2) == 3)
        #expect(NumberParsing.scaled(249, by: -2) == 2)
        #expect(NumberParsing.scaled(5, by: 3) == 5_000)
        #expect(NumberParsing.scaled(0, by: 9_999) == 0)
        #expect(NumberParsing.scaled(1, by: -9_999) == 0)
    }

    @Test func theEdgesOfInt64() {
        #expect(NumberParsing.scaled(UInt128(Int64.max), by: 0) == .max)
        #expect(NumberParsing.scaled(UInt128(Int64.max) + 1, by: 0) == nil)
        #expect(NumberParsing.scaled(9_223_372_036_854_775_807_4, by: -1) == .max)
        #expect(NumberParsing.scaled(9_223_372_036_854_775_807_5, by: -1) == nil)
        #expect(NumberParsing.scaled(922_337_203_685_477_581, by: 1) == nil)
        #expect(NumberParsing.scaled(1, by: 18) == 1_000_000_000_000_000_000)
        #expect(NumberParsing.scaled(1, by: 19) == nil)
    }

    @Test func decimalsAreWrittenExactly() {
        #expect(decimal(0, places: 9) == "0")
        #expect(decimal(1, places: 9) == "0.000000001")
        #expect(decimal(1_500_000_000, places: 9) == "1.5")
        #expect(decimal(.max, places: 6) == "9223372036854.775807")
    }
}
