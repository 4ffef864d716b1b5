import Foundation

/// What is wrong with the measurements that a prediction is to be compared with.
public struct ValidationDataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault.
    public enum Kind: Hashable, Sendable {
        /// A folder or file is not there.
        case missing
        /// A file does not hold what it should.
        case malformed
        /// A set has no such name.
        case unknownSet
    }

    /// What kind of fault.
    public let kind: Kind
    /// One sentence, with file, line and the offending text where there are any.
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

/// A comma-separated table with a header and without quotes, as all validation sets are written.
struct MeasuredTable: Sendable {
    /// One line of the table.
    struct Row: Sendable {
        let table: String
        let line: Int
        fileprivate let columns: [String: Int]
        fileprivate let cells: [Substring]

        /// The cell under `column`; empty where nothing was recorded.
        func text(_ column: String) throws(ValidationDataError) -> String {
            guard let index = columns[column] else {
                throw ValidationDataError(.malformed, "\(table):1: there is no column `\(column)`.")
            }
            return String(cells[index])
        }

        /// The number under `column`; `nil` where nothing was recorded.
        func optional(_ column: String) throws(ValidationDataError) -> Double? {
            let text = try text(column)
            guard !text.isEmpty else { return nil }
            guard let value = Double(text), value.isFinite else {
                throw ValidationDataError(.malformed, "\(table):\(line): `\(column)` is no number: `\(text)`.")
            }
            return value
        }

        /// The number under `column`.
        func number(_ column: String) throws(ValidationDataError) -> Double {
            guard let value = try optional(column) else {
                throw ValidationDataError(.malformed, "\(table):\(line): `\(column)` is empty.")
            }
            return value
        }

        /// The whole number under `column`, within 32 bits.
        func count(_ column: String) throws(ValidationDataError) -> Int {
            let value = try number(column)
            guard let whole = Int32(exactly: value) else {
                throw ValidationDataError(.malformed, "\(table):\(line): `\(column)` is no whole number: `\(value)`.")
            }
            return Int(whole)
        }
    }

    let rows: [Row]

    /// - Parameter name: how errors call the table.
    init(_ text: String, name: String) throws(ValidationDataError) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let header = lines.first.map { $0.split(separator: ",", omittingEmptySubsequences: false) } ?? []
        guard header.count > 1 else { throw ValidationDataError(.malformed, "\(name):1: there is no header.") }
        let columns = Dictionary(header.enumerated().map { (String($1), $0) }, uniquingKeysWith: { first, _ in first })
        var rows: [Row] = []
        for (offset, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            guard cells.count == header.count else {
                throw ValidationDataError(
                    .malformed, "\(name):\(offset + 1): \(cells.count) cells under \(header.count) columns.")
            }
            rows.append(Row(table: name, line: offset + 1, columns: columns, cells: cells))
        }
        self.rows = rows
    }
}

/// The folder that the validation sets lie in.
struct ValidationFolder: Sendable {
    let path: String

    /// - Throws: ``ValidationDataError/Kind/missing`` where there is no such folder.
    init(_ path: String) throws(ValidationDataError) {
        guard FileLocation.kind(of: path) == .folder else {
            throw ValidationDataError(
                .missing, "There is no folder `\(path)` with measurements to compare with; name one with `--data DIR`.")
        }
        self.path = path
    }

    func has(_ name: String) -> Bool { FileLocation.kind(of: FileLocation.resolved(name, in: path)) != .nothing }

    /// Names below `folder`, sorted.
    func names(in folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: FileLocation.resolved(folder, in: path))
        return (names ?? []).sorted()
    }

    func data(_ name: String) throws(ValidationDataError) -> Data {
        guard let data = FileManager.default.contents(atPath: FileLocation.resolved(name, in: path)) else {
            throw ValidationDataError(.missing, "The measurements lack `\(name)`.")
        }
        return data
    }

    func table(_ name: String) throws(ValidationDataError) -> MeasuredTable {
        try MeasuredTable(String(decoding: data(name), as: UTF8.self), name: name)
    }

    /// The JSON document `name`, or the JSON lines of it where it ends in `.jsonl`; keys in snake case become camel case.
    func decode<Value: Decodable>(_ type: Value.Type, _ name: String) throws(ValidationDataError) -> [Value] {
        let data = try data(name)
        let documents = name.hasSuffix(".jsonl") ? data.split(separator: UInt8(ascii: "\n")) : [data]
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var values: [Value] = []
        for (offset, document) in documents.enumerated() {
            do {
                values.append(try decoder.decode(type, from: document))
            } catch {
                throw ValidationDataError(.malformed, "\(name):\(offset + 1): not the JSON expected here.")
            }
        }
        return values
    }
}
