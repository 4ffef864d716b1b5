public import Foundation

/// Why a profile (or another JSON file) could not be used: one sentence with file, field and reason.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file as the user named it.
    public let file: String
    /// The offending field as a path, e.g. `fits[2].overhead`; `nil` when the file as a whole is at fault.
    public let field: String?
    /// What is wrong, quoting the offending text where there is one.
    public let reason: String

    public init(file: String, field: String? = nil, reason: String) {
        self.file = file
        self.field = field
        self.reason = reason
    }

    /// `file: field: reason`.
    public var description: String { [file, field, reason].compactMap(\.self).joined(separator: ": ") }
}

extension DeviceProfile {
    /// Reads a profile.
    /// - Throws: ``FileError`` naming the file and the field.
    public static func load(_ path: String) throws(FileError) -> DeviceProfile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileError(file: path, reason: "cannot be read")
        }
        return try decode(data, file: path)
    }

    /// Decodes a profile's JSON; `file` names it in errors.
    public static func decode(_ data: Data, file: String) throws(FileError) -> DeviceProfile {
        struct Header: Decodable { let version: Int }
        let header = try decodeJSON(Header.self, data, file: file)
        guard header.version == currentVersion else {
            throw FileError(
                file: file, field: "version",
                reason: "`\(header.version)` is not the version this build reads (\(currentVersion))")
        }
        let profile = try decodeJSON(DeviceProfile.self, data, file: file)
        try profile.check(file: file)
        return profile
    }

    /// Writes to a temporary name beside `path` and renames, so that an interrupted save leaves the old file whole.
    /// - Throws: ``FileError`` when the folder cannot be written.
    public func save(_ path: String) throws(FileError) {
        do {
            try encoded().write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw FileError(file: path, reason: "cannot be written: \(error.localizedDescription)")
        }
    }

    /// The JSON of this profile: keys sorted, so equal profiles are equal bytes.
    public func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    private func check(file: String) throws(FileError) {
        for (index, fit) in fits.enumerated() {
            let values = [
                ("overhead", fit.overhead), ("perOperation", fit.perOperation), ("perByte", fit.perByte),
                ("perRowByte", fit.perRowByte),
            ]
            for (name, value) in values where !(value >= 0 && value.isFinite) {
                throw FileError(
                    file: file, field: "fits[\(index)].\(name)", reason: "`\(value)` is not a coefficient of at least 0"
                )
            }
        }
        guard machine.memoryBytes > 0 else {
            throw FileError(
                file: file, field: "machine.memoryBytes", reason: "`\(machine.memoryBytes)` is not a positive size")
        }
    }
}

/// Decodes JSON, turning Foundation's errors into ``FileError``s with a field path, or line and column.
func decodeJSON<Value: Decodable>(_ type: Value.Type, _ data: Data, file: String) throws(FileError) -> Value {
    if let fault = JSONSyntax.fault(in: data) {
        throw FileError(
            file: "\(file):\(fault.line):\(fault.column)", reason: "is not valid JSON at `\(fault.found)`")
    }
    do {
        return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
        throw FileError(file: file, decoding: error)
    } catch {
        throw FileError(file: file, reason: error.localizedDescription)
    }
}

extension FileError {
    init(file: String, decoding error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(file: file, field: Self.path(context.codingPath + [key]), reason: "is missing")
        case .typeMismatch(let type, let context):
            self.init(file: file, field: Self.path(context.codingPath), reason: "is not of type \(type)")
        case .valueNotFound(_, let context):
            self.init(file: file, field: Self.path(context.codingPath), reason: "is null")
        case .dataCorrupted(let context):
            self.init(file: file, field: Self.path(context.codingPath), reason: context.debugDescription)
        @unknown default:
            self.init(file: file, reason: "cannot be decoded")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String? {
        guard !keys.isEmpty else { return nil }
        return keys.reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path.isEmpty ? key.stringValue : path + "." + key.stringValue
        }
    }
}
