import ArgumentParser
import Foundation
import Workloads

/// How a trace file is read: what `trace inspect` and `trace convert` share.
struct TraceReading: ParsableArguments {
    @Argument(help: "A trace, plain or gzip; or a ServeGen folder.", completion: .file())
    var file: String
    @Option(help: "Its format; found out when not given.")
    var format: TraceFormat?
    @Option(
        help: ArgumentHelp(
            """
            A column of a CSV with a header of its own; repeatable. KEY is \(ColumnKey.words); the first three are \
            needed.
            """, valueName: "key=name"))
    var column: [String] = []
    @Option(help: "What the arrival column of such a CSV counts. (default: s)")
    var arrivalUnit: ArrivalUnit?
    @Option(help: "Rows whose output is zero tokens; skipped in burstgpt and servegen, refused elsewhere.")
    var zeroOutput: ZeroOutputPolicy?
    @Option(help: "Time zero; the first arrival, but in isocost's own format.")
    var origin: TraceOrigin?
    @Option(help: "Tokens per entry of `hash_ids`. (default: 512; mooncake only)")
    var hashBlock: Int32?
    @Option(help: "Seed of the draws that a ServeGen folder stands for. (default: 1)")
    var seed: UInt64?

    func validate() throws {
        if let hashBlock, hashBlock < 1 {
            throw ValidationError("`--hash-block` is at least 1, not \(hashBlock).")
        }
        var isFolder: ObjCBool = false
        if seed != nil, FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue {
            throw ValidationError("`--seed` is for a ServeGen folder; a trace draws nothing.")
        }
        guard let columns = try columns() else {
            guard arrivalUnit == nil else { throw ValidationError("`--arrival-unit` goes with `--column`.") }
            guard format != .csv else {
                throw ValidationError("The format csv needs `--column arrival=NAME`, `input=NAME` and `output=NAME`.")
            }
            return
        }
        guard format ?? .csv == .csv else {
            throw ValidationError("`--column \(columns.arrival)` goes with the format csv.")
        }
    }

    func open() throws -> any RequestSource {
        return try openTrace(
            at: file,
            options: TraceOptions(
                format: format, origin: origin, hashBlockTokens: hashBlock, zeroOutput: zeroOutput,
                columns: columns(), seed: seed ?? 1))
    }

    /// What may be said of a column, and where it goes.
    private enum ColumnKey: String, CaseIterable {
        case arrival, input, output
        case requestClass = "class"
        case region, priority, session, images

        static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
    }

    /// `nil` where no column is named.
    private func columns() throws -> TraceColumns? {
        guard !column.isEmpty else { return nil }
        var names: [ColumnKey: String] = [:]
        for text in column {
            guard let mark = text.firstIndex(of: "="), let key = ColumnKey(rawValue: String(text[..<mark])) else {
                throw ValidationError("`--column` is KEY=NAME with a key of \(ColumnKey.words), not `\(text)`.")
            }
            guard names.updateValue(String(text[text.index(after: mark)...]), forKey: key) == nil else {
                throw ValidationError("`--column \(key.rawValue)` is given twice.")
            }
        }
        guard let arrival = names[.arrival], let input = names[.input], let output = names[.output] else {
            throw ValidationError("`--column` is needed for arrival, input and output.")
        }
        return TraceColumns(
            arrival: arrival, arrivalUnit: arrivalUnit ?? .seconds, input: input, output: output,
            requestClass: names[.requestClass], region: names[.region], priority: names[.priority],
            session: names[.session], images: names[.images])
    }
}
