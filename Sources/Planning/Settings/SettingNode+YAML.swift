extension SettingNode {
    /// The tree as YAML text that parses back to the same tree (positions and comments aside), with a final newline.
    package var yaml: String {
        switch content {
        case .scalar: "\(Self.scalar(content))\n"
        default: lines(indent: 0).joined(separator: "\n") + "\n"
        }
    }

    private func lines(indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        switch content {
        case .scalar: return [margin + Self.scalar(content)]
        case .list(let items):
            guard !items.isEmpty else { return [margin + "[]"] }
            return items.flatMap { item in
                var lines = item.lines(indent: indent + 2)
                lines[0] = margin + "- " + lines[0].dropFirst(indent + 2)
                return lines
            }
        case .map(let entries):
            guard !entries.isEmpty else { return [margin + "{}"] }
            return entries.flatMap { entry in
                let key = margin + Self.scalar(.scalar(entry.key, quoted: false)) + ":"
                return entry.value.isInline
                    ? [key + " " + entry.value.lines(indent: 0)[0]] : [key] + entry.value.lines(indent: indent + 2)
            }
        }
    }

    private var isInline: Bool {
        switch content {
        case .scalar: true
        case .list(let items): items.isEmpty
        case .map(let entries): entries.isEmpty
        }
    }

    /// Plain where that reads back as the same text, else in double quotes with JSON's escapes.
    private static func scalar(_ content: Content) -> String {
        guard case .scalar(let text, let quoted) = content else { return "" }
        let plain = text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || "0123456789 _-./$%+~<>()=".unicodeScalars.contains($0)
        }
        let starts =
            text.unicodeScalars.first.map {
                $0.properties.isAlphabetic || "0123456789./$~<(+".unicodeScalars.contains($0)
            } ?? true
        if !quoted, plain, starts, !text.hasSuffix(" "), !text.hasPrefix("...") { return text }
        if !quoted, DecimalNumber(text) != nil { return text }
        return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default:
            let isPrintable =
                scalar.value >= 0x20 && scalar.value < 0x7F || scalar.value >= 0xA0 && scalar.value < 0xD800
            if isPrintable { return String(scalar) }
            let hex = String(scalar.value, radix: 16, uppercase: true)
            return "\\U" + String(repeating: "0", count: 8 - hex.count) + hex
        }
    }
}
