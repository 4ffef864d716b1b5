import Primitives
import Testing

@Suite struct MoneyTests {
    @Test func chargesRoundHalfToEven() {
        let unit = Money(nanodollars: 1)
        #expect(unit.scaled(by: 1, over: 2).nanodollars == 0)
        #expect(unit.scaled(by: 3, over: 2).nanodollars == 2)
        #expect(unit.scaled(by: -3, over: 2).nanodollars == -2)
        #expect(Money(dollars: 1.2).scaled(by: 1_800, over: 3_600) == Money(dollars: 0.6))
    }

    @Test func printsExactDecimals() {
        #expect(Money(nanodollars: -1_500_000_000).description == "-1.5")
        #expect(Money(nanodollars: 1).description == "0.000000001")
        #expect(Money.zero.description == "0")
    }
}
