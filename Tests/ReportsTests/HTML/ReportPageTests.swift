import Foundation
import Planning
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct ReportPageTests {
    private let page = ReportPage.html(of: Fixture.result())

    /// The body as XML: what is not void in HTML must be balanced anyway.
    private static func body(_ page: String) -> XMLCheck {
        let start = page.range(of: "<main>")?.lowerBound ?? page.startIndex
        let end = page.range(of: "</main>")?.upperBound ?? page.endIndex
        return XMLCheck(
            String(page[start..<end]).replacing("<br>", with: "<br/>").replacing("<details open>", with: "<details>"))
    }

    @Test func loadsNothingFromOutside() {
        // The one address is the name of the SVG namespace, which nobody fetches.
        let rest = page.replacing("http://www.w3.org/2000/svg", with: "")
        for loader in [
            "http:", "https:", "//cdn", "src=", "href=", "@import", "url(", "<link", "<img", "<iframe", "fetch(",
            "import(",
        ] {
            #expect(!rest.contains(loader), "\(loader)")
        }
    }

    @Test func elementsAreBalanced() {
        #expect(Self.body(page).isWellFormed)
        #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    }

    @Test func theAnswerStandsFirst() throws {
        let answer = try #require(page.range(of: "Take <strong>marketplace, secure</strong>. At $5.16 an hour"))
        let table = try #require(page.range(of: "<table"))
        #expect(answer.lowerBound < table.lowerBound)
    }

    @Test func allSectionsHaveTheirHeading() {
        let xml = Self.body(page)
        let sections = xml.all("section")
        #expect(
            sections.compactMap { $0["id"] } == [
                "answer", "strategies", "cost-latency", "break-even", "latency", "timeline", "money", "cost-split",
                "invoice", "fleets", "assumptions", "definitions", "reproduce",
            ])
        let headings = Set(xml.elements.compactMap { $0.name == "h2" ? $0.attributes["id"] : nil })
        #expect(sections.allSatisfy { headings.contains($0["aria-labelledby"] ?? "") })
        #expect(xml.all("h1").count == 1)
    }

    @Test func identifiersAreUnique() {
        let ids = Self.body(page).elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
    }

    @Test func overloadIsABannerAndNeverAnOrdinaryNumber() throws {
        #expect(
            page.contains("<p class=\"banner\" role=\"note\"><strong>two L40S is overloaded.</strong> At the end 912"))
        let start = try #require(page.range(of: "<tr class=\"over\">"))
        let row = page[start.lowerBound...].prefix { $0 != "\n" }
        #expect(row.contains("✕ overloaded"))
        #expect(row.components(separatedBy: "growing").count == 4, "TTFT, TPOT and queue")
        #expect(!row.contains(" ms"))
    }

    @Test func missedBoundsAreMarkedInWords() {
        #expect(page.contains("✕ misses target"))
        var result = Fixture.result()
        result.objectives[0].bound = .milliseconds(100)
        #expect(ReportPage.html(of: result).contains("<span class=\"sr\"> misses the bound</span>"))
    }

    @Test func hostileNamesAreOnlyText() {
        var shapes = Fixture.shapes
        shapes[1].name = Fixture.hostile
        shapes[4].name = "`</style><img src=x onerror=alert(1)>`"
        shapes[0].offer = "\"onload=\"x"
        var result = Fixture.result(shapes: shapes, name: Fixture.hostile)
        result.text = "</pre><script>alert(2)</script>"
        result.workload = "<b>w</b>"
        result.warnings = ["`<i>` & </p>", "a ` lonely tick <u>"]
        result.assumptions = [Assumption(subject: "<s>", value: "<v>", source: "<o>", confidence: .given, error: "<e>")]
        for index in result.strategies.indices {
            result.strategies[index].runs[0].invoice.lines[0].description = "<td>"
        }
        let hostile = ReportPage.html(of: result)
        #expect(Self.body(hostile).isWellFormed)
        #expect(hostile.components(separatedBy: "<script>").count == 2, "ours alone")
        #expect(!hostile.contains("<img") && !hostile.contains("<b>w") && !hostile.contains("<u>"))
        #expect(hostile.contains("<b>&lt;i&gt;</b> &amp; &lt;/p&gt;"), "names in backticks are bold")
    }

    @Test func theInvoiceIsExact() {
        let hasTotal = page.contains("<b>$11.166</b> over 60 min")
        #expect(hasTotal)
        #expect(page.contains("<tfoot><tr><th scope=\"row\" colspan=\"4\">Total</th><td class=\"n\">$5.16</td>"))
    }

    @Test func assumptionsSayHowWellTheyAreKnown() {
        #expect(page.contains("5 inputs: 1 measured, 1 published, 1 derived, 1 given and 1 assumed."))
        #expect(page.contains("±12 %"))
        #expect(page.contains("2026-10-02"))
        for confidence in Confidence.allCases { #expect(page.contains("class=\"known \(confidence.rawValue)\"")) }
    }

    @Test func termsSeedsVersionAndScenarioAreThere() {
        for term in ["TTFT", "TPOT", "ITL", "E2E", "Queue", "Goodput", "Dominated", "Overloaded"] {
            #expect(page.contains("<dt>\(term)</dt>"))
        }
        #expect(page.contains("Isocost 0.1.0"))
        #expect(page.contains("18446744073709551600"))
        #expect(page.contains("fedcba9876543210"))
        #expect(page.contains("<pre tabindex=\"0\">version: 1\nname: chat-8b-two-markets"))
    }

    @Test func equalResultsGiveEqualBytes() {
        #expect(ReportPage.html(of: Fixture.result()) == page)
    }

    @Test func numbersAreFiniteEverywhere() {
        for bad in ["nan", "inf\"", "-inf", "+inf"] { #expect(!page.lowercased().contains("\(bad) ")) }
        #expect(!page.contains("\"nan\""))
    }

    @Test func anEmptyResultIsStillAPage() {
        var result = Fixture.result(shapes: [])
        result.objectives = []
        result.assumptions = []
        result.warnings = []
        let empty = ReportPage.html(of: result)
        #expect(Self.body(empty).isWellFormed)
        #expect(empty.contains("The scenario has no strategies to choose from."))
    }

    @Test func aRunWhereNothingCompletedIsStillAPage() {
        var result = Fixture.result(replications: 1)
        for index in result.strategies.indices {
            result.strategies[index].runs[0].record = RunRecord()
            result.strategies[index].runs[0].metrics.ttft = LatencyStatistics(.init())
            result.strategies[index].runs[0].metrics.costPerMillionTokens = nil
            result.comparison[index].metrics = []
        }
        #expect(Self.body(ReportPage.html(of: result)).isWellFormed)
    }

    @Test func classesAreListedWhereThereAreSeveral() {
        #expect(!page.contains("By request class"))
        var result = Fixture.result()
        var chat = ClassRecord(name: "chat & <co>")
        chat.offered = 10
        chat.good = 9
        chat.ttft.record(5_000_000)
        result.strategies[0].runs[0].record.classes = [chat, ClassRecord(name: "batch")]
        let page = ReportPage.html(of: result)
        #expect(page.contains("By request class"))
        #expect(page.contains("chat &amp; &lt;co&gt;"))
        #expect(Self.body(page).isWellFormed)
    }

    @Test func manyStrategiesAndPoolsFit() {
        let shapes = (0..<16).map { index in
            var shape = Fixture.shapes[index % 5]
            shape.name = "strategy \(index)"
            return shape
        }
        var result = Fixture.result(replications: 1, shapes: shapes)
        result.strategies[3].pools.append(Fixture.pool(Fixture.shapes[2]))
        let page = ReportPage.html(of: result)
        #expect(Self.body(page).isWellFormed)
        for shape in shapes { #expect(page.contains(shape.name)) }
    }
}

@Suite struct InvoiceSectionTests {
    @Test func linesThatDifferInInstanceAloneAreOne() {
        let invoice = Fixture.result().strategies[0].runs[0].invoice
        let groups = InvoiceSection.groups(of: invoice)
        #expect(groups.count == 1)
        #expect(groups[0].lines == 6)
        #expect(groups[0].nanoQuantity == 6_000_000_000)
        #expect(groups[0].cost == invoice.total)
    }

    @Test func poolsChargesAndPricesStayApart() {
        var lines = Fixture.result().strategies[0].runs[0].invoice.lines
        lines[1].pool = "other"
        lines[2].description = "Egress"
        lines[3].contractedUnitPrice = Money(nanodollars: 1)
        lines[4].pricingUnit = "GB"
        let groups = InvoiceSection.groups(of: Invoice(lines: lines))
        #expect(groups.map(\.lines) == [2, 1, 1, 1, 1])
        #expect(groups.reduce(Money.zero) { $0 + $1.cost } == Invoice(lines: lines).total)
    }
}

@Suite struct StylesheetTests {
    /// Relative luminance and contrast as WCAG 2 defines them.
    private static func luminance(_ hex: String) -> Double {
        let digits = Array(hex.dropFirst())
        let channels = [0, 2, 4].map { index -> Double in
            let value = Double(Int(String(digits[index...index + 1]), radix: 16) ?? 0) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    private static func contrast(_ a: String, _ b: String) -> Double {
        let (low, high) = (min(luminance(a), luminance(b)), max(luminance(a), luminance(b)))
        return (high + 0.05) / (low + 0.05)
    }

    private func color(_ name: String, dark: Bool) -> String {
        Stylesheet.palette.first { $0.name == name }.map { dark ? $0.dark : $0.light } ?? ""
    }

    @Test(arguments: [false, true])
    func textIsReadable(dark: Bool) {
        let pairs = [
            ("ink", "paper"), ("ink", "panel"), ("muted", "paper"), ("muted", "panel"), ("accent", "paper"),
            ("ok", "ok-bg"),
            ("warn", "warn-bg"), ("bad", "bad-bg"), ("bad", "paper"), ("ink", "bad-bg"), ("ink", "warn-bg"),
            ("muted", "ok-bg"),
        ]
        for (text, ground) in pairs {
            let ratio = Self.contrast(color(text, dark: dark), color(ground, dark: dark))
            #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
        }
    }

    @Test(arguments: [false, true])
    func seriesStandOut(dark: Bool) {
        for index in 0..<SeriesStyle.hues {
            let ratio = Self.contrast(color("s\(index)", dark: dark), color("paper", dark: dark))
            #expect(ratio >= 2.7, "s\(index): \(ratio)")
        }
    }

    @Test func everyVariableUsedIsDefined() {
        let uses = Stylesheet.text.components(separatedBy: "var(--").dropFirst().map { String($0.prefix { $0 != ")" }) }
        let defined = Set(Stylesheet.palette.map(\.name))
        #expect(Set(uses).subtracting(defined).isEmpty)
    }

    @Test func darkPrintAndPhoneAreCovered() {
        for rule in ["prefers-color-scheme:dark", "@media print", "max-width:720px"] {
            #expect(Stylesheet.text.contains(rule))
        }
        #expect(Stylesheet.text.filter { $0 == "{" }.count == Stylesheet.text.filter { $0 == "}" }.count)
    }
}
