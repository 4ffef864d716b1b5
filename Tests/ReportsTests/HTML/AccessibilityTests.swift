import Foundation
import Planning
import SimulationCore
import Testing

@testable import Reports

@Suite struct AccessibilityTests {
    private static let page = ReportPage.html(of: Fixture.result())

    private let xml: XMLCheck = {
        let start = page.range(of: "<main>")?.lowerBound ?? page.startIndex
        let end = page.range(of: "</main>")?.upperBound ?? page.endIndex
        let body = String(page[start..<end]).replacing("<br>", with: "<br/>")
        return XMLCheck(body.replacing("<details open>", with: "<details>"))
    }()

    @Test func everyHeaderCellHasAScope() {
        let headers = xml.all("th")
        #expect(headers.count > 40)
        #expect(headers.allSatisfy { ["col", "row", "rowgroup"].contains($0["scope"] ?? "") })
    }

    @Test func everyCellOfTheCardsHasItsLabel() {
        let labels = xml.all("td").compactMap { $0["data-label"] }
        // Verdict and eight numbers, for each of five strategies.
        #expect(labels.count == 45)
        #expect(Set(labels).count == 9)
    }

    @Test func everyChartHasANameAndAWayIn() {
        let charts = xml.all("svg", class: "chart")
        #expect(charts.count == 4 + 3 + 5 + 2 + 5, "scatters and bars in two widths, distributions, timelines, bills")
        #expect(charts.allSatisfy { !($0["aria-label"] ?? "").isEmpty })
        let ways = xml.all("g", class: "walk")
        #expect(ways.count >= charts.count)
        #expect(ways.allSatisfy { $0["tabindex"] == "0" && !($0["aria-label"] ?? "").isEmpty })
    }

    @Test func everyPointSaysWhatItIs() {
        let points = xml.all("g", class: "pt")
        #expect(points.allSatisfy { !($0["data-tip"] ?? "").isEmpty && $0["role"] == "img" })
        #expect(points.count == xml.all("title").count)
    }

    @Test func decorationIsHidden() {
        #expect(xml.all("svg", class: "swatch").allSatisfy { $0["aria-hidden"] == "true" })
    }

    @Test func headingsStepDownOneByOne() {
        let levels = xml.elements.compactMap { element -> Int? in
            element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
        }
        #expect(levels.first == 1)
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
    }

    @Test func theLanguageAndTheViewportAreSet() {
        #expect(Self.page.contains("<html lang=\"en\">"))
        #expect(Self.page.contains("name=\"viewport\" content=\"width=device-width, initial-scale=1\""))
    }

    @Test func theScriptIsBalancedAndHasNoClosingTag() {
        let script = PageScript.text
        for (open, close) in [("{", "}"), ("(", ")"), ("[", "]")] {
            #expect(script.filter { String($0) == open }.count == script.filter { String($0) == close }.count)
        }
        #expect(!script.contains("</"))
        #expect(!Stylesheet.text.contains("</"))
        #expect(!script.contains("innerHTML"), "tips are text, never markup")
    }
}
