import Primitives
import Testing

@testable import Planning

/// The tree as text, and back.
@Suite struct SettingTreeTests {
    private let place = SettingPosition(source: SettingSource(name: "t", text: ""), line: 1, column: 1)

    private func node(_ content: SettingNode.Content) -> SettingNode { SettingNode(content, at: place, label: "`t`") }

    /// A tree of at most `depth` levels, drawn from `generator`.
    private func tree(depth: Int, _ generator: inout KeyedGenerator) -> SettingNode {
        let choice = depth == 0 ? 0 : generator.next() % 4
        switch choice {
        case 2:
            return node(.list((0..<(generator.next() % 4)).map { _ in tree(depth: depth - 1, &generator) }))
        case 3:
            return node(
                .map(
                    (0..<(generator.next() % 4)).map { index in
                        SettingEntry(
                            key: "k\(index) \(scalar(&generator))", keyPosition: place,
                            value: tree(depth: depth - 1, &generator))
                    }))
        default:
            return node(.scalar(scalar(&generator), quoted: true))
        }
    }

    private func scalar(_ generator: inout KeyedGenerator) -> String {
        let pieces = [
            "a", "1", " ", ": ", "#", "\n", "\t", "\"", "'", "\\", "-", "é", "𝛼", "{", "]", "%", "&", "*", "null",
            "\u{7}", "~", "=", "2 s",
        ]
        return (0..<(generator.next() % 6)).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }.joined()
    }

    /// Texts without quotes and positions.
    private func plain(_ node: SettingNode) -> String {
        switch node.content {
        case .scalar(let text, _): "<\(text)>"
        case .list(let items): "[" + items.map(plain).joined(separator: ",") + "]"
        case .map(let entries): "{" + entries.map { "\($0.key)=" + plain($0.value) }.joined(separator: ",") + "}"
        }
    }

    @Test func renderedTreesParseBackToThemselves() throws {
        let root = RandomKey(seed: 3).derived("trees")
        for round in 0..<400 {
            var generator = root.derived(UInt64(round)).generator()
            let tree = tree(depth: 4, &generator)
            let text = tree.yaml
            let again = try ScenarioFile.tree(of: text, in: SettingSource(name: "t", text: text), label: "`t`")
            #expect(plain(again) == plain(tree), "round \(round):\n\(text)")
        }
    }

    @Test(arguments: [
        ("8_192", "8_192"), ("0.45 $/h", "0.45 $/h"), ("-5", "-5"), ("95 %", "95 %"),
        ("aws/g6e.xlarge/us-east-1", "aws/g6e.xlarge/us-east-1"),
        ("", ""), ("a: b", "\"a: b\""), ("- a", "\"- a\""), ("*x", "\"*x\""), ("tab\there", "\"tab\\there\""),
        ("quote\"", "\"quote\\\"\""), ("trailing ", "\"trailing \""), ("x # y", "\"x # y\""), ("@at", "\"@at\""),
    ])
    func scalarsStayPlainWhereTheyCan(text: String, rendered: String) {
        #expect(node(.scalar(text, quoted: false)).yaml == rendered + "\n")
    }

    @Test func quotedTextStaysQuoted() {
        #expect(node(.scalar("5", quoted: true)).yaml == "\"5\"\n")
        #expect(node(.scalar("\u{1}\u{85}", quoted: true)).yaml == "\"\\U00000001\\U00000085\"\n")
    }

    @Test func nestingIsByIndentation() {
        let leaf = node(.scalar("1", quoted: false))
        let inner = node(
            .map([
                SettingEntry(key: "a", keyPosition: place, value: leaf),
                SettingEntry(key: "b", keyPosition: place, value: node(.list([]))),
            ]))
        let list = node(.list([inner, leaf, node(.list([leaf, leaf]))]))
        let root = node(
            .map([
                SettingEntry(key: "x", keyPosition: place, value: list),
                SettingEntry(key: "y", keyPosition: place, value: node(.map([]))),
            ]))
        #expect(root.yaml == "x:\n  - a: 1\n    b: []\n  - 1\n  - - 1\n    - 1\ny: {}\n")
    }

    @Test func whatAValueIsCalled() {
        #expect(node(.list([])).shown == "a list" && node(.map([])).shown == "a mapping")
        #expect(node(.scalar("~", quoted: false)).shown == "nothing" && node(.scalar("~", quoted: true)).shown == "`~`")
        let long = String(repeating: "x", count: 80)
        #expect(node(.scalar(long, quoted: false)).shown == "`" + String(repeating: "x", count: 57) + "…`")
    }

    @Test func sourcesKnowTheirLines() {
        let source = SettingSource(name: "s", text: "a\r\nb\n\nd")
        #expect(
            source.lines == ["a", "b", "", "d"] && source.line(2) == "b" && source.line(9) == "" && source.line(0) == ""
        )
        let clamped = SettingPosition(source: source, line: -3, column: 0)
        #expect(clamped.line == 1 && clamped.column == 1)
    }
}
