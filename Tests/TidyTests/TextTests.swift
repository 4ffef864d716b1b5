import Testing

@Suite struct TextTests {
    @Test func theHotPathIsFreeOfSlowThings() {
        for folder in TextRules.hotFolders {
            #expect(Repository.sources.contains { $0.path.hasPrefix(folder) }, "\(folder) was not found")
        }
        expectNone(Repository.sources.flatMap(TextRules.hotPath), "banned on the hot path")
    }

    @Test func nothingIsLeftOver() { expectNone(Repository.files.flatMap(TextRules.leftovers), "left over") }
    @Test func onlyTheExecutablePrints() { expectNone(Repository.files.flatMap(TextRules.prints), "prints") }
    @Test func noPathIsOfOneMachine() { expectNone(Repository.files.flatMap(TextRules.machinePaths), "machine paths") }
    @Test func theProductSpeaksOfItself() {
        expectNone(Repository.files.flatMap(TextRules.foreignWords), "foreign words")
    }
    @Test func whiteSpaceIsPlain() { expectNone(Repository.files.flatMap(TextRules.whitespace), "white space") }

    @Test(arguments: [
        ("    let now = Date()", true), ("    let text = String(count)", true),
        ("    var d: Dictionary<String, Int>", true),
        ("    var names: [String: Int] = [:]", true), ("    print(time)", true), ("    let done: (Int) -> Void", true),
        ("    private var handler: (@Sendable () -> Int)?", true), ("    // a Date", false),
        ("    func f(_ g: (Int) -> Int) -> Int {", false), ("    var x: Int { y.map { $0 -> 1 } }", false),
        ("    precondition(ok, \"print(Date)\")", false), ("    let dated = updated(String_)", false),
    ])
    func hotPathRule(line: String, isOffence: Bool) {
        let hot = SourceFile(path: "Sources/SimulationCore/Engine/A.swift", text: line)
        #expect(TextRules.hotPath(hot).isEmpty != isOffence)
        let cold = SourceFile(path: "Sources/SimulationCore/Recording/A.swift", text: line)
        #expect(TextRules.hotPath(cold).isEmpty)
    }

    @Test func leftoverRule() {
        let text = "// TO" + "DO: later\nlet mastodon = 1\nfatal" + "Error(\"not yet\")\nfatalError(\"unreachable\")"
        #expect(TextRules.leftovers(snippet(text)).map(\.place) == ["Sources/A/A.swift:1", "Sources/A/A.swift:3"])
    }

    @Test func printRule() {
        let text = "print(1)\nblueprint(1)\n// print(1)\nlet text = \"print(1)\""
        #expect(TextRules.prints(snippet(text)).map(\.place) == ["Sources/A/A.swift:1"])
        #expect(TextRules.prints(SourceFile(path: "Sources/isocost/A.swift", text: text)).isEmpty)
    }

    @Test func machinePathRule() {
        let text = ["let a = \"/ro" + "ot/x\"", "../wo" + "rk/x", "a/wo" + "rk/x", "cd /ho" + "me/me"].joined(
            separator: "\n")
        #expect(TextRules.machinePaths(snippet(text)).map(\.place) == ["Sources/A/A.swift:1", "Sources/A/A.swift:4"])
    }

    @Test func foreignWordRule() {
        #expect(TextRules.foreignWords(snippet("Thanks to Clau" + "de\nthe agent of change")).count == 1)
    }

    @Test func whitespaceRule() {
        let text = "fine\r\ntrailing \n\ttab\nfine\nunended"
        #expect(
            TextRules.whitespace(snippet(text)).map(\.detail) == [
                "a carriage return", "trailing white space", "a tab", "no line feed at the end of the file",
            ])
        #expect(TextRules.whitespace(SourceFile(path: "Makefile", text: "\tswift build\n")).isEmpty)
        #expect(TextRules.whitespace(snippet("")).isEmpty)
    }

    private func snippet(_ text: String) -> SourceFile { SourceFile(path: "Sources/A/A.swift", text: text) }
}
