import Primitives
import Testing

@testable import Pricing

@Suite struct MoneyDecimalTests {
    @Test(arguments: [
        ("1.861", 1_861_000_000), ("0", 0), ("0.00", 0), ("5", 5_000_000_000), (".5", 500_000_000),
        ("-.25", -250_000_000),
        ("+2.", 2_000_000_000), ("4.760000000100001", 4_760_000_000), ("1e-3", 1_000_000), ("1.5E2", 150_000_000_000),
        ("0.0000000005", 0), ("0.0000000015", 2), ("0.00000000051", 1), ("-0.0000000015", -2), ("1e-60", 0),
        ("9223372036.854775807", Int64.max), ("000.100", 100_000_000),
    ])
    func reads(text: String, nanodollars: Int64) {
        #expect(Money(decimal: text)?.nanodollars == nanodollars)
    }

    @Test(arguments: [
        "", ".", "-", "e5", "1e", "1e+", "1 ", " 1", "1,5", "$1", "0x10", "nan", "inf", "1..2", "1e99", "1e9999", "٣",
        "9223372036.8547758075", "99999999999", "1_000",
    ])
    func refuses(text: String) {
        #expect(Money(decimal: text) == nil)
    }

    @Test func readsBackWhatMoneyPrints() {
        let key = RandomKey(seed: 11)
        for draw in 0..<2_000 {
            let money = Money(nanodollars: Int64(bitPattern: key.bits(UInt64(draw))) >> Int64(draw % 60))
            #expect(Money(decimal: money.description) == money)
        }
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("l4os", "l40s", 1),
    ])
    func editDistances(a: String, b: String, distance: Int) {
        #expect(editDistance(Array(a.utf8), Array(b.utf8)) == distance)
        #expect(editDistance(Array(b.utf8), Array(a.utf8)) == distance)
    }
}
