import Testing

@testable import PerformanceModel

@Suite struct UnknownNameTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("same", "same", 0),
        ("ab", "ba", 2),
    ])
    func editDistances(a: String, b: String, distance: Int) {
        #expect(editDistance(Array(a.utf8), Array(b.utf8)) == distance)
        #expect(editDistance(Array(b.utf8), Array(a.utf8)) == distance)
    }

    @Test func tiesGoToTheEarlier() {
        #expect(UnknownName(kind: "x", name: "cx", known: ["ax", "bx"]).nearest == "ax")
    }

    @Test func whatIsNotNearIsNotSuggested() {
        #expect(UnknownName(kind: "device", name: "foo", known: ["T4", "L40S"]).nearest == nil)
    }

    @Test func nothingKnownMeansNoHint() {
        #expect(UnknownName(kind: "thing", name: "q", known: []).description == "unknown thing `q`")
    }
}
