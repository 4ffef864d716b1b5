import Primitives
import Testing

@testable import Workloads

@Suite struct JSONScannerTests {
    /// Skips one value and demands the end; the error's offset and message, or `nil`.
    private func error(in text: String) -> (offset: Int, message: String)? {
        let bytes = Array((text + "\0").utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return (-1, "no buffer") }
            var scanner = JSONScanner(Row(bytes: base, count: buffer.count - 1))
            do throws(RowError) {
                try scanner.skipValue()
                try scanner.expectEnd()
                return nil
            } catch {
                return (error.offset, error.message)
            }
        }
    }

    @Test(arguments: [
        "0", "-0", "12", "-12.5", "1e5", "1E+5", "1.5e-5", "true", "false", "null", "\"\"", "\"a\"", "\"é☃\"",
        #""\"\\\/\b\f\n\r\t\u00e9\uD83D""#, "[]", "[1]", "[1, [2, [3]], {}]", "{}", #"{"a": 1}"#,
        #" { "a" : [ 1 , 2 ] , "b" : { "c" : null } } "#, "\t[\n1\r]\n",
    ])
    func validValuesArePassedOver(text: String) {
        #expect(error(in: text) == nil)
    }

    @Test(arguments: [
        ("", 0), (" ", 1), ("01", 0), ("-", 0), ("+1", 0), (".5", 0), ("1.", 0), ("1e", 0), ("1e+", 0), ("tru", 0),
        ("nul", 0), ("True", 0), ("NaN", 0), ("'a'", 0), ("\"a", 1), ("\"\\x\"", 1), ("\"\\u12g4\"", 1), ("\"\\u12", 1),
        ("\"a\u{1}\"", 2), ("\"\\", 1), ("[", 1), ("[1", 2), ("[1,]", 3), ("[1 2]", 3), ("{", 1), ("{1: 2}", 1),
        ("{\"a\"}", 4), ("{\"a\": }", 6), ("{\"a\": 1,}", 8), ("{\"a\": 1 \"b\": 2}", 8), ("1 2", 2), ("{}{}", 2),
        ("]", 0),
    ])
    func invalidValuesSayWhere(text: String, offset: Int) {
        #expect(error(in: text)?.offset == offset, "\(text): \(String(describing: error(in: text)))")
    }

    @Test func nestingIsBounded() {
        let deep = JSONScanner.deepest
        let allowed = String(repeating: "[", count: deep) + String(repeating: "]", count: deep)
        #expect(error(in: allowed) == nil)
        #expect(error(in: "[" + allowed + "]")?.message == "the JSON nests deeper than 64")
    }

    @Test func keysAreMatchedWhole() throws {
        let bytes = Array(#"{"time": 1}"#.utf8) + [0]
        try bytes.withUnsafeBufferPointer { buffer in
            var scanner = JSONScanner(Row(bytes: try #require(buffer.baseAddress), count: buffer.count - 1))
            try scanner.object { (scanner, key) throws(RowError) in
                #expect(scanner.matches(key, "time"))
                #expect(!scanner.matches(key, "tim"))
                #expect(!scanner.matches(key, "times"))
                #expect(!scanner.matches(key, "tame"))
                let number = try scanner.number()
                #expect(number.offset == 9)
                #expect(number.length == 1)
            }
        }
    }
}

@Suite struct PythonDictionaryTests {
    private func parse(_ text: String) throws -> ServeGenDistribution? {
        let bytes = Array((text + "\0").utf8)
        return try bytes.withUnsafeBufferPointer { buffer in
            let row = Row(bytes: try #require(buffer.baseAddress), count: buffer.count - 1)
            return try PythonDictionary.parse(row, FieldSpan(offset: 0, length: row.count))
        }
    }

    @Test func valuesAndProbabilities() throws {
        let found = try #require(try parse("{ 9: 0.25, 163 : 7.5e-1, }"))
        #expect(found.values == [9, 163])
        #expect(found.choice.probability(of: 0) == 0.25)
        #expect(found.value(at: 0.2) == 9)
        #expect(found.value(at: 0.3) == 163)
        #expect(try parse("{}") == nil)
        #expect(try parse(" { } ") == nil)
        // Probabilities that do not quite add up to 1 are normalised.
        #expect(try parse("{1: 2, 2: 6}")?.choice.probability(of: 1) == 0.75)
    }

    @Test(arguments: [
        "", "{", "}", "{1}", "{1:}", "{:1}", "{1: 0.5,, 2: 0.5}", "{'1': 0.5}", "{1: nan}", "{1: inf}", "{1: 1} x",
        "{1: 0}", "{-1: 1}", "{2147483648: 1}", "[1, 2]", "{1: __import__('os')}", "{1: 0.5 2: 0.5}",
    ])
    func otherTextsAreErrors(text: String) {
        #expect(throws: RowError.self) { try parse(text) }
    }
}
