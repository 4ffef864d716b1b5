import Foundation
import Testing

/// `--help` of every command against the texts in `Help/`. To write them anew after a change that is meant, run the
/// tests with `ISOCOST_UPDATE_HELP` set, and read the difference.
@Suite struct HelpTests {
    static let commands = [
        "", "run", "compare", "lint", "runs", "export", "calibrate", "trace", "trace inspect", "trace convert",
        "trace synthesize", "prices", "prices list", "prices import", "devices", "devices list", "devices show",
        "models", "models list", "models show", "validate", "plan", "capacity", "explain", "sweep",
    ]

    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Help/"

    private static func file(of command: String) -> String {
        folder + (command.isEmpty ? "isocost" : command.replacingOccurrences(of: " ", with: "-")) + ".txt"
    }

    @Test(arguments: commands)
    func helpIsTheCommittedText(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let outcome = try Binary.run(words + ["--help"], in: TemporaryFolder())
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        if ProcessInfo.processInfo.environment["ISOCOST_UPDATE_HELP"] != nil {
            try outcome.output.write(toFile: Self.file(of: command), atomically: true, encoding: .utf8)
        }
        #expect(try outcome.output == String(contentsOfFile: Self.file(of: command), encoding: .utf8))
    }

    /// The list above is whole: every subcommand that some help names is in it.
    @Test(arguments: commands)
    func everySubcommandHasItsText(_ command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let help = try Binary.run(words + ["--help"], in: TemporaryFolder()).output
        guard let start = help.range(of: "SUBCOMMANDS:\n") else { return }
        for line in help[start.upperBound...].split(separator: "\n")
        where line.hasPrefix("  ") && !line.hasPrefix("   ") {
            guard let name = line.split(separator: " ").first, name != "See" else { continue }
            #expect(Self.commands.contains(command.isEmpty ? String(name) : command + " " + name))
        }
    }

    @Test func version() throws {
        let outcome = try Binary.run("--version", in: TemporaryFolder())
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: ".").count == 3)
    }
}
