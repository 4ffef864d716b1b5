import Testing

@testable import Workloads

@Suite struct LineReaderTests {
    /// Every line of `text` with its number, read in chunks of `chunk` bytes.
    private func lines(_ text: String, chunk: Int = 1 << 20) throws -> [(number: Int, text: String)] {
        let folder = try TemporaryFolder()
        var reader = try LineReader.open(path: try folder.file("t", text), chunk: chunk)
        var all: [(Int, String)] = []
        while let row = try reader.next() {
            all.append((reader.line, String(decoding: row.buffer, as: UTF8.self)))
        }
        return all
    }

    @Test(arguments: [4, 5, 7, 8, 16, 1 << 20]) func chunksDoNotShow(chunk: Int) throws {
        let text = "a\nbb\r\nccc\n" + String(repeating: "d", count: 100) + "\r\n\u{FEFF}e"
        let found = try lines(text, chunk: chunk)
        #expect(found.map(\.number) == [1, 2, 3, 4, 5])
        #expect(found.map(\.text) == ["a", "bb", "ccc", String(repeating: "d", count: 100), "\u{FEFF}e"])
    }

    @Test(arguments: [4, 6, 1 << 20]) func theByteOrderMarkIsPassedOverAtTheFrontOnly(chunk: Int) throws {
        #expect(try lines("\u{FEFF}ab\nc\n", chunk: chunk).map(\.text) == ["ab", "c"])
    }

    @Test func carriageReturnsEndLinesOnlyBeforeALineFeed() throws {
        #expect(try lines("a\rb\r\n\rc\r").map(\.text) == ["a\rb", "\rc"])
        #expect(try lines("a\r\r\nb").map(\.text) == ["a\r", "b"])
    }

    @Test func blankLinesAreForTheEnd() throws {
        #expect(try lines("a\n\n\r\n\n").map(\.text) == ["a"])
        let found = #expect(throws: TraceError.self) { _ = try lines("a\n\n\nb\n") }
        #expect(found?.line == 2)
        // A space is text.
        #expect(try lines("a\n \n").map(\.text) == ["a", " "])
    }

    @Test func aLineCanBeTakenBack() throws {
        let folder = try TemporaryFolder()
        var reader = try LineReader.open(path: try folder.file("t", "a\nb\n"))
        var seen: [UInt8?] = []
        var numbers: [Int] = []
        for turn in 0..<5 {
            seen.append(try reader.next()?.buffer.first)
            numbers.append(reader.line)
            if turn == 0 { reader.pushBack() }
        }
        #expect(seen == [0x61, 0x61, 0x62, nil, nil])
        #expect(numbers == [1, 1, 2, 2, 2])
    }

    @Test func onlyTheLastLineCanLackItsEnd() throws {
        let folder = try TemporaryFolder()
        var reader = try LineReader.open(path: try folder.file("t", "a\nb"))
        var found: [Bool] = []
        for _ in 0..<2 {
            _ = try reader.next()
            found.append(reader.isUnterminated)
        }
        #expect(found == [false, true])
    }

    @Test func theByteAfterALineIsNeverADigit() throws {
        // Parsers of numbers rely on it to stop.
        let folder = try TemporaryFolder()
        for text in ["1\n2\n3", "1\r\n22\r\n333", "12345678\n9"] {
            for chunk in [4, 8, 64] {
                var reader = try LineReader.open(path: try folder.file("t", text), chunk: chunk)
                while let row = try reader.next() { #expect(row.bytes[row.count] &- 0x30 > 9, "\(text)") }
            }
        }
    }
}

@Suite struct FieldSplitterTests {
    private func split(_ text: String) throws -> [String] {
        let bytes = Array((text + "\0").utf8)
        return try bytes.withUnsafeBufferPointer { buffer in
            let base = try #require(buffer.baseAddress)
            return try FieldSplitter.texts(Row(bytes: base, count: buffer.count - 1))
        }
    }

    @Test func fieldsAreSplitAtCommas() throws {
        #expect(try split("a,b,c") == ["a", "b", "c"])
        #expect(try split("") == [""])
        #expect(try split(",") == ["", ""])
        #expect(try split("a,,") == ["a", "", ""])
        #expect(try split(" a , b ") == [" a ", " b "])
    }

    @Test func quotesHoldCommasAndQuotes() throws {
        #expect(try split("\"a,b\",c") == ["a,b", "c"])
        #expect(try split("\"\",\"\"") == ["", ""])
        #expect(try split("\"say \"\"hi\"\"\",x") == ["say \"hi\"", "x"])
        #expect(try split("\"\"\"\"") == ["\""])
        #expect(try split("\"\"\"\"\"\"") == ["\"\""])
        // A quote within an unquoted field is an ordinary character.
        #expect(try split("a\"b,c") == ["a\"b", "c"])
        #expect(try split("\"a\",") == ["a", ""])
    }

    @Test func brokenQuotesAreErrors() {
        for text in ["\"a", "\"a\"b", "x,\"a\"\"", "\"a\" ,b", "\""] {
            #expect(throws: RowError.self, "\(text)") { try split(text) }
        }
    }

    @Test func quotingAndSplittingAreInverse() throws {
        for name in ["plain", "a,b", "say \"hi\"", "\"", ",", "\"\"", "", "a\",\"b"] {
            #expect(try split(RequestWriter.quoted(name) + ",x") == [name, "x"])
        }
    }
}
