import Foundation
import Kernels
import PerformanceModel
import Reports

/// What an interrupted calibration leaves beside its profile: a line of JSON for the machine, then one for each point,
/// so that it can be killed at any moment and lose no more than the point at hand.
struct CalibrationJournalFile {
    /// The profile's path with `.partial` behind.
    let path: String

    init(profile: String) { path = profile + ".partial" }

    /// The rows that were written whole; `nil` where there is no such file, or not even its first line is whole.
    func read() -> CalibrationJournal? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let lines = text.split(separator: "\n")
        let decoder = JSONDecoder()
        guard let first = lines.first,
            var journal = try? decoder.decode(CalibrationJournal.self, from: Data(first.utf8))
        else { return nil }
        for line in lines.dropFirst() {
            guard let row = try? decoder.decode(KernelMeasurement.self, from: Data(line.utf8)) else { break }
            journal.rows.append(row)
        }
        return journal
    }

    /// Writes the journal anew: the first line, and the rows that are kept.
    func begin(_ journal: CalibrationJournal) -> OutputError? {
        var head = journal
        head.rows = []
        do {
            try Data(try line(head)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { return OutputError(path: path, action: "write", reason: error.localizedDescription) }
        return journal.rows.lazy.compactMap(append).first
    }

    /// Adds a row.
    func append(_ row: KernelMeasurement) -> OutputError? {
        do {
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            defer { try? file.close() }
            try file.seekToEnd()
            try file.write(contentsOf: try line(row))
            return nil
        } catch { return OutputError(path: path, action: "write", reason: error.localizedDescription) }
    }

    /// Takes the file away.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }
}
