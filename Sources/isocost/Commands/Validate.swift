import ArgumentParser
import Planning

/// Compares predictions with measurements of real serving engines.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict measured serving runs and print the errors, worst cases included.",
        discussion: """
            Predictions use data sheets, fits to kernel timings, and a few constants that all configurations share;
            Documentation/Validation.md says which of those were chosen on these sets. Errors are
            (simulated − measured) ÷ measured.
            """)

    @Option(help: "Only this set: \(ValidationSet.allCases.map(\.rawValue).joined(separator: ", ")).")
    var set: [String] = []

    private static let usualData = "../shared/data/validation"

    @Option(help: "The folder with the measurements.", completion: .directory)
    var data = usualData

    @Flag(help: "Print Markdown, as in Documentation/Validation.md.")
    var markdown = false

    @OptionGroup var liveCheck: LiveOptions

    func validate() throws {
        if liveCheck.live, !set.isEmpty || markdown || data != Self.usualData {
            throw ValidationError(
                "`--live` serves requests of its own: `--set`, `--data` and `--markdown` go without it.")
        }
    }

    func run() throws {
        if liveCheck.live { return try liveCheck.check() }
        do {
            try compare()
        } catch let error as ValidationDataError {
            standardError("isocost: \(error)\n")
            throw ExitCode(error.kind == .malformed ? ExitStatus.badData : ExitStatus.missingInput)
        }
    }

    private func compare() throws {
        let sets = set.isEmpty ? ValidationSet.allCases : try set.map { try ValidationSet(named: $0) }
        let reports = try sets.map { try $0.compare(in: data) }
        print(reports.map { markdown ? $0.markdown : $0.text }.joined(separator: "\n"), terminator: "")
    }
}
