import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An RFC 4180 reader that shares nothing with the writer under test.
enum CSVReader {
    static func rows(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var quoted = false
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\"" where quoted && scalars.first == "\"":
                field.unicodeScalars.append(scalar)
                scalars.removeFirst()
            case "\"": quoted.toggle()
            case "," where !quoted:
                row.append(field)
                field = ""
            case "\n" where !quoted:
                rows.append(row + [field])
                (row, field) = ([], "")
            default: field.unicodeScalars.append(scalar)
            }
        }
        return field.isEmpty && row.isEmpty ? rows : rows + [row + [field]]
    }

    /// Rows as dictionaries by the header's names.
    static func records(_ text: String) -> [[String: String]] {
        let rows = rows(text)
        guard let header = rows.first else { return [] }
        return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }
}

/// What an XML parser found in a document.
final class XMLCheck: NSObject, XMLParserDelegate {
    private(set) var isWellFormed = false
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var texts: [String] = []
    private var open: [String] = []

    init(_ text: String) {
        super.init()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        isWellFormed = parser.parse()
    }

    func all(_ name: String, class cssClass: String? = nil) -> [[String: String]] {
        elements.filter { element in
            let classes = (element.attributes["class"] ?? "").split(separator: " ").map(String.init)
            return element.name == name && (cssClass.map(classes.contains) ?? true)
        }.map(\.attributes)
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        open.append(name)
        texts.append("")
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        if !texts.isEmpty { texts[texts.count - 1] += string }
    }
}

/// Exact decimal dollars read back as nano-dollars, independently of `Money`.
func nanodollars(_ text: String) -> Int64 {
    let negative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let padded = fraction + String(repeating: "0", count: 9 - fraction.count)
    let value = (Int64(parts[0]) ?? 0) * 1_000_000_000 + (Int64(padded) ?? 0)
    return negative ? -value : value
}
