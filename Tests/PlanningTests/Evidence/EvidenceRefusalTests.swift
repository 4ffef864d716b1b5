import SimulationCore
import Testing

@testable import Planning

/// Commands that judge whole runs by the model's own times refuse settings that they would ignore.
@Suite struct EvidenceRefusalTests {
    static let settings = ["warmup: 10 s", "warmup: mser-5", "batches: 10", "model-error: true"]

    private func text(_ setting: String) -> String {
        planText(
            "{offers: [aws/g6e.xlarge/us-east-1], replicas: {max: 2}}",
            more: """
                strategies: [{name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]}]
                compare: {\(setting)}
                """)
    }

    @Test(arguments: settings)
    func plansAndCapacities(_ setting: String) throws {
        let key = String(setting.prefix { $0 != ":" })
        let scenario = try scenario(text(setting))
        #expect(
            scenarioError("\(setting)") { _ = try scenario.plan() }?.sentence
                == "s.yaml:9:\(13 + key.count): `isocost plan` judges whole runs by the model's own times: leave `\(key)` out"
        )
        let error = scenarioError("\(setting)") { _ = try scenario.resolved().capacities() }
        #expect(error?.sentence.contains("`isocost capacity` judges whole runs") == true)
        #expect(error?.sentence.hasSuffix("leave `\(key)` out") == true)
    }

    @Test func whatIsSwitchedOffIsNoSetting() throws {
        #expect(try scenario(text("model-error: false")).plan().winner != nil)
    }

    @Test func sweepsTakeReplications() throws {
        let request = Sweep.Request(vary: ["seed=1,2"])
        let error = scenarioError("batches") {
            _ = try Sweep(text: text("batches: 10"), path: "s.yaml", request)
        }
        #expect(error?.sentence.hasSuffix("a sweep takes its intervals from replications: leave `batches` out") == true)
        #expect(try Sweep(text: text("warmup: 10 s"), path: "s.yaml", request).jobs.count == 2)
    }
}
