/// Why a catalogue file was refused, with the place and the text at fault.
public struct CatalogueError: Error, Sendable, Equatable, CustomStringConvertible {
    /// As given by the caller.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// What is wrong.
    public var problem: String
    /// The offending text, shortened; empty where there is none.
    public var text: String

    init(file: String, line: Int, column: Int, _ problem: String, text: String = "") {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        self.text = text.count > 60 ? text.prefix(57) + "..." : text
    }

    /// One sentence: `file:line:column: problem: "text"`.
    public var description: String {
        "\(file):\(line):\(column): \(problem)" + (text.isEmpty ? "" : ": \"\(text)\"")
    }
}
