public import Foundation

/// A model described by a Hugging Face `config.json`.
public struct HuggingFaceConfig: Hashable, Sendable {
    /// The decoder's shape.
    public var architecture: ModelArchitecture
    /// What `quantization_config` says, or the plain precision of `torch_dtype`.
    public var precision: Precision

    /// Reads a `config.json`. The model is named after `_name_or_path`, or the file's folder, or `model_type`.
    /// - Throws: ``FileError`` naming the file, and the missing or odd field.
    public static func load(_ path: String) throws(FileError) -> HuggingFaceConfig {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FileError(file: path, reason: "cannot be read")
        }
        return try parse(data, file: path)
    }

    /// Parses the text of a `config.json`; `file` names it in errors.
    public static func parse(_ data: Data, file: String) throws(FileError) -> HuggingFaceConfig {
        guard case .object(let fields) = try decodeJSON(JSONValue.self, data, file: file) else {
            throw FileError(file: file, reason: "is not a JSON object")
        }
        do {
            return try read(JSONFields(file: file, prefix: "", fields: fields))
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError(file: file, reason: "\(error)")
        }
    }

    private static func read(_ outer: JSONFields) throws -> HuggingFaceConfig {
        let text = try outer.object("text_config") ?? outer.object("llm_config") ?? outer
        let reader = try ConfigReader(outer: outer, text: text)
        let architecture = try reader.architecture()
        return HuggingFaceConfig(
            architecture: architecture, precision: try reader.precision(native: architecture.nativeFormat))
    }
}
