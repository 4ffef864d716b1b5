/// What may not be written, and where. Words this file has to name are put together from pieces, so that it need not
/// be exempt from its own rules.
enum TextRules {
    /// Calls and types that have no place on the engine's hot path.
    static let hotFolders = ["Sources/SimulationCore/Events/", "Sources/SimulationCore/Engine/"]
    private static let banned = [
        "print", "debugPrint", "dump", "Date", "Substring", "NSLock", "DispatchQueue", "Task", "hashValue",
    ]
    /// Making a string, or looking one up; a policy's raw value in a configuration is neither.
    private static let bannedPieces = ["String(", "<String", "[String"]

    static func hotPath(_ file: SourceFile) -> [Offence] {
        guard hotFolders.contains(where: file.path.hasPrefix) else { return [] }
        return file.code.indices.compactMap { index in
            let line = file.code[index]
            let words = words(of: line)
            let found = banned.first(where: words.contains) ?? bannedPieces.first(where: line.contains)
            if let found { return file.offence(index, "\(found) on the hot path") }
            return storesClosure(line) ? file.offence(index, "a stored closure on the hot path") : nil
        }
    }

    /// A property, at the indentation of a type's members, of a function's type.
    private static func storesClosure(_ line: String) -> Bool {
        guard let colon = line.firstIndex(of: ":"), line.prefix(while: { $0 == " " }).count == 4 else { return false }
        let declares = words(of: String(line[..<colon])).contains { $0 == "var" || $0 == "let" }
        let type = line[line.index(after: colon)...].prefix { $0 != "{" && $0 != "=" }
        return declares && type.contains("->")
    }

    private static let leftoverWords = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

    static func leftovers(_ file: SourceFile) -> [Offence] {
        file.lines.indices.compactMap { index in
            let words = words(of: file.lines[index])
            if let word = leftoverWords.first(where: words.contains) { return file.offence(index, "\(word) left over") }
            return file.lines[index].contains("fatal" + "Error(\"not ") ? file.offence(index) : nil
        }
    }

    /// `print` outside the executable.
    static func prints(_ file: SourceFile) -> [Offence] {
        guard file.path.hasPrefix("Sources/"), file.room != "isocost" else { return [] }
        return file.code.indices.filter {
            words(of: file.code[$0]).contains("print") && file.code[$0].contains("print(")
        }
        .map { file.offence($0) }
    }

    private static let machinePaths = ["work", "root", "home", "Users", "opt"].map { "/" + $0 + "/" }

    /// Paths of one machine: the folder has to begin the path, so `Sources/work/` is nobody's home.
    static func machinePaths(_ file: SourceFile) -> [Offence] {
        file.lines.indices.filter { index in
            machinePaths.contains { path in
                let pieces = file.lines[index].components(of: path)
                return pieces.dropLast().contains {
                    !($0.last?.isLetter == true || $0.last?.isNumber == true || $0.last == ".")
                }
            }
        }.map { file.offence($0) }
    }

    private static let foreignWords = [
        "clau" + "de", "anthro" + "pic", "copi" + "lot", "co-authored" + "-by", "generated " + "with",
        "ai " + "assistant",
        "coding " + "agent", "arti" + "factory", "jfr" + "og", "pypi" + ".org", "crates" + ".io", "npm" + "js",
        "proxy." + "golang", "registry." + "npm", "nexus" + ".",
    ]

    /// The repository speaks of the product alone.
    static func foreignWords(_ file: SourceFile) -> [Offence] {
        file.lines.indices.compactMap { index in
            let line = file.lines[index].lowercased()
            return foreignWords.contains { line.contains($0) } ? file.offence(index) : nil
        }
    }

    static func whitespace(_ file: SourceFile) -> [Offence] {
        var offences = file.lines.indices.compactMap { index -> Offence? in
            let line = file.lines[index]
            if line.utf8.last == 0x0D { return file.offence(index, "a carriage return") }
            if line.utf8.contains(0x09), file.name != "Makefile" { return file.offence(index, "a tab") }
            return line.last?.isWhitespace == true ? file.offence(index, "trailing white space") : nil
        }
        if let last = file.text.utf8.last, last != 0x0A {
            offences.append(file.offence(file.lines.count - 1, "no line feed at the end of the file"))
        }
        return offences
    }

    private static func words(of line: String) -> Set<String> {
        Set(line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
    }
}

extension String {
    /// The pieces between occurrences of `separator`.
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
