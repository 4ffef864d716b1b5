import ArgumentParser
import Planning

/// Validates and prices scenarios without running them.
struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check scenarios: the plan, its prices with dates, every default with its source.")

    @OptionGroup var input: ScenarioOptions

    func run() throws {
        for scenario in try input.resolved() { print(scenario.lintText, terminator: "") }
    }
}
