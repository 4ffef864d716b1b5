import Testing

@testable import PerformanceModel

@Suite struct JSONSyntaxTests {
    @Test(arguments: [
        "{}", "[]", "0", "-1.5e+3", "\"a\\u00e9\\n\"", " [1, {\"a\": [true, false, null]}]\n", "\u{FEFF}{}", "1E5",
        "\"é\"",
    ])
    func wellFormed(text: String) { #expect(JSONSyntax.fault(in: text.utf8) == nil) }

    @Test(arguments: [
        ("", 1, 1, "end of file"), ("{", 1, 2, "end of file"), ("{\"a\" 1}", 1, 6, "1}"), ("[1,]", 1, 4, "]"),
        ("{\n  \"é\": x\n}", 2, 8, "x"), ("01", 1, 2, "1"), ("[1 2]", 1, 4, "2]"), ("nul", 1, 1, "nul"),
        ("\"\\x\"", 1, 3, "x\""), ("\"\\u12g4\"", 1, 6, "g4\""), ("1.", 1, 3, "end of file"), ("{} {}", 1, 4, "{}"),
        ("[,]", 1, 2, ","), ("\"a\nb\"", 1, 3, ","), ("{'a': 1}", 1, 2, "'a': 1}"),
    ])
    func faults(text: String, line: Int, column: Int, found: String) {
        #expect(JSONSyntax.fault(in: text.utf8) == JSONSyntax.Fault(line: line, column: column, found: found))
    }

    @Test func deepNestingIsAFaultNotACrash() {
        #expect(JSONSyntax.fault(in: String(repeating: "[", count: 100_000).utf8) != nil)
    }
}
