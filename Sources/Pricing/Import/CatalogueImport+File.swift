import Foundation

extension CatalogueImport {
    /// Reads the catalogue at `path`; ``CatalogueSource/file`` names it in errors.
    /// - Throws: ``CatalogueError``, at line 1 when the file cannot be read or exceeds 256 MiB.
    public init(path: String, from source: CatalogueSource) throws(CatalogueError) {
        let unreadable = CatalogueError(file: source.file, line: 1, column: 1, "file cannot be read")
        guard let file = FileHandle(forReadingAtPath: path) else { throw unreadable }
        defer { try? file.close() }
        let limit = 256 << 20
        let data: Data
        do { data = try file.read(upToCount: limit + 1) ?? Data() } catch { throw unreadable }
        guard data.count <= limit else {
            throw CatalogueError(file: source.file, line: 1, column: 1, "file exceeds 256 MiB")
        }
        try self.init(bytes: Array(data), from: source)
    }
}
