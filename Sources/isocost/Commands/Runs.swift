import ArgumentParser
import Foundation
import Reports
import Store

/// Lists stored runs.
struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List stored runs, the latest first.")

    @OptionGroup var results: StoreOptions

    func run() throws {
        let style = TerminalStyle.choose(
            asked: nil, isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
        let rows = try results.open().list().map {
            RunsTable.Row(id: $0.id, created: $0.created, metrics: $0.metrics)
        }
        print(RunsTable.text(of: rows, style: style), terminator: "")
    }
}

/// Where the stored runs are.
struct StoreOptions: ParsableArguments {
    @Option(help: "Folder of the results.", completion: .directory)
    var out = "reports"

    /// Opens the store, which must exist already: asking for runs never makes a file.
    func open() throws -> ResultStore { try Self.open(out) }

    /// Opens the store in the folder `out`.
    static func open(_ out: String) throws -> ResultStore {
        let path = out + "/isocost.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { throw MissingStore(path: path) }
        return try ResultStore(reading: path)
    }
}

/// No results have been stored where the user asked for them.
struct MissingStore: Error, CustomStringConvertible {
    var path: String
    var description: String { "there are no stored runs at \(path); `isocost run` makes them" }
}
