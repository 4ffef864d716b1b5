import Foundation
import Testing

@testable import Planning

/// What can be varied, and how it is written.
@Suite struct SweepAxisTests {
    private func values(_ argument: String) throws -> [String] { try SweepAxis(argument: argument).values }

    @Test func listsOfTheCommandLine() throws {
        let axis = try SweepAxis(argument: "strategies[on demand].pools[0].replicas=2,3, 8")
        #expect(axis.path == "strategies[on demand].pools[0].replicas" && axis.values == ["2", "3", "8"])
        #expect(axis.shortName == "replicas" && axis.factor == nil)
        #expect(try values("precision=bf16,fp8") == ["bf16", "fp8"])
        #expect(try values("workload.scale.limit=1 h,90 min") == ["1 h", "90 min"])
        #expect(try values("name=\"a,b\",c") == ["\"a,b\"", "c"], "what stands in quotes is one value")
        #expect(
            try values("strategies[a=b].autoscaler={kind: hpa, target: 3},{kind: fixed, replicas: [1, 2]}")
                == ["{kind: hpa, target: 3}", "{kind: fixed, replicas: [1, 2]}"])
        #expect(try SweepAxis(argument: "strategies[a=b].router=random").path == "strategies[a=b].router")
    }

    @Test(arguments: [
        ("{from: 1, to: 4, step: 1}", ["1", "2", "3", "4"]),
        ("{from: 0.5, to: 1, step: 0.2}", ["0.5", "0.7", "0.9"]),
        ("{from: -1, to: 1, step: 1}", ["-1", "0", "1"]),
        ("{from: 1e3, to: 3000, step: 1_000}", ["1000", "2000", "3000"]),
        ("{from: 0.30 $/h, to: 0.5 $/h, step: 0.1}", ["0.3 $/h", "0.4 $/h", "0.5 $/h"]),
        ("{from: 100 ms, to: 300 ms, step: 100 ms}", ["100 ms", "200 ms", "300 ms"]),
        ("{from: 16, to: 256, points: 3, spacing: log}", ["16", "64", "256"]),
        ("{from: 1, to: 2, points: 4}", ["1", "2"]),
        ("{from: 1.0 /s, to: 2 /s, points: 4}", ["1.0 /s", "1.333 /s", "1.667 /s", "2 /s"]),
        ("{from: 0.001, to: 0.1, points: 3, spacing: log}", ["0.001", "0.01", "0.1"]),
    ])
    func rangesAreEvenAndExact(_ range: String, _ expected: [String]) throws {
        #expect(try values("k=\(range)") == expected)
    }

    @Test(arguments: [
        ("k", "needs `key.path=value,value`"), ("=1", "needs a key"), ("k=", "must not be empty"),
        ("k=1,1", "the value `1` twice"), ("k={from: 1, to: 4}", "needs one of `step`, `points`"),
        ("k={from: 4, to: 1, step: 1}", "goes up"), ("k={from: 1 s, to: 4 h, step: 1}", "the same unit"),
        ("k={from: 1, to: 4, step: 0}", "above 0"), ("k={from: 1, to: 4, step: 1 s}", "in the unit"),
        ("k={from: a, to: 4, step: 1}", "begin with a number"),
        ("k={from: 0, to: 4, points: 3, spacing: log}", "above 0"),
        ("k={from: 1, to: 4, points: 3, spacing: square}", "`linear` or `log`"),
        ("k={from: 1, to: 4, points: 1}", "from 2"), ("k={from: 1, to: 4, step: 1, spacing: log}", "no effect"),
        ("k={from: 1, to: 4, stap: 1}", "`stap`"), ("k={from: 0, to: 1e9, step: 1}", "100,000"),
        ("factor.price=0.9", "`factor.prices`"), ("factor.rate=1 /s", "plain number"),
        ("factor.rate=0", "from 0.01"), ("k=[1,2", "not valid YAML"),
    ])
    func whatCannotBeVariedIsSaidInASentence(_ argument: String, _ words: String) {
        let error = scenarioError("\(argument)") { _ = try SweepAxis(argument: argument) }
        #expect(error?.file == "--vary" && error?.message.contains(words) == true, "\(String(describing: error))")
    }

    /// A caret under the place in the argument.
    @Test func errorsPointIntoTheArgument() {
        let error = scenarioError { _ = try SweepAxis(argument: "a.b={from: 1, to: 4, stap: 1}") }
        #expect(error?.line == 1 && error?.column == 22)
    }

    @Test func factorsAreNamed() throws {
        #expect(try SweepAxis(argument: "factor.step-time=0.9,1.1").factor == .stepTime)
        #expect(SweepFactor.allCases.map(\.path).allSatisfy { $0.hasPrefix("factor.") })
        #expect([SweepFactor.availability, .prices, .stepTime].sorted() == [.prices, .stepTime, .availability])
    }

    @Test func decimalsAreWrittenPlainly() {
        func plain(_ text: String) -> String? { DecimalNumber(text)?.plain }
        #expect(plain("1e3") == "1000" && plain("0.050") == "0.05" && plain("-1.20") == "-1.2" && plain("0e5") == "0")
        #expect(plain("1e-7") == "0.0000001" && plain("120e-1") == "12")
    }

    @Test func flowTextReadsBack() throws {
        let text = "{a: [1, \"two, three\", {b: \"x: y\"}], \"c d\": ~, e: \"8\"}"
        func tree(_ text: String) throws -> SettingNode {
            try ScenarioFile.tree(of: text, in: SettingSource(name: "t", text: text), label: "it")
        }
        let flow = try tree(text).flow
        #expect(!flow.contains("\n"))
        #expect(try tree(flow).yaml == tree(text).yaml)
    }
}
