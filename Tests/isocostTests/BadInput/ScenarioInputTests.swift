import Foundation
import Testing

/// One change to a sound scenario, or to the command line, that must end in one sentence.
struct BadCase: Sendable, CustomTestStringConvertible {
    var name: String
    var edit: (from: String, to: String) = ("", "")
    var arguments: [String] = []
    var status: Int32 = 65
    /// All of these are in the sentence.
    var says: [String]

    var testDescription: String { name }
}

@Suite struct ScenarioInputTests {
    static let cases: [BadCase] = [
        .init(name: "unknown key", edit: ("\nmodel:", "\nmodle:"), says: [":7:1:", "`modle`", "`model`"]),
        .init(name: "wrong unit", edit: ("p99: 100 ms", "p99: 100 GiB"), says: [":9:37:", "`GiB`", "100 GiB"]),
        .init(name: "no unit", edit: ("p99: 100 ms", "p99: 100"), says: [":9:37:", "100"]),
        .init(name: "not YAML", edit: ("version: 1", "version: [1"), says: ["scenario.yaml:"]),
        .init(name: "unknown model", edit: ("llama-3.1-8b", "llama-3.1-9b"), says: [":7:8:", "`llama-3.1-9b`"]),
        .init(
            name: "unknown offer", edit: ("aws/g6e.xlarge/us-east-1", "aws/g6f.xlarge/us-east-1"),
            says: [":12:21:", "aws/g6f.xlarge/us-east-1", "aws/g6e.xlarge/us-east-1"]),
        .init(
            name: "does not fit", edit: ("llama-3.1-8b", "llama-3.1-405b"),
            says: ["does not fit", "GiB are missing", "L40S"]),
        .init(
            name: "unknown baseline", edit: ("baseline: \"AWS on-demand, L40S\"", "baseline: nobody"),
            says: [":17:21:", "`nobody`"]),
        .init(name: "no replicas", edit: ("replicas: 4", "replicas: 0"), says: [":12:", "`0`"]),
        .init(name: "unknown strategy", arguments: ["--strategy", "nobody"], says: ["--strategy:1:1", "`nobody`"]),
        .init(name: "setting without value", arguments: ["--set", "slo"], says: ["--set:1:4", "`=`"]),
        .init(name: "setting of no key", arguments: ["--set", "slu=3"], says: ["--set:1:1", "`slu`", "`slo`"]),
        .init(
            name: "setting of wrong kind", arguments: ["--set", "slo.ttft=3"], says: ["--set:1:10", "mapping", "`3`"]),
        .init(
            name: "setting of wrong unit", arguments: ["--set", "slo.ttft.p99=3 parsec"],
            says: ["--set:1:14", "`parsec`"]),
        .init(name: "no replications", arguments: ["--replications", "0"], says: ["`replications`", "`0`"]),
        .init(
            name: "no trace", arguments: ["--trace", "/no/such.csv"], status: 66,
            says: ["--trace:1:1: there is no trace `/no/such.csv`"]),
        .init(
            name: "no requests", arguments: ["--trace", "../work/empty.csv"], says: ["`quickstart`", "no requests"]),
    ]

    @Test(arguments: cases)
    func badScenarioEndsInOneSentence(_ bad: BadCase) throws {
        let folder = try TemporaryFolder()
        try folder.write("empty.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\n")
        var text = try String(contentsOfFile: Binary.quickstart, encoding: .utf8)
        if !bad.edit.from.isEmpty {
            try #require(text.contains(bad.edit.from), "the quick start no longer has what this case changes")
            let range = try #require(text.range(of: bad.edit.from))
            text.replaceSubrange(range, with: bad.edit.to)
        }
        try folder.write("scenario.yaml", text)
        try folder.write("reports/quickstart/summary.csv", "earlier results\n")

        let outcome = try Binary.run(["run", "scenario.yaml"] + bad.arguments, in: folder)

        #expect(outcome.status == bad.status, "\(outcome)")
        expectSentence(outcome, saying: bad.says)
        #expect(try folder.text("reports/quickstart/summary.csv") == "earlier results\n")
        #expect(folder.files(under: "reports").filter { !$0.hasPrefix("isocost.sqlite") } == ["quickstart/summary.csv"])
    }

    @Test func missingScenario() throws {
        for command in ["run", "lint"] {
            let folder = try TemporaryFolder()
            let outcome = try Binary.run(command, "none.yaml", in: folder)
            #expect(outcome.status == 66)
            expectSentence(outcome, saying: ["none.yaml"])
            #expect(folder.files().isEmpty)
        }
    }

    @Test func faultInTheLastScenarioCostsNothing() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run("run", Binary.quickstart, "none.yaml", in: folder)
        #expect(outcome.status == 66)
        #expect(folder.files().isEmpty)
    }

    @Test func twoScenariosOfOneNameAreRefused() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run("run", Binary.quickstart, Binary.quickstart, in: folder)
        #expect(outcome.status == 65)
        expectSentence(outcome, saying: ["reports/quickstart", "different names"])
        #expect(folder.files().isEmpty)
    }
}

/// One sentence on standard error, with a caret under the place where a file or an option is quoted; nothing on
/// standard output.
func expectSentence(_ outcome: Outcome, saying words: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    let lines = outcome.errorLines
    #expect(lines.first?.hasPrefix("isocost: ") == true, "\(outcome)", sourceLocation: sourceLocation)
    #expect(lines.count == 1 || lines.count == 3, "\(outcome)", sourceLocation: sourceLocation)
    if lines.count == 3 {
        #expect(lines[2].allSatisfy { $0 == " " || $0 == "^" }, "\(outcome)", sourceLocation: sourceLocation)
    }
    #expect(outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
    for word in words {
        #expect(lines.first?.contains(word) == true, "no \(word) in \(outcome)", sourceLocation: sourceLocation)
    }
}
