import Dispatch
import Foundation

/// What a process did.
struct Outcome: Sendable {
    var status: Int32
    var output: String
    var error: String

    /// The lines of standard error that are not blank.
    var errorLines: [Substring] { error.split(separator: "\n") }
}

/// The built `isocost`: of `ISOCOST_BINARY`, else the one beside the test bundle.
enum Binary {
    static let path: String = {
        if let named = ProcessInfo.processInfo.environment["ISOCOST_BINARY"] { return named }
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = [bundle.appendingPathComponent("isocost").path, root + "/.build/debug/isocost"]
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? candidates[1]
    }()

    /// The package's root, from this file's place in it.
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    static let quickstart = root + "/scenarios/quickstart.yaml"

    /// Runs `isocost` to its end, or for a minute at most: a hanging process is killed and reads as status −1.
    static func run(_ arguments: String..., in folder: TemporaryFolder) throws -> Outcome {
        try run(arguments, in: folder)
    }

    static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Outcome {
        try start(arguments, in: folder).outcome()
    }

    static func start(_ arguments: [String], in folder: TemporaryFolder) throws -> Running {
        try Running(executable: path, arguments, in: folder)
    }
}

/// A process that has been started. Its output goes to files: pipes fill up, and then nobody moves.
final class Running {
    let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let outputPath: String
    private let errorPath: String

    init(executable: String, _ arguments: [String], in folder: TemporaryFolder, terminal: FileHandle? = nil) throws {
        let name = UUID().uuidString
        outputPath = folder.streams + "/\(name).out"
        errorPath = folder.streams + "/\(name).err"
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.create(outputPath)
        process.standardError = try terminal ?? Self.create(errorPath)
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
    }

    /// Waits for the end, a minute at most.
    func outcome() throws -> Outcome {
        let inTime = ended.wait(timeout: .now() + 60) == .success
        if !inTime {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
        }
        return Outcome(
            status: inTime ? process.terminationStatus : -1, output: try Self.text(of: outputPath),
            error: (try? Self.text(of: errorPath)) ?? "")
    }

    private static func create(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(of path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
