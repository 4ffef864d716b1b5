import Primitives
import Testing

@testable import Reports

@Suite struct CSVTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
        ("carriage\rreturn", "\"carriage\rreturn\""), ("crlf\r\nend", "\"crlf\r\nend\""), ("", ""), ("日本", "日本"),
    ])
    func quotesWhatMustBe(field: String, expected: String) {
        #expect(CSVText.escaped(field) == expected)
    }

    @Test func whatIsWrittenReadsBack() {
        var csv = CSVText(header: ["a", "b,c", "d\"e"])
        let rows = [[Fixture.hostile, "", "x"], ["\"\"", ",,,", "\r\n\r\n"], ["1", "2", "3"]]
        for row in rows { csv.row(row.map(CSVField.text)) }
        #expect(CSVReader.rows(csv.text) == [["a", "b,c", "d\"e"]] + rows)
        #expect(csv.text.hasSuffix("\n"))
    }

    @Test func fieldsHaveOneSpelling() {
        #expect(CSVField.decimal(nil).text == "")
        #expect(CSVField.decimal(0.1).text == "0.1")
        #expect(CSVField.decimal(.nan).text == "")
        #expect(CSVField.milliseconds(1.0000004).text == "1")
        #expect(CSVField.milliseconds(12.3456789).text == "12.345679")
        #expect(CSVField.milliseconds(nil).text == "")
        #expect(CSVField.money(Money(nanodollars: 1)).text == "0.000000001")
        #expect(CSVField.count(.max).text == "18446744073709551615")
        #expect(CSVField.integer(-3).text == "-3")
        #expect(CSVField.flag(true).text == "true")
    }
}
