import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct ScatterChartTests {
    private static func point(
        _ index: Int, _ cost: Double, _ latency: Double, _ standing: ScatterChart.Standing, half: Double? = nil
    )
        -> ScatterChart.Point
    {
        .init(
            style: SeriesStyle(index), name: "strategy \(index) <&>",
            cost: Estimate(mean: cost, half: half.map { $0 * cost }),
            latency: Estimate(mean: latency, half: half.map { $0 * latency }), standing: standing,
            tip: "tip \(index) \"<&>\"")
    }

    private static let chart = ScatterChart(
        title: "Cost against TTFT p99", costTitle: "Dollars per hour", latencyTitle: "TTFT p99",
        points: [
            point(0, 5, 300, .meets, half: 0.1), point(1, 6, 900, .misses), point(2, 8, 400, .dominated, half: 0.05),
            point(3, 1, 90_000, .overloaded, half: 0.5),
        ], bound: (500, "target ≤ 500 ms"))

    private func xml(width: Double, _ chart: ScatterChart = chart) -> XMLCheck {
        XMLCheck(chart.svg(width: width, height: 320).text)
    }

    @Test(arguments: [358.0, 544, 760])
    func isWellFormedAtEveryWidth(width: Double) {
        #expect(xml(width: width).isWellFormed)
        #expect(xml(width: width).all("svg").first?["viewBox"] == "0 0 \(Int(width)) 320")
    }

    @Test func everyStrategyIsAFocusablePointWithAHoverText() {
        let points = xml(width: 544).all("g", class: "pt")
        #expect(points.map { $0["data-tip"] } == (0..<4).map { "tip \($0) \"<&>\"" })
        #expect(points.allSatisfy { $0["tabindex"] == "-1" })
        #expect(xml(width: 544).all("g", class: "walk").count == 1)
    }

    @Test func standingsLookDifferent() {
        let xml = xml(width: 544)
        #expect(xml.all("path", class: "cross").count == 1)
        #expect(xml.all("path", class: "grey").count == 1)
        #expect(xml.all("path", class: "hollow").count == 1)
        #expect(xml.all("path", class: "mark").count == 3)
        #expect(xml.texts.contains("strategy 3 <&> (overloaded)"))
    }

    @Test func errorBarsStandForIntervalsButNotForOverload() {
        #expect(xml(width: 544).all("line", class: "error").count == 4)
    }

    @Test func theBoundIsALineWithItsLabel() {
        #expect(xml(width: 544).all("line", class: "slo").count == 1)
        #expect(xml(width: 544).texts.contains("target ≤ 500 ms"))
        var unbounded = Self.chart
        unbounded.bound = nil
        #expect(xml(width: 544, unbounded).all("line", class: "slo").isEmpty)
    }

    @Test func coordinatesStayInsideThePicture() throws {
        for mark in xml(width: 358).all("path", class: "mark") {
            let numbers = (mark["transform"] ?? "").split { !"0123456789.".contains($0) }.compactMap { Double($0) }
            #expect(numbers.count == 2)
            #expect((58...342).contains(try #require(numbers.first)))
            #expect((34...274).contains(try #require(numbers.last)))
        }
    }

    @Test func labelsDoNotOverlap() {
        var crowded = Self.chart
        crowded.points = (0..<12).map { Self.point($0, 5 + Double($0 % 4) * 0.3, 300 + Double($0 / 4) * 20, .meets) }
        for width in [358.0, 544] {
            let names = xml(width: width, crowded).all("text", class: "name")
            let positions = names.map { (Double($0["x"] ?? "") ?? 0, Double($0["y"] ?? "") ?? 0) }
            for (index, one) in positions.enumerated() {
                for other in positions[..<index] { #expect(abs(one.0 - other.0) > 5 || abs(one.1 - other.1) > 11) }
            }
        }
    }

    @Test func axisDollarsAreShort() {
        #expect(Wording.axisDollars(2.5) == "$2.5")
        #expect(Wording.axisDollars(0) == "$0")
        #expect(Wording.axisDollars(12_000) == "$12,000")
        #expect(Wording.axisDollars(0.1 + 0.2) == "$0.3")
    }
}

@Suite struct DistributionChartTests {
    private static func series(_ index: Int, _ values: [Int64], overloaded: Bool = false) -> DistributionChart.Series {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value * 1_000_000) }
        return .init(style: SeriesStyle(index), name: "s<\(index)>", overloaded: overloaded, histogram: histogram)
    }

    @Test func sharesNeverFall() {
        let points = Self.series(0, (1...1_000).map { $0 }).points
        #expect(points.count == 104)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.value <= $1.value && $0.share <= $1.share })
        #expect(points.last?.share == 1)
        #expect(abs((points.last?.value ?? 0) - 1_000) <= 1)
    }

    @Test func isWellFormedWithALinePerSeries() {
        let chart = DistributionChart(
            title: "TTFT",
            series: [Self.series(0, [1, 10, 100]), Self.series(1, [5_000], overloaded: true), Self.series(2, [])],
            bound: (2_000, 0.99, "p99 ≤ 2 s"))
        let xml = XMLCheck(chart.svg(width: 358, height: 270).text)
        #expect(xml.isWellFormed)
        #expect(xml.all("path", class: "line").count == 2, "a series of nothing has no line")
        #expect(xml.all("path", class: "faint").count == 1)
        #expect(xml.all("line", class: "slo").count == 1)
        #expect(xml.all("g", class: "pt").first?["data-tip"] == "s<0>: p10 1.00 ms")
    }

    @Test func nothingAtAllIsStillAChart() {
        let xml = XMLCheck(DistributionChart(title: "TTFT", series: []).svg(width: 358, height: 270).text)
        #expect(xml.isWellFormed)
        #expect(xml.all("path", class: "line").isEmpty)
    }

    @Test func zeroLatenciesDoNotBreakTheLogarithm() {
        let chart = DistributionChart(title: "Queue", series: [Self.series(0, [0, 0, 50])])
        let text = chart.svg(width: 358, height: 270).text
        #expect(XMLCheck(text).isWellFormed)
        #expect(!text.lowercased().contains("nan") && !text.lowercased().contains("inf"))
    }
}

@Suite struct TimelineChartTests {
    private static func sample(_ index: Int, width: Double = 60) -> TimelineChart.Sample {
        .init(
            start: Double(index) * width, end: Double(index + 1) * width, arrivalRate: Double(index), completionRate: 1,
            running: 3, waiting: Double(index) * 2, kvUse: 0.5, busy: nil)
    }

    @Test func thinningKeepsMeansAndEnds() {
        let samples = (0..<100).map { Self.sample($0) }
        let thinned = TimelineChart.thinned(samples, to: 30)
        #expect(thinned.count == 25)
        #expect(thinned.first?.start == 0)
        #expect(thinned.last?.end == 6_000)
        #expect(thinned[0].arrivalRate == 1.5)
        #expect(thinned[0].waiting == 3)
        #expect(thinned[0].kvUse == 0.5)
        #expect(thinned[0].busy == nil)
        #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(TimelineChart.thinned(samples, to: 100).count == 100)
    }

    @Test func thinningWeighsByDuration() {
        var short = Self.sample(1)
        short.end = short.start + 30
        let merged = TimelineChart.thinned([Self.sample(0), short, Self.sample(2)], to: 2)
        #expect(abs(merged[0].arrivalRate - 1.0 / 3) < 1e-12)
    }

    @Test func hasThreeStripsAndTheirValues() {
        let chart = TimelineChart(title: "a <b>", samples: (0..<60).map { Self.sample($0) }, rateLimit: 60)
        let xml = XMLCheck(chart.svg(width: 358, height: 350).text)
        #expect(xml.isWellFormed)
        for title in ["Requests per second", "Requests in the fleet", "Share in use"] {
            #expect(xml.texts.contains(title))
        }
        #expect(xml.all("path", class: "area").count == 3)
        #expect(xml.all("rect", class: "hit").count == 30)
        let tip = xml.all("g", class: "pt").first?["data-tip"] ?? ""
        #expect(tip.contains("arriving 0.500/s") && tip.contains("KV cache 50 %") && tip.hasPrefix("0:00:00 – 0:02:00"))
    }

    @Test func aFourthStripShowsTheFleetWhereItsSizeChanges() {
        let samples = (0..<60).map { index in
            var sample = Self.sample(index)
            (sample.ready, sample.rented) = (Double(index / 20), Double(index / 20 + 1))
            return sample
        }
        let chart = TimelineChart(title: "a", samples: samples, rateLimit: 60, instanceLimit: 3)
        let xml = XMLCheck(chart.svg(width: 358, height: 460).text)
        #expect(xml.isWellFormed && xml.texts.contains("Instances"))
        #expect(xml.all("path", class: "area").count == 4)
        let tips = xml.all("g", class: "pt").compactMap { $0["data-tip"] }
        #expect(tips.first?.contains("ready 0 of 1.00 rented") == true)
        #expect(tips.last?.contains("ready 2.00 of 3.00 rented") == true)
        let three = TimelineChart(title: "a", samples: samples, rateLimit: 60).svg(width: 358, height: 350).text
        #expect(!three.contains("Instances") && !three.contains("rented"))
    }

    @Test func withoutSamplesItIsWellFormed() {
        #expect(
            XMLCheck(TimelineChart(title: "", samples: [], rateLimit: 0).svg(width: 358, height: 350).text).isWellFormed
        )
    }
}

@Suite struct CostBarsTests {
    @Test func segmentsAddUpToTheBar() {
        let chart = CostBars(
            title: "Cost",
            bars: [
                .init(style: SeriesStyle(0), name: "a", parts: [5, 3, 0, 0, 2], note: "50 % busy"),
                .init(style: SeriesStyle(1), name: "b", parts: [1, 0, 0, 0, 0], note: ""),
            ])
        let xml = XMLCheck(chart.svg(width: 574).text)
        #expect(xml.isWellFormed)
        let widths = xml.all("rect").compactMap { Double($0["width"] ?? "") }
        #expect(widths == [250, 150, 100, 50])
        #expect(xml.texts.contains("$10.00"))
        #expect(xml.all("g", class: "pt")[1]["data-tip"] == "a: idle $3.00 (30 %)")
    }

    @Test func longNamesAreCutOnAPhone() {
        let name = String(repeating: "very long strategy name ", count: 10)
        let chart = CostBars(
            title: "", bars: [.init(style: SeriesStyle(0), name: name, parts: [1, 0, 0, 0, 0], note: "overloaded")])
        let xml = XMLCheck(chart.svg(width: 358).text)
        #expect(xml.texts.contains { $0.hasPrefix("very long") && $0.hasSuffix("…") && $0.count < 60 })
    }

    @Test func freeMachinesDrawNothing() {
        let chart = CostBars(
            title: "", bars: [.init(style: SeriesStyle(0), name: "free", parts: [0, 0, 0, 0, 0], note: "")])
        #expect(XMLCheck(chart.svg(width: 358).text).all("rect").isEmpty)
    }
}
