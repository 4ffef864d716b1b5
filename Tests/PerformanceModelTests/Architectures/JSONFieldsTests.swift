import Foundation
import Testing

@testable import PerformanceModel

@Suite struct JSONFieldsTests {
    private func fields(_ text: String) throws -> JSONFields {
        guard case .object(let object) = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
            throw FileError(file: "t", reason: "not an object")
        }
        return JSONFields(file: "t", prefix: "", fields: object)
    }

    @Test func kindsAreKeptApart() throws {
        let object = try fields(#"{"a": true, "b": 1, "c": "1", "d": [1, "x"], "e": {"f": null}, "g": null, "h": 0.5}"#)
        #expect(object.fields["a"] == .bool(true) && object.fields["b"] == .number(1))
        #expect(object.fields["c"] == .string("1") && object.fields["g"] == .null)
        #expect(object.fields["d"] == .array([.number(1), .string("x")]))
        #expect(object.fields["e"] == .object(["f": .null]) && object.fields["h"] == .number(0.5))
    }

    @Test(arguments: [
        ("null", "null"), ("true", "true"), ("12", "12"), ("1.25", "1.25"), ("\"x\"", "\"x\""), ("[1]", "[…]"),
        ("{}", "{…}"),
    ])
    func textAsAUserWouldRecogniseIt(json: String, text: String) throws {
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8)).text == text)
    }

    @Test func theFirstPresentSpellingWins() throws {
        let object = try fields(#"{"a": null, "b": 2, "c": 3}"#)
        #expect(try object.size("a", "b", "c") == 2 && object.size("x") == nil)
        #expect(try object.required("x", "c") == 3)
        #expect(throws: FileError(file: "t", field: "x", reason: "is missing")) { try object.required("x", "y") }
    }

    @Test func zeroIsASizeOnlyWhereAllowed() throws {
        let object = try fields(#"{"a": 0}"#)
        #expect(try object.size("a", allowZero: true) == 0)
        #expect(throws: FileError(file: "t", field: "a", reason: "`0` is not a positive whole number")) {
            try object.size("a")
        }
    }

    @Test func wrongKindsAreNamed() throws {
        let object = try fields(#"{"n": 1, "s": "x", "l": ["a", 2], "o": {"in": 3}}"#)
        #expect(throws: FileError(file: "t", field: "n", reason: "`1` is not true or false")) { try object.flag("n") }
        #expect(throws: FileError(file: "t", field: "n", reason: "`1` is not a string")) { try object.string("n") }
        #expect(throws: FileError(file: "t", field: "s", reason: "`\"x\"` is not a list")) { try object.strings("s") }
        #expect(throws: FileError(file: "t", field: "l", reason: "`2` is not a string")) { try object.strings("l") }
        #expect(throws: FileError(file: "t", field: "s", reason: "`\"x\"` is not a list")) { try object.count("s") }
        let inner = try #require(try object.object("o"))
        #expect(throws: FileError(file: "t", field: "o.in", reason: "`3` is not an object")) { try inner.object("in") }
    }

    @Test func sentences() {
        #expect(FileError(file: "f", reason: "r").description == "f: r")
        #expect(FileError(file: "f", field: "a[0].b", reason: "r").description == "f: a[0].b: r")
    }
}
