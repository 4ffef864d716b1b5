import Testing

@testable import Reports

@Suite struct MarkupTests {
    @Test func interpolatedStringsAreData() {
        let name = #"<b>"A" & 'B'</b>"#
        let markup: Markup = "<p>\(name)</p>"
        #expect(markup.text == "<p>&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;/b&gt;</p>")
    }

    @Test func interpolatedMarkupStaysMarkup() {
        let inner: Markup = "<b>\("x<y")</b>"
        let outer: Markup = "<p>\(inner)\([inner, inner])</p>"
        #expect(outer.text == "<p><b>x&lt;y</b><b>x&lt;y</b><b>x&lt;y</b></p>")
    }

    @Test func numbersAreShortCoordinates() {
        let markup: Markup = "\(1.0) \(2.345678) \(-0.5) \(42)"
        #expect(markup.text == "1 2.35 -0.5 42")
    }

    @Test func charactersXMLForbidsAreReplaced() {
        #expect(Markup(data: "a\u{0}b\u{1}c\u{FFFE}d\te\n").text == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\te\n")
        #expect(XMLCheck("<p>\(Markup(data: Fixture.hostile).text)</p>").isWellFormed)
    }

    @Test func joins() {
        let parts: [Markup] = ["<a/>", "<b/>"]
        #expect(parts.joined(separator: ", ").text == "<a/>, <b/>")
        #expect([Markup]().joined().isEmpty)
    }
}

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("abc", 3), ("", 0), ("日本語", 6), ("e\u{301}", 1), ("한국", 4), ("🚀", 2), ("👩‍🚀", 2), ("✓ ok", 4), ("─", 1),
        ("Ｆｕｌｌ", 8),
    ])
    func countsColumns(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test func cutsWithoutSplittingWideCharacters() {
        #expect(DisplayWidth.truncated("abcdef", to: 6) == "abcdef")
        #expect(DisplayWidth.truncated("abcdefg", to: 6) == "abcde…")
        #expect(DisplayWidth.truncated("日本語", to: 5) == "日本…")
        #expect(DisplayWidth.truncated("日本語", to: 4) == "日…")
        #expect(DisplayWidth.truncated("abc", to: 0) == "")
        for columns in 0...12 { #expect(DisplayWidth.of(DisplayWidth.truncated("日a本b語c", to: columns)) <= columns) }
    }
}
