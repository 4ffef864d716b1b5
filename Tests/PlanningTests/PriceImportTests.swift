import Foundation
import Pricing
import Primitives
import Testing

@testable import Planning

/// Catalogues that a scenario brings along, on top of the bundled price book.
@Suite struct PriceImportTests {
    private let header = "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region\n"

    /// A folder with `files`, removed at the end.
    private func inFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        try body(folder.path)
    }

    private func scenario(_ prices: String, pools: String, folder: String) throws -> Scenario {
        try PlanningTests.scenario(scenarioText(pools: pools, more: "prices: \(prices)"), folder: folder)
    }

    private func resolve(_ prices: String, pools: String, folder: String) throws -> ResolvedScenario {
        try scenario(prices, pools: pools, folder: folder).resolved()
    }

    @Test func settingsKeepWhatTheySay() throws {
        let file = try #require(try corpus("valid").first { $0.name == "prices.yaml" })
        let prices = try PlanningTests.scenario(String(decoding: file.bytes, as: UTF8.self)).prices
        #expect(prices.map(\.path.value) == ["catalogues/vast.csv", "catalogues/example.csv"])
        #expect(prices.map(\.provider) == ["vast", "example-cloud_2"], "in lower case, as in ids")
        #expect(prices.map(\.observed) == ["2026-07-20", "2024-02-29"])
        #expect(prices.map(\.source) == ["Vast's search, cheapest quarter", nil])
        #expect(try PlanningTests.scenario(scenarioText()).prices.isEmpty)
    }

    @Test(arguments: [
        ("2026-07-20", true), ("2024-02-29", true), ("2000-02-29", true), ("2026-12-31", true), ("0001-01-01", true),
        ("1900-02-29", false), ("2025-02-29", false), ("2026-04-31", false), ("2026-13-01", false),
        ("2026-00-10", false), ("2026-01-00", false), ("2026-1-1", false), ("2026-07", false), ("2026-07-20-1", false),
        ("20260720", false), ("2026/07/20", false), ("+026-07-20", false), ("２０２６-07-20", false), ("today", false),
    ])
    func datesAreDaysOfTheCalendar(date: String, isDay: Bool) throws {
        let text = scenarioText(more: "prices: [{path: a.csv, provider: vast, observed: \(date)}]")
        if isDay {
            #expect(try PlanningTests.scenario(text).prices.first?.observed == date)
        } else {
            let error = scenarioError("\(date)") { _ = try PlanningTests.scenario(text) }
            #expect(error?.kind == .wrongType && error?.line == 8, "\(error?.description ?? "")")
        }
    }

    @Test func importedOffersAreFoundLikeBundledOnes() throws {
        let rows =
            "box-1,L40S,1,8,64,0.61,0.31,eu-west\nbox-1,L40S,1,8,64,0.55,0.29,us-east\nbox-2,L40S,2,,,1.3,,eu-west\n"
        try inFolder(["mine.csv": header + rows]) { (folder: String) throws in
            let prices = "[{path: mine.csv, provider: Mine, observed: 2026-07-20}]"
            let pools = """
                [{offer: mine/box-1/us-east}, {offer: MINE/Box-1}, {offer: mine/box-1/eu-west, terms: spot},
                  {offer: mine/box-2, tensor-parallel: 2}, {offer: aws/g6e.xlarge}]
                """
            let strategy = try resolve(prices, pools: pools, folder: folder).strategies[0]
            #expect(
                strategy.pools.map(\.offerID) == [
                    "mine/box-1/us-east", "mine/box-1/eu-west", "mine/box-1/eu-west", "mine/box-2/eu-west",
                    "aws/g6e.xlarge/us-east-1",
                ], "without a region, the first row of the file")
            #expect(
                strategy.terms.map(\.contractedPerHour.nanodollars) == [
                    550_000_000, 610_000_000, 310_000_000, 1_300_000_000, 1_861_000_000,
                ])
            #expect(strategy.pools[0].priceSource == "imported from mine.csv")
            #expect(strategy.pools[0].priceObserved == "2026-07-20" && strategy.pools[0].market == .distributed)
        }
    }

    @Test func importedOffersTakeThePlaceOfBundledOnes() throws {
        let row = "g6e.xlarge,L40S,1,4,32,1.25,,us-east-1\n"
        try inFolder(["aws.csv": header + row, "newer.csv": header + row.replacingOccurrences(of: "1.25", with: "1.5")])
        {
            (folder: String) throws in
            let one = "{path: aws.csv, provider: aws, observed: 2026-07-20, source: a list}"
            let two = "{path: newer.csv, provider: aws, observed: 2026-07-21}"
            let pools = "[{offer: aws/g6e.xlarge}]"
            let first = try resolve("[\(one)]", pools: pools, folder: folder)
            #expect(first.strategies[0].terms[0].contractedPerHour == Money(nanodollars: 1_250_000_000))
            #expect(first.strategies[0].pools[0].priceSource == "a list")
            let noted = try #require(first.assumptions.first { $0.subject == "prices of aws.csv" })
            #expect(noted.value == "1 offer from 1 row, 1 of them in place of offers known before")
            #expect(noted.source == "a list, 2026-07-20" && noted.confidence == .given)
            let later = try resolve("[\(one), \(two)]", pools: pools, folder: folder)
            #expect(later.strategies[0].terms[0].contractedPerHour == Money(nanodollars: 1_500_000_000))
            let earlier = try resolve("[\(two), \(one)]", pools: pools, folder: folder)
            #expect(earlier.strategies[0].terms[0].contractedPerHour == Money(nanodollars: 1_250_000_000))
            // The bundled offer had a spot price; the list that replaced it has none.
            let error = scenarioError {
                _ = try resolve("[\(one)]", pools: "[{offer: aws/g6e.xlarge, terms: spot}]", folder: folder)
            }
            #expect(error?.kind == .unknownName && error?.message.contains("no spot price") == true)
        }
        #expect(try PlanningTests.scenario(scenarioText()).resolved().strategies[0].terms[0].offer.source != "a list")
    }

    @Test func whatTheImportSkippedOrCorrectedIsSaid() throws {
        let rows = """
            box-1,L40S,1,8,64,0.61,0,eu-west
            box-2,L40S,1,8,64,0.5,0,eu-west
            box-3,L40S,1,8,64,,,eu-west
            box-4,L40S,0.5,8,64,0.2,,eu-west
            box-5,L40S,1,8,64,0.2,0.9,eu-west
            box-6,L40S,1,8,64,,,eu-west

            """
        let text = header.replacingOccurrences(of: "Region", with: "Region,Arch") + rows.replacingEnds(with: ",x86")
        try inFolder(["mine.csv": text]) { (folder: String) throws in
            let prices = "[{path: mine.csv, provider: mine, observed: 2026-07-20}]"
            let resolved = try resolve(prices, pools: "[{offer: mine/box-1}]", folder: folder)
            #expect(
                resolved.warnings == [
                    "mine.csv, rows skipped: 2 × no usable price on any terms (first on line 4).",
                    "mine.csv, rows skipped: 1 × a fraction of an accelerator (first on line 5).",
                    "mine.csv, rows read with care: 2 × spot price of 0 read as none (first on line 2).",
                    "mine.csv, rows read with care: 1 × spot price above on-demand: "
                        + "the implausible one of the two dropped (first on line 6).",
                    "mine.csv, columns not read: Arch.",
                ])
            let lint = resolved.lintText
            for warning in resolved.warnings { #expect(lint.contains("  \(warning)\n"), "\(warning)") }
            #expect(
                lint.contains(
                    "  prices of mine.csv: 3 offers from 6 rows  [given: imported by the scenario, 2026-07-20]\n"))
            #expect(try resolved.run().warnings.starts(with: resolved.warnings))
        }
    }

    @Test func cleanCataloguesWarnOfNothing() throws {
        try inFolder(["mine.csv": header + "box,L40S,1,8,64,0.61,0.3,eu\n"]) { (folder: String) throws in
            let prices = "[{path: mine.csv, provider: mine, observed: 2026-07-20}]"
            #expect(try resolve(prices, pools: "[{offer: mine/box}]", folder: folder).warnings.isEmpty)
        }
    }

    @Test func malformedCataloguesKeepTheirOwnPosition() throws {
        let files = [
            "price.csv": header + "box,L40S,1,8,64,0.61,,eu\nbox,L40S,1,8,64,cheap,,eu\n",
            "short.csv": header + "box,L40S,1\n", "head.csv": "InstanceType,Price\n", "empty.csv": "",
            "quote.csv": header + "\"box,L40S,1,8,64,1,,eu\n",
        ]
        try inFolder(files) { (folder: String) throws in
            for (name, line, column, problem) in [
                ("price.csv", 3, 17, "price in dollars expected"),
                ("short.csv", 2, 1, "3 fields where the header has 8"),
                ("head.csv", 1, 1, "no column Region"), ("empty.csv", 1, 1, "empty file"), ("quote.csv", 2, 1, ""),
            ] {
                do {
                    let prices = "[{path: \(name), provider: mine, observed: 2026-07-20}]"
                    _ = try resolve(prices, pools: "[{offer: mine/box}]", folder: folder)
                    Issue.record("\(name): no error")
                } catch let error as CatalogueError {
                    #expect(
                        error.file == "\(folder)/\(name)" && error.line == line && error.column == column, "\(error)")
                    #expect(error.problem.hasPrefix(problem), "\(error)")
                }
            }
        }
    }

    @Test func catalogsThatGiveNothingAreRefusedAtTheirPath() throws {
        let files = ["bare.csv": header, "free.csv": header + "box,L40S,1,8,64,0,,eu\nbag,L40S,1,8,64,,,eu\n"]
        try inFolder(files) { (folder: String) throws in
            func refusal(_ path: String) -> ScenarioError? {
                scenarioError("\(path)") {
                    let prices = "[{path: \(path), provider: mine, observed: 2026-07-20}]"
                    _ = try resolve(prices, pools: "[{offer: mine/box}]", folder: folder)
                }
            }
            let missing = refusal("no.csv")
            #expect(missing?.sentence == "s.yaml:8:17: there is no catalogue `no.csv` in \(folder)")
            #expect(missing?.kind == .missingFile)
            #expect(refusal(".")?.message == "the catalogue `.` is a folder, not a file")
            let bare = refusal("bare.csv")
            #expect(bare?.message == "the catalogue `bare.csv` has no offer that can be rented: it has no row")
            let free = refusal("free.csv")
            #expect(free?.kind == .conflict && free?.column == 17)
            #expect(free?.message.hasSuffix(": 2 × no usable price on any terms (first on line 2)") == true)
        }
    }

    @Test func namesNearImportedOnesAreSuggested() throws {
        try inFolder(["mine.csv": header + "gadget-9000,L40S,1,8,64,0.61,0.3,eu\n"]) { (folder: String) throws in
            let error = scenarioError {
                let prices = "[{path: mine.csv, provider: mine, observed: 2026-07-20}]"
                _ = try resolve(prices, pools: "[{offer: mine/gadget-900}]", folder: folder)
            }
            #expect(
                error?.line == 7 && error?.message.contains("mine/gadget-9000/eu") == true, "\(error?.message ?? "")")
        }
    }

    /// What can be imported is more than what can be served from: such an offer is refused where a pool names it.
    @Test(arguments: [
        ("box,Gaudi9,1,8,64,0.61,,eu", ScenarioError.Kind.unknownName, "unknown device"),
        ("c7i.4xlarge,,,16,,0.7,,eu", .unsupported, "its processor is not known"),
        ("c7i.4xlarge,,,0.5,32,0.7,,eu", .unsupported, "its processor is not known"),
        ("quantum.xl,,,16,32,0.7,,eu", .unsupported, "its processor is not known"),
        ("box,L40S,1,8,64,20000,,eu", .unknownName, "is not between 0 and"),
        ("box,L40S,1,8,64,,0.2,eu", .unknownName, "no on-demand price is known for mine/box/eu (known: spot)"),
    ])
    func offersThatCannotServeAreRefusedByTheirPool(row: String, kind: ScenarioError.Kind, words: String) throws {
        try inFolder(["mine.csv": header + row + "\n"]) { (folder: String) throws in
            let type = row.prefix { $0 != "," }
            let error = scenarioError("\(row)") {
                let prices = "[{path: mine.csv, provider: mine, observed: 2026-07-20}]"
                _ = try resolve(prices, pools: "[{offer: mine/\(type)}]", folder: folder)
            }
            #expect(error?.kind == kind && error?.line == 7, "\(error?.description ?? "")")
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }

    @Test func importedProcessorsAreSharesOfTheirSocket() throws {
        try inFolder(["mine.csv": header + "c7i.16xlarge,,,64,128,2.5,,eu\n"]) { (folder: String) throws in
            let text = scenarioText(
                model: "qwen2.5-7b", pools: "[{offer: mine/c7i.16xlarge, precision: int8}]",
                more: "prices: [{path: mine.csv, provider: mine, observed: 2026-07-20}]")
            let pool = try PlanningTests.scenario(text, folder: folder).resolved().strategies[0].pools[0]
            #expect(pool.device == "Xeon-SPR" && pool.pricePerInstanceHour == Money(nanodollars: 2_500_000_000))
        }
    }

    /// Prices change the bill and nothing that is simulated.
    @Test func importedPricesReachTheInvoice() throws {
        try inFolder(["mine.csv": header + "box,L40S,1,8,64,3.6,,eu\n"]) { (folder: String) throws in
            let prices = "[{path: mine.csv, provider: mine, observed: 2026-07-20}]"
            let run = try #require(
                try resolve(prices, pools: "[{offer: mine/box, replicas: 2}]", folder: folder).run().strategies[0].runs
                    .first)
            #expect(run.invoice.lines.count == 2 && run.invoice.lines.allSatisfy { $0.offerID == "mine/box/eu" })
            #expect(run.invoice.lines.allSatisfy { $0.listUnitPrice == Money(nanodollars: 3_600_000_000) })
            // 3.6 $/h is 0.001 $/s; whatever step the provider bills in, never less than the time rented.
            #expect(run.metrics.cost.dollars >= run.metrics.instanceHours * 3.6 - 1e-6)
            let bundled = try PlanningTests.scenario(scenarioText()).resolved().run().strategies[0].runs.first
            #expect(bundled?.metrics.fingerprint == run.metrics.fingerprint)
        }
    }
}

extension String {
    /// Every line but the empty last one with `suffix` at its end.
    fileprivate func replacingEnds(with suffix: String) -> String {
        replacingOccurrences(of: "\n", with: suffix + "\n")
    }
}
