import Testing

@Suite struct LengthTests {
    @Test func filesKeepToTheCap() {
        expectNone(LengthRules.longFiles(Repository.swift), "files over the cap")
        #expect(LengthRules.quantile(Repository.sources.map(\.lines.count), 0.5) <= LengthRules.fileMedian)
    }

    @Test func functionsKeepToTheCap() {
        expectNone(LengthRules.longFunctions(Repository.swift), "functions over the cap")
    }

    @Test func mostFunctionsAreShort() {
        let lengths = Repository.sources.flatMap(FunctionScanner.functions).map(\.length).filter { $0 > 0 }
        #expect(lengths.count > 300, "the functions were not found")
        #expect(LengthRules.quantile(lengths, 0.5) <= LengthRules.functionMedian)
        #expect(LengthRules.quantile(lengths, 0.95) <= LengthRules.function95th)
    }

    @Test func functionsTakeFewParameters() {
        expectNone(LengthRules.manyParameters(Repository.swift), "functions over the cap of parameters")
    }

    @Test func mostOfThePublicInterfaceIsDocumented() {
        let found = LengthRules.publicDeclarations(Repository.sources)
        let share = 1 - Double(found.bare.count) / Double(max(found.count, 1))
        #expect(found.count > 300, "the public declarations were not found")
        if share < LengthRules.documentedShare {
            expectNone(found.bare, "\(Int(share * 100)) % of \(found.count) public declarations are documented; bare")
        }
    }

    /// These tests, which look at text, do not count as tests of the sources.
    @Test func testsAreAboutAsLongAsWhatTheyTest() {
        let tests = LengthRules.lines(of: Repository.tests.filter { $0.room != "TidyTests" })
        let sources = LengthRules.lines(of: Repository.sources.filter { !LengthRules.dataTables.contains($0.path) })
        #expect(
            Double(tests) >= LengthRules.testShare * Double(sources),
            "\(tests) lines of tests for \(sources) of sources")
    }

    @Test func everyExemptFileExists() {
        #expect(LengthRules.dataTables.subtracting(Repository.sources.map(\.path)) == [])
    }

    @Test func quantilesAreNearestRank() {
        #expect(LengthRules.quantile([], 0.5) == 0)
        #expect(LengthRules.quantile([3, 1, 2], 0.5) == 2)
        #expect(LengthRules.quantile([4, 3, 1, 2], 0.5) == 2)
        #expect(LengthRules.quantile(Array(1...100), 0.95) == 95)
    }

    @Test func theRulesFindOffences() {
        let body = String(repeating: "    step()\n", count: 69)
        let long = SourceFile(
            path: "Sources/A/A.swift", text: "func long() {\n\(body)}\nfunc short() {\n    step()\n}\n")
        #expect(LengthRules.longFunctions([long]).map(\.place) == ["Sources/A/A.swift:1"])
        let file = SourceFile(path: "Sources/A/B.swift", text: String(repeating: "\n", count: 601))
        #expect(LengthRules.longFiles([file]) == [Offence(place: file.path, detail: "601 lines, cap 600")])
        #expect(LengthRules.lines(of: [file, long]) == 74)
    }

    @Test func bareDeclarationsAreFound() {
        let text = """
            public import Primitives
            /// Documented.
            @frozen
            public struct A {
                public var bare: Int
                /// Documented.
                @inlinable public var documented: Int { 1 }
                @inlinable
                public static func bareToo() {}
            }
            public extension A {}
            let publicity = 1
            """
        let found = LengthRules.publicDeclarations([SourceFile(path: "Sources/A/A.swift", text: text)])
        #expect(found.count == 4)
        #expect(found.bare.map(\.place) == ["Sources/A/A.swift:5", "Sources/A/A.swift:9"])
    }
}
