import ArgumentParser
import Planning

/// Changes to a scenario that every command that reads one takes.
struct ScenarioChanges: ParsableArguments {
    @Option(help: "Seed of the first replication.")
    var seed: UInt64?

    @Option(help: "Replications, in place of the scenario's.")
    var replications: Int?

    @Option(parsing: .upToNextOption, help: "Only these strategies.")
    var strategy: [String] = []

    @Option(help: "A trace to replay in place of the scenario's workload.", completion: .file())
    var trace: String?

    @Option(help: ArgumentHelp("Override a setting; repeatable.", valueName: "key.path=value"))
    var set: [String] = []

    var overrides: ScenarioOverrides {
        ScenarioOverrides(settings: set, seed: seed, replications: replications, strategies: strategy, trace: trace)
    }
}

/// What `run` and `lint` both take.
struct ScenarioOptions: ParsableArguments {
    @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
    var scenarios: [String]

    @OptionGroup var changes: ScenarioChanges

    var overrides: ScenarioOverrides { changes.overrides }

    /// Reads and resolves every scenario before any is used, so that a fault in the last costs no work.
    func resolved() throws -> [ResolvedScenario] {
        try scenarios.map { try Scenario.load($0, overrides: overrides).resolved() }
    }
}
