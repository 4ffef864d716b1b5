import Foundation

/// Any JSON value, kept apart by kind: a Boolean is never a number.
enum JSONValue: Hashable, Sendable, Decodable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSONValue].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONValue].self))
        }
    }

    /// The value as a user would recognise it in the file.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        case .string(let value): "\"\(value)\""
        case .array: "[…]"
        case .object: "{…}"
        }
    }
}

/// The fields of one JSON object, read by name, with errors that name file and field.
struct JSONFields {
    let file: String
    /// Path of the object in the file, e.g. `text_config.`; empty at the top.
    let prefix: String
    let fields: [String: JSONValue]

    func error(_ field: String, _ reason: String) -> FileError {
        FileError(file: file, field: prefix + field, reason: reason)
    }

    /// The first of `names` that is present and not null.
    func value(_ names: [String]) -> (name: String, value: JSONValue)? {
        for name in names {
            if let value = fields[name], value != .null { return (name, value) }
        }
        return nil
    }

    /// A positive whole number under the first of `names` present, or `nil`.
    func size(_ names: String..., allowZero: Bool = false) throws(FileError) -> Int? {
        guard let (name, value) = value(names) else { return nil }
        guard case .number(let number) = value, number == number.rounded(), number < 1e12, number >= (allowZero ? 0 : 1)
        else { throw error(name, "`\(value.text)` is not a \(allowZero ? "whole number" : "positive whole number")") }
        return Int(number)
    }

    /// A positive whole number that must be there.
    func required(_ names: String...) throws(FileError) -> Int {
        for name in names {
            if let found = try size(name) { return found }
        }
        throw error(names[0], "is missing")
    }

    func flag(_ name: String) throws(FileError) -> Bool? {
        guard let (_, value) = value([name]) else { return nil }
        guard case .bool(let flag) = value else { throw error(name, "`\(value.text)` is not true or false") }
        return flag
    }

    func string(_ names: String...) throws(FileError) -> String? {
        guard let (name, value) = value(names) else { return nil }
        guard case .string(let text) = value else { throw error(name, "`\(value.text)` is not a string") }
        return text
    }

    func strings(_ name: String) throws(FileError) -> [String]? {
        guard let (_, value) = value([name]) else { return nil }
        guard case .array(let items) = value else { throw error(name, "`\(value.text)` is not a list") }
        var texts: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw error(name, "`\(item.text)` is not a string") }
            texts.append(text)
        }
        return texts
    }

    func count(_ name: String) throws(FileError) -> Int? {
        guard let (_, value) = value([name]) else { return nil }
        guard case .array(let items) = value else { throw error(name, "`\(value.text)` is not a list") }
        return items.count
    }

    func object(_ name: String) throws(FileError) -> JSONFields? {
        guard let (_, value) = value([name]) else { return nil }
        guard case .object(let inner) = value else { throw error(name, "`\(value.text)` is not an object") }
        return JSONFields(file: file, prefix: prefix + name + ".", fields: inner)
    }
}
