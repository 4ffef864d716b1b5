import Testing

@Suite struct ScannerTests {
    @Test(arguments: [
        ("let a = 1 // b", "let a = 1     "),
        ("a /* b /* c */ d */ e", "a                   e"),
        (#"f("a { b", c)"#, #"f("     ", c)"#),
        (#"f("a \" b", c)"#, #"f("      ", c)"#),
        (#"f("a \(g("}") + h) b", c)"#, #"f("                 ", c)"#),
        (##"f(#"a " \( b"#, c)"##, ##"f(#"        "#, c)"##),
        ("a(\"\"\"\n b \" {\n \"\"\") }", "a(\"\"\"\n      \n \"\"\") }"),
        ("#expect(a)", "#expect(a)"),
        ("f(\"\", b)", "f(\"\", b)"),
        ("let url = \"http://a\"; b()", "let url = \"        \"; b()"),
    ])
    func commentsAndLiteralsAreBlanked(source: String, masked: String) {
        #expect(SwiftMask.blanked(source) == masked)
    }

    /// An umlaut is two bytes and becomes two spaces; positions in lines are in bytes, and lines stay lines.
    @Test func linesStayLines() {
        #expect(SwiftMask.blanked("// ü\nb") == "     \nb")
        for file in Repository.swift { #expect(file.lines.count == file.code.count, "\(file.path)") }
    }

    /// Brackets balance in every file once literals and comments are gone: a scanner that lost its way would not.
    @Test func bracketsBalanceEverywhere() {
        for file in Repository.swift {
            for (open, close) in [("{", "}"), ("(", ")"), ("[", "]")] {
                let depth = file.code.joined().reduce(0) { sum, character in
                    sum + (String(character) == open ? 1 : String(character) == close ? -1 : 0)
                }
                #expect(depth == 0, "\(open) and \(close) do not balance in \(file.path)")
            }
        }
    }

    private static let snippet = """
        protocol Shape {
            func area(_ unit: Unit) -> Double
            var name: String { get }
            init(sides: Int, _ map: [String: (Int, Int)])
        }
        struct Square: Shape {
            init(a: Int, b: Int, c: Int, d: Int, e: Int, f: Int) {
                precondition(
                    a >= 0, "a side (of a square) is not negative")
                self.a = a
                self.b = b
            }
            init?(_ pair: Pair<Int, Int>, then: (Int, Int) -> Int = { a, b in a + b }) {
                self.init(a: pair.0, b: 0, c: 0, d: 0, e: 0, f: then(1, 2))
            }
            func area(
                _ unit: Unit, scaled: Double
            ) throws -> Double
            where Unit: Sendable {
                let text = "} func none() {"
                return [1, 2].map(Double.init).reduce(0, +)
            }
            static func < (a: Self, b: Self) -> Bool { a.a < b.a }
            subscript(index: Int) -> Int { index }
            deinit { print("gone") }
        }
        """

    @Test func functionsAreFound() {
        let found = FunctionScanner.functions(in: SourceFile(path: "A.swift", text: Self.snippet))
        #expect(
            found == [
                FunctionFound(name: "area", line: 1, length: 0, parameters: 1, fillsRecord: false),
                FunctionFound(name: "init", line: 3, length: 0, parameters: 2, fillsRecord: false),
                FunctionFound(name: "init", line: 6, length: 6, parameters: 6, fillsRecord: true),
                FunctionFound(name: "init", line: 12, length: 3, parameters: 2, fillsRecord: true),
                FunctionFound(name: "area", line: 15, length: 7, parameters: 2, fillsRecord: false),
                FunctionFound(name: "<", line: 22, length: 1, parameters: 2, fillsRecord: false),
                FunctionFound(name: "subscript", line: 23, length: 1, parameters: 1, fillsRecord: false),
                FunctionFound(name: "deinit", line: 24, length: 1, parameters: 0, fillsRecord: false),
            ])
    }

    @Test(arguments: [
        ("self.a = a", true), ("self.a = b ?? 1", true), ("a = b(\n    1)", true), ("let c = a\nself.a = c", false),
        ("precondition(a > 0)\nself.a = a", true), ("self.a = a\ntry validate()", true), ("", false),
        ("if a > 0 {\n    self.a = a\n}", false), ("run(a)", false), ("a += 1", false),
    ])
    func recordInitialisersAreTold(body: String, fillsRecord: Bool) {
        let text = "init(a: Int) {" + (body.isEmpty ? " }\n" : "\n\(body)\n}\n")
        let found = FunctionScanner.functions(in: SourceFile(path: "A.swift", text: text))
        #expect(found.map(\.fillsRecord) == [fillsRecord])
    }

    @Test func parametersAreCounted() {
        let file = SourceFile(
            path: "A.swift", text: "func six(a: Int, b: Int, c: [Int: Int], d: (Int, Int), e: F<A, B>, f: Int) {}\n")
        #expect(LengthRules.manyParameters([file]).map(\.place) == ["A.swift:1"])
    }
}
