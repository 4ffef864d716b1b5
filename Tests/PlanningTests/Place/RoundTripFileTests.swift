import Primitives
import Testing

@testable import Planning

/// Tables of round trips as people write them.
@Suite struct RoundTripFileTests {
    static func file(_ text: String) throws -> RoundTripFile { try RoundTripFile(text: text, name: "rtt.csv") }

    static func time(_ text: String, _ a: String, _ b: String) throws -> Int64? {
        try file(text).time(a, b)?.nanoseconds
    }

    @Test func aListHasAPairPerRow() throws {
        let text = "from,to,rtt_ms\nParis, London ,9.5\n\nparis,tokyo,220\n"
        let file = try Self.file(text)
        #expect(file.names == ["paris", "london", "tokyo"], "in the order of first mention, in lower case")
        #expect(file.time("london", "paris")?.nanoseconds == 9_500_000)
        #expect(file.time("tokyo", "london") == nil && file.knows("LONDON") && !file.knows("rome"))
    }

    @Test func headersMayBeShouted() throws {
        #expect(try Self.time(" FROM , To ,RTT_MS\na,b,1\n", "a", "b") == 1_000_000)
    }

    @Test func directionsAreAveraged() throws {
        #expect(try Self.time("from,to,rtt_ms\na,b,10\nb,a,13\n", "a", "b") == 11_500_000)
        // A third of 0.1 + 0.1 + 0.2 ms, to the nearest nanosecond.
        #expect(try Self.time("from,to,rtt_ms\na,b,0.1\nb,a,0.1\nA,B,0.2\n", "a", "b") == 133_333)
    }

    @Test func aSquareNamesItsPlacesTwice() throws {
        let square = """
            ,paris,london,tokyo
            paris,0,9,220
            london,11,0,
            tokyo,,240,0
            """
        let file = try Self.file(square)
        #expect(file.time("london", "paris")?.nanoseconds == 10_000_000, "9 and 11")
        #expect(file.time("paris", "tokyo")?.nanoseconds == 220_000_000, "one direction is empty")
        #expect(file.time("london", "tokyo")?.nanoseconds == 240_000_000)
        #expect(file.time("paris", "paris") == nil, "a 0 on the diagonal says nothing")
        #expect(file.names == ["paris", "london", "tokyo"])
    }

    @Test func aDiagonalThatIsNotZeroIsMeant() throws {
        #expect(try Self.time("x,a,b\na,0.6,3\nb,3,\n", "a", "a") == 600_000)
    }

    @Test func linesMayEndAsOnWindows() throws {
        #expect(try Self.time("from,to,rtt_ms\r\na,b,7\r\n", "a", "b") == 7_000_000)
    }

    @Test(arguments: [
        ("", "1:1: the file has no table"), ("\n  \n", "1:1: the file has no table"),
        ("from to rtt_ms\n", "1:1: the first line must be `from,to,rtt_ms`, or name the places of a square"),
        ("\nfrom,to,rtt_ms\n", "2:1: the table has no round trip"),
        (",a,b\na,,\nb,0,0\n", "4:5: `x` is no round trip in milliseconds"),
        ("from,to,rtt_ms\na,b\n", "2:1: this line has 2 cells, the first one 3"),
        ("from,to,rtt_ms\na,b,3\n\na,b,c,4\n", "4:1: this line has 4 cells, the first one 3"),
        ("from,to,rtt_ms\nparis,london,fast\n", "2:14: `fast` is no round trip in milliseconds"),
        ("from,to,rtt_ms\nparis,london,-1\n", "2:14: `-1` is no round trip in milliseconds"),
        ("from,to,rtt_ms\nparis,london,3 ms\n", "2:14: `3 ms` is no round trip in milliseconds"),
        ("from,to,rtt_ms\na,b,3600001\n", "2:5: `3600001` is no round trip in milliseconds"),
        ("from,to,rtt_ms\n,b,3\n", "2:1: a place has no name"),
        (",a,b\na,0,1\nb,nan,0\n", "3:3: `nan` is no round trip in milliseconds"),
        ("from,to,rtt_ms\na,a,0\n", "1:1: the table has no round trip"),
    ])
    func malformedTablesSayWhere(_ text: String, _ sentence: String) {
        // The fifth table becomes wrong by a line of its own.
        let text = sentence.hasPrefix("4:5") ? text + "b,1,x\n" : text
        let error = scenarioError("\(text)") { _ = try Self.file(text) }
        #expect(error?.sentence == "rtt.csv:\(sentence)")
        #expect(error?.kind == .workload)
    }

    /// Columns count characters, not bytes, so that the caret stands under the cell.
    @Test func theCaretStandsUnderTheCell() {
        let error = scenarioError { _ = try Self.file("from,to,rtt_ms\nzürich,köln,x\n") }
        #expect(error?.description.hasSuffix("zürich,köln,x\n            ^") == true, "\(error?.description ?? "")")
    }

    /// A blank before a cell is no part of it, nor should the caret stand under it.
    @Test func blanksBeforeACellDoNotMoveTheCaret() {
        let error = scenarioError { _ = try Self.file("from,to,rtt_ms\na, b,   x\n") }
        #expect(error?.column == 9)
    }

    @Test func aFileThatIsNotThereIsSaid() {
        let error = scenarioError { _ = try RoundTripFile(path: "/tmp/no such folder/rtt.csv", name: "rtt.csv") }
        #expect(error?.kind == .missingFile)
    }
}
