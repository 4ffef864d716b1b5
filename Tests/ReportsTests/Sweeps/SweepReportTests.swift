import Foundation
import Primitives
import SimulationCore
import Testing

@testable import Planning
@testable import Reports

/// A sweep's tables and pages.
@Suite struct SweepReportTests {
    static func table(_ vary: [String] = grid, design: SweepDesign? = nil, sensitivity: Bool = false) throws
        -> SweepTable
    {
        let text = """
            version: 1
            name: "a & b"
            workload: {synthetic: {arrivals: {rate: 20 /s}, lengths: {input: 200, output: 30}, requests: 60}}
            model: llama-3.1-8b
            slo: {ttft: {p99: 1 s}}
            strategies:
              - {name: "<fleet>", pools: [{offer: aws/g6e.xlarge/us-east-1}]}
              - {name: other, pools: [{offer: runpod/1x_L40S_SECURE}]}
            compare: {replications: 2}
            """
        let sweep = try Sweep(
            text: text, path: "/tmp/s.yaml",
            Sweep.Request(vary: vary, design: design, isSensitivity: sensitivity))
        return SweepTable(sweep, outcomes: try sweep.jobs.map { try sweep.carryOut($0) })
    }

    static let grid = ["strategies.0.pools.0.replicas=1,2,3", "engine.max-sequences=4,64"]

    private func xml(_ page: String) -> XMLCheck {
        let start = page.range(of: "<main>")?.lowerBound ?? page.startIndex
        let end = page.range(of: "</main>")?.upperBound ?? page.endIndex
        return XMLCheck(String(page[start..<end]).replacing("<br>", with: "<br/>"))
    }

    @Test func everyRunHasItsRow() throws {
        let table = try Self.table()
        let records = CSVReader.records(SweepCSV.runs(table))
        #expect(records.count == 6 * 2 * 2)
        #expect(records.map { $0["job"] } == (0..<24).map { "\($0 / 2)" })
        #expect(records[5]["strategies.0.pools.0.replicas"] == "1" && records[5]["engine.max-sequences"] == "64")
        #expect(records.allSatisfy { $0["availability"] == "1" && $0["error"]?.isEmpty == true })
        #expect(Set(records.map { $0["strategy"] }) == ["<fleet>", "other"])
        for (record, run) in zip(records, table.outcomes.flatMap(\.runs)) {
            #expect(record["seed"] == "\(run.seed)" && record["cost_usd"] == run.cost.description)
            #expect(record["meets_slo"] == "\(run.account?.meetsSLO ?? false)")
        }
        let front = records.filter { $0["pareto"] == "true" }
        #expect(front.count == table.candidates.filter(\.isOnFront).count * 2 && !front.isEmpty)
    }

    @Test func pointsAreMeansWithIntervals() throws {
        let table = try Self.table()
        let records = CSVReader.records(SweepCSV.points(table))
        #expect(records.count == 12)
        for (record, candidate) in zip(records, table.candidates) {
            let mean = try #require(Double(record["cost_per_hour_usd"] ?? ""))
            let low = try #require(Double(record["cost_per_hour_usd_low"] ?? ""))
            #expect(mean == Estimate(of: candidate.runs.compactMap(\.costPerHour))?.mean && low <= mean)
            #expect(record["pareto"] == "\(candidate.isOnFront)")
        }
    }

    /// In whatever order outcomes come, the bytes are the same.
    @Test func orderOfOutcomesChangesNothing() throws {
        let table = try Self.table()
        let shuffled = SweepTable(table.sweep, outcomes: table.outcomes.reversed())
        #expect(SweepCSV.runs(table) == SweepCSV.runs(shuffled) && SweepCSV.points(table) == SweepCSV.points(shuffled))
        #expect(SweepPage.html(of: table) == SweepPage.html(of: shuffled))
    }

    @Test func thePageHasFrontAndMaps() throws {
        let page = SweepPage.html(of: try Self.table())
        let xml = xml(page)
        #expect(xml.all("h1").count == 1 && xml.all("section").count >= 5)
        #expect(page.contains("&lt;fleet&gt;") && !page.contains("<fleet>"))
        let charts = xml.all("svg", class: "chart")
        #expect(charts.count == 2 + 2 * 3, "the front in two widths, three maps of each strategy")
        #expect(xml.all("rect", class: "heat").count == 2 * 3 * 6)
        #expect(charts.allSatisfy { !($0["aria-label"] ?? "").isEmpty })
        #expect(xml.all("g", class: "pt").allSatisfy { !($0["data-tip"] ?? "").isEmpty })
        #expect(xml.all("th").allSatisfy { ["col", "row"].contains($0["scope"] ?? "") })
        #expect(
            !page.contains("http://")
                || page.components(separatedBy: "http://").dropFirst().allSatisfy { $0.hasPrefix("www.w3.org") })
    }

    @Test func sensitivityIsATornado() throws {
        let table = try Self.table([], sensitivity: true)
        let page = SweepPage.html(of: table)
        let xml = xml(page)
        #expect(page.contains("What the answer hangs on") && !page.contains("id=\"maps\""))
        #expect(xml.all("rect", class: "swing").count > 8)
        let records = CSVReader.records(SweepCSV.tornado(Sensitivity(table)))
        #expect(Set(records.map { $0["input"] }) == Set(table.sweep.axes.map(\.path)))
        for record in records {
            let numbers = ["as_it_is", "changed", "difference"].compactMap { Double(record[$0] ?? "") }
            #expect(numbers.count == 3 && abs(numbers[0] + numbers[2] - numbers[1]) <= 1e-9 * abs(numbers[1]))
            #expect(["true", "false", "unknown"].contains(record["beyond_chance"] ?? ""))
        }
        let text = SweepText.text(of: table)
        #expect(text.contains("prices") && text.contains("step-time") && text.contains("+20.0 %"))
    }

    @Test func failedPointsAreSaid() throws {
        let table = try Self.table(["model=llama-3.1-8b,llama-3.1-405b"])
        let records = CSVReader.records(SweepCSV.runs(table))
        #expect(records.count == 2 * 2 + 2)
        #expect(
            records.suffix(2).allSatisfy { $0["error"]?.isEmpty == false && $0["strategy"] == "" && $0["seed"] == "" })
        #expect(SweepText.text(of: table).contains("could not be carried out"))
        #expect(SweepPage.html(of: table).contains("could not be carried out"))
    }

    @Test func theAnswerAdmitsDoubt() throws {
        let table = try Self.table(["seed=1,2"])
        let text = SweepText.text(of: table)
        #expect(text.contains("The cheapest that meets the SLO is "))
        #expect(
            text.contains("vidence") || text.contains("costs the same"),
            "seeds are no reason to prefer a point:\n\(text)")
        var single = table.outcomes.filter { $0.job % 2 == 0 }
        #expect(SweepText.text(of: SweepTable(table.sweep, outcomes: single)).contains("no evidence"))
        for index in single.indices {
            for run in single[index].runs.indices { single[index].runs[run].verdict = .overloaded }
        }
        #expect(SweepText.text(of: SweepTable(table.sweep, outcomes: single)).contains("Nothing that was tried"))
    }

    @Test func aFolderHoldsAllOfIt() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = RunFolder(root: root, scenario: "s")
        #expect(
            try folder.write(Self.table()).map { $0.dropFirst(root.count) } == [
                "/s/sweep.csv", "/s/sweep-points.csv", "/s/sweep.html",
            ])
        let names = try folder.write(Self.table([], sensitivity: true)).map {
            URL(fileURLWithPath: $0).lastPathComponent
        }
        #expect(names == ["sensitivity.csv", "sensitivity-points.csv", "sensitivity.html", "sensitivity-tornado.csv"])
    }
}

@Suite struct SweepChartTests {
    @Test func heatMapsSkipWhatIsUnknown() {
        let cell = HeatMap.Cell(value: 1, label: "1", tip: "one", isGood: true)
        let bad = HeatMap.Cell(value: 3, label: "3", tip: "three", isGood: false)
        let map = HeatMap(
            title: "t", columnTitle: "c", columns: ["x", "y"], rowTitle: "r", rows: ["a & b"], cells: [[cell, nil]])
        let xml = XMLCheck(map.svg(width: 400).text)
        #expect(xml.all("rect").count == 1)
        var full = map
        full.cells = [[cell, bad]]
        let marks = XMLCheck(full.svg(width: 400).text).all("rect")
        #expect(marks.map { $0["class"] } == ["heat", "heat bad"])
        #expect(marks.compactMap { Double($0["fill-opacity"] ?? "") } == [0.08, 0.58], "the darker, the higher")
    }

    @Test func barsGoFromTheBase() throws {
        func bar(_ value: Double, _ isSure: Bool) -> TornadoChart.Bar {
            .init(value: value, interval: (value - 1)...(value + 1), label: "× 2", tip: "t", isSure: isSure)
        }
        let chart = TornadoChart(
            title: "t", valueTitle: "", base: 10, rows: [.init(name: "rate", bars: [bar(5, true), bar(15, false)])]
        ) { "\($0)" }
        let marks = XMLCheck(chart.svg(width: 500).text).all("rect")
        #expect(marks.map { $0["class"] } == ["swing", "swing unsure"])
        let edges = try marks.map { mark in
            let x = try #require(Double(mark["x"] ?? "")), width = try #require(Double(mark["width"] ?? ""))
            return (x, x + width)
        }
        #expect(abs(edges[0].1 - edges[1].0) < 0.02, "both touch the line of the scenario as it is")
        #expect(abs((edges[0].1 - edges[0].0) - (edges[1].1 - edges[1].0)) < 0.02, "equal swings, equal lengths")
    }
}
