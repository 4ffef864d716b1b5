import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning
@testable import Reports

/// The page of a fleet to which things happen: waterfalls, fleet by state, incidents, regions, paths, break-even.
@Suite struct MarketPageTests {
    private static let result = MarketFixture.result()
    private let page = ReportPage.html(of: result, breakEven: MarketFixture.breakEven)

    private static func body(_ page: String) -> XMLCheck {
        let start = page.range(of: "<main>")?.lowerBound ?? page.startIndex
        let end = page.range(of: "</main>")?.upperBound ?? page.endIndex
        return XMLCheck(
            String(page[start..<end]).replacing("<br>", with: "<br/>").replacing("<details open>", with: "<details>"))
    }

    @Test func everyPictureIsThereAndWellFormed() {
        let xml = Self.body(page)
        #expect(xml.isWellFormed)
        let sections = xml.all("section").compactMap { $0["id"] }
        for id in ["break-even", "latency-split", "fleet", "money", "cost-split"] {
            #expect(sections.contains { $0.hasPrefix(id) }, "\(id) of \(sections)")
        }
        let ids = xml.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
    }

    /// The exact tables under the waterfalls: parts and total of the second strategy.
    @Test func waterfallsAddUpExactly() throws {
        let latency = try #require(Breakdown.latency(Self.result.strategies[1].runs.map(\.record)))
        #expect(latency.total == 6_550_000_000)
        #expect(page.contains("<td class=\"n\">6550 ms</td>"))
        let run = Self.result.strategies[1].runs[0]
        let cost = Breakdown.cost(run, pools: Self.result.strategies[1].pools)
        #expect(cost.total == Int128(run.invoice.total.nanodollars))
        #expect(page.contains("<td class=\"n\">\(Wording.exactDollars(run.invoice.total))</td>"))
        #expect(cost[.lost] > 0 && cost[.credits] == -50_000_000)
    }

    @Test func crossingsAreNamedOnBothSides() {
        #expect(page.contains("×3.07, $11.17\nbelow: marketplace, interruptible\nabove: hyperscale on-demand"))
        #expect(page.contains("Where the decision flips"))
    }

    @Test func serviceIsShownWithItsDefinitions() throws {
        var result = Self.result
        for index in result.comparison.indices {
            for (name, mean) in [("availability", 0.99), ("minutes_below_slo", 6), ("time_to_recover_s", 360)] {
                result.comparison[index].metrics.append(
                    .init(name: name, value: Estimate(mean: mean, half: mean / 100), difference: nil))
            }
        }
        let page = ReportPage.html(of: result)
        #expect(Self.body(page).isWellFormed)
        for text in [
            "How the service held up", "99.00 %", ">6.0<small>± 0.1</small>", "6.00 min", "Requests answered in full ÷",
            "until 3 bins in a row are not",
        ] { #expect(page.contains(text), "\(text)") }
        #expect(!self.page.contains("How the service held up"), "not where nothing is known")
    }

    @Test func whoseLatenciesDependOnPricesIsSaid() {
        var result = Self.result
        let free = "No strategy&#39;s policies read prices: other prices would change costs and no latency."
        let bound = "<b>marketplace, interruptible</b> reads prices: its results, latencies included, depend on them."
        for (readers, isFree) in [([], true), (["marketplace, interruptible"], false)] as [([String], Bool)] {
            result.priceReaders = readers
            let page = ReportPage.html(of: result)
            #expect(page.contains(free) == isFree)
            #expect(page.contains(bound) == !isFree)
        }
        result.priceReaders = nil
        #expect(!ReportPage.html(of: result).contains("read prices"))
    }
}

@Suite struct BreakEvenFigureTests {
    /// A crossing beyond the picture is told and not drawn; without two that may win there is a sentence alone.
    @Test func withoutRivalsASentenceSaysWhy() {
        var result = Fixture.result()
        let figure = BreakEvenFigure(of: result)
        #expect(figure.lines.isEmpty && figure.crossings.isEmpty)
        #expect(figure.sentences[0].contains("not divided"))
        for index in result.comparison.indices { result.comparison[index].meetsSLO = index == 1 }
        #expect(BreakEvenFigure(of: result).sentences[0].contains("only `marketplace, secure` meets the target"))
        result.comparison[1].meetsSLO = false
        #expect(BreakEvenFigure(of: result).sentences[0].contains("no strategy meets the target"))
    }

    @Test func theRateIsToldWithWhatWasTried() {
        let change = RateBreakEven.Change(low: 1.99, high: 2.01, below: "a", above: nil)
        let rate = RateBreakEven(
            rivals: ["a", "b"], rate: 4, trials: [.init(factor: 1, winner: "a", costs: [1, 2])], below: nil,
            above: change)
        let sentence = BreakEvenFigure(of: Fixture.result(), rate: rate).sentences.last ?? ""
        #expect(
            sentence.hasPrefix(
                "Break-even rate: at 2.00 times the scenario's rate (8.00 requests a second) the cheapest that meets the "
                    + "target changes from `a` (below) to none of the two (above)."), "\(sentence)")
        let none = RateBreakEven(rivals: ["a"], rate: 4, trials: [], below: nil, above: nil)
        #expect(
            BreakEvenFigure(of: Fixture.result(), rate: none).sentences.last?
                .hasPrefix("Break-even rate: none between 1/16 and 16 times") == true)
    }
}
