import Testing

@testable import Pricing

@Suite struct CSVReaderTests {
    func read(_ text: String) throws -> [[String]] { try read(Array(text.utf8)) }

    func read(_ bytes: [UInt8]) throws -> [[String]] {
        var reader = CSVReader(bytes: bytes, file: "t.csv")
        var records: [[String]] = []
        while let record = try reader.next() { records.append(record.map(\.text)) }
        return records
    }

    @Test(arguments: [
        ("", []), ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\rb\r", [["a"], ["b"]]), (",\n", [["", ""]]), ("a,\n", [["a", ""]]), ("\n\n a \n\r\n\n", [[" a "]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]), (#""a,b","c ""d""""#, [["a,b", "c \"d\""]]),
        ("\"two\nlines\",x\n", [["two\nlines", "x"]]), ("\"\",\"\"\r\n", [["", ""]]), (#"a"b,c"#, [["a\"b", "c"]]),
        ("é,ü\n", [["é", "ü"]]),
    ])
    func reads(text: String, records: [[String]]) throws {
        #expect(try read(text) == records)
    }

    @Test(arguments: [
        ("a,\"b\nc", "t.csv:1:3: quoted field without an end"),
        ("a\n\"b\"c,d\n", "t.csv:2:4: text after a closing quote"),
        ("x\né,\"", "t.csv:2:3: quoted field without an end"),
    ])
    func refusals(text: String, sentence: String) {
        let error = #expect(throws: CatalogueError.self) { try read(text) }
        #expect(error?.description == sentence)
    }

    @Test func invalidTextIsRefusedWhereItStands() {
        let error = #expect(throws: CatalogueError.self) { try read(Array("a,b\nc,".utf8) + [0xFF, 0x0A]) }
        #expect(error?.description == "t.csv:2:3: not UTF-8 text")
    }

    @Test func positionsCountLinesWithinQuotesAndScalars() throws {
        var reader = CSVReader(bytes: Array("é,\"1\n2\",z\r\nq,w".utf8), file: "t.csv")
        let first = try #require(try reader.next())
        #expect(first.map(\.line) == [1, 1, 2] && first.map(\.column) == [1, 3, 4])
        let second = try #require(try reader.next())
        #expect(second.map(\.line) == [3, 3] && second.map(\.column) == [1, 3])
    }
}

@Suite struct LiteralParserTests {
    func parse(_ text: String) throws -> LiteralValue {
        var parser = LiteralParser(text)
        return try parser.parse()
    }

    @Test func pythonAndJSONReadAlike() throws {
        let python = try parse("{'Gpus': [{'Name': 'L4', 'Count': 1.0, 'Ok': True, 'x': None}], 'Total': -2e3}")
        let json = try parse(#"{"Gpus":[{"Name":"L4","Count":1.0,"Ok":True,"x":None}],"Total":-2000}"#)
        #expect(python == json)
        #expect(python["Gpus"]?.first?["Name"]?.text == "L4")
        #expect(python["Gpus"]?.first?["Count"]?.number == 1)
        #expect(python["Gpus"]?.first?["x"] == .word("None"))
        #expect(python["absent"] == nil && python.first == nil && python.text == nil && python.number == nil)
    }

    @Test func numbersAsTextAndEscapesAreRead() throws {
        #expect(try parse("{'Count': '1.0'}")["Count"]?.number == 1)
        #expect(try parse(#"['it\'s', "a\"b"]"#) == .list([.text("it's"), .text("a\"b")]))
        #expect(try parse("[]") == .list([]))
        #expect(try parse("{ }") == .dictionary([]))
    }

    @Test(arguments: [
        ("", 0, "value expected"), ("{'a' 1}", 5, "':' expected"), ("{'a': 1", 7, "',' expected"),
        ("{a: 1}", 1, "quoted key expected"), ("['a", 1, "text without a closing quote"),
        ("[1 2]", 3, "',' expected"), ("[nan]", 1, "number or word expected"),
        ("1 1", 2, "text after the end of the value"),
        ("[,]", 1, "number or word expected"),
    ])
    func failures(text: String, offset: Int, problem: String) {
        let failure = #expect(throws: LiteralParser.Failure.self) { try parse(text) }
        #expect(failure == LiteralParser.Failure(offset: offset, problem: problem))
    }

    @Test func deepNestingIsRefusedNotFollowed() {
        #expect(throws: LiteralParser.Failure.self) { try parse(String(repeating: "[", count: 100_000)) }
    }
}
