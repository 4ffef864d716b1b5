import Foundation

/// A folder of one test's own, gone with it.
final class TemporaryFolder: Sendable {
    let path: String
    /// Where the outputs of processes go, apart from the files that tests look at.
    let streams: String

    init() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)").path
        path = base + "/work"
        streams = base + "/streams"
        for folder in [path, streams] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: URL(fileURLWithPath: path).deletingLastPathComponent())
    }

    func file(_ name: String) -> String { path + "/" + name }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

    @discardableResult
    func write(_ name: String, _ data: Data) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        return url.path
    }

    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }

    func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

    /// Every file under a folder of this one, by its path there, sorted; hidden ones too.
    func files(under folder: String = "") -> [String] {
        let start = URL(fileURLWithPath: file(folder)).path
        guard let found = FileManager.default.enumerator(atPath: start) else { return [] }
        return found.compactMap { $0 as? String }.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: start + "/" + name, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// The bytes of every file under a folder, except the store's: opening a database may touch its header, so what
    /// is in it is compared by what `isocost` reads from it.
    func contents(under folder: String) throws -> [String: Data] {
        let names = files(under: folder).filter { !$0.hasPrefix("isocost.sqlite") }
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try data(folder + "/" + $0)) })
    }
}
