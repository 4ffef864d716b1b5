import ArgumentParser
import Planning

/// Compares predictions with measurements of real serving engines.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Predict measured serving runs and print the errors, worst cases included.",
        discussion: """
            Every configuration is predicted from the device's and the model's data sheets alone: no constant is
            fitted to the run that is compared. Errors are (simulated − measured) ÷ measured.
            """)

    @Option(help: "Only this set: \(ValidationSet.allCases.map(\.rawValue).joined(separator: ", ")).")
    var set: [String] = []

    @Option(help: "The folder with the measurements.", completion: .directory)
    var data = "../shared/data/validation"

    @Flag(help: "Print Markdown, as in Documentation/Validation.md.")
    var markdown = false

    func run() throws {
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
