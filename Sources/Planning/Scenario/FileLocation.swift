import Foundation

/// Where files are, and whether they are there.
enum FileLocation {
    /// What a path leads to.
    enum Kind { case nothing, file, folder }

    static func kind(of path: String) -> Kind {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return .nothing }
        return isFolder.boolValue ? .folder : .file
    }

    /// `path` itself where it is absolute, else below `folder`; without `.` and `..`.
    static func resolved(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : URL(fileURLWithPath: folder).appendingPathComponent(path).standardizedFileURL.path
    }

    /// Where the file or folder at `path` is, relative to `folder`.
    /// - Parameter word: what errors call it, e.g. `trace`.
    /// - Throws: ``ScenarioError`` at the path's place where nothing is there. It says the folder only where the path
    ///   itself does not.
    static func existing(_ path: Located<String>, in folder: String, called word: String) throws -> String {
        let file = resolved(path.value, in: folder)
        guard kind(of: file) == .nothing else { return file }
        let place = path.value.hasPrefix("/") ? "" : " in \(absolute(folder))"
        throw path.error(.missingFile, "there is no \(word) `\(path.value)`\(place)")
    }

    /// `path` below the working folder.
    static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// The folder that the file at `path` is in.
    static func folder(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }
}
