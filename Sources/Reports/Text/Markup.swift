/// HTML or SVG text. Literals are markup; interpolated strings are data and are escaped, so that no name from a
/// scenario can become markup by being forgotten.
///
/// Interpolated `Markup` goes in as it is, `Double` as a coordinate with at most two decimals.
struct Markup: Equatable, ExpressibleByStringInterpolation, ExpressibleByStringLiteral {
    private(set) var text: String

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }
    /// Trusted text, e.g. a stylesheet of ours.
    init(trusted text: String) { self.text = text }
    /// Data: escaped.
    init(data: String) { text = Self.escaped(data) }

    static func + (a: Self, b: Self) -> Self { Self(trusted: a.text + b.text) }
    static func += (a: inout Self, b: Self) { a.text += b.text }

    var isEmpty: Bool { text.isEmpty }

    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""
        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }
        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ data: String) { text += Markup.escaped(data) }
        mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
        mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ coordinate: Double) {
            text += Decimal.shortest((coordinate * 100).rounded() / 100)
        }
    }

    /// The data with `& < > " '` as entities; characters that XML forbids become U+FFFD.
    static func escaped(_ data: String) -> String {
        var text = ""
        text.reserveCapacity(data.utf8.count)
        for scalar in data.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\n", "\t", "\r": text.unicodeScalars.append(scalar)
            case let scalar where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE:
                text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Sequence<Markup> {
    func joined(separator: Markup = "") -> Markup {
        var result: Markup = ""
        for (index, part) in enumerated() { result += index > 0 ? separator + part : part }
        return result
    }
}
