import Foundation
import SimulationCore
import Testing

@testable import Planning
@testable import Reports

/// The pages and texts of plans, from values made by hand.
@Suite struct PlanPageTests {
    static func fleet(_ name: String, _ cost: Double, above: Double? = nil, meets: Bool = true) -> PlannedFleet {
        PlannedFleet(
            name: name, policy: "fixed numbers", meetsSLO: meets, cost: Estimate(mean: cost, half: 0.5),
            costPerHour: Estimate(mean: cost / 10, half: 0.05),
            aboveWinner: above.map { Estimate(mean: $0, half: 0.2) })
    }

    static func plan(found: Bool = true) -> PlanResult {
        let result = Fixture.result()
        return PlanResult(
            name: "chat <1>", winner: found ? fleet("4 × <L40S>", 40) : nil,
            runnersUp: found ? [fleet("5 × A10G", 48, above: 8)] : [],
            given: [fleet("what we have", 90, above: found ? 50 : nil, meets: false)],
            certificate: PlanCertificate(dollars: 25, shares: [.init(label: "L40S & co", dollars: 25)]),
            binding: found ? ["3 × L40S misses TTFT p99 ≤ 2 s (3.1 s)"] : [],
            miss: found
                ? nil
                : PlanMiss(
                    fleet: "12 × A10G", cost: 70, missed: ["TPOT p99 ≤ 5 ms (31 ms)"],
                    advice: ["take a faster accelerator"]),
            effort: PlanEffort(
                candidates: 1_234, variants: 5, leftOut: ["L4: too small"], tried: 17, requests: 123_456,
                requestsPerRun: 19_366, replications: 3),
            trials: [
                PlanTrial(name: "3 × L40S", passed: false, cost: nil, failure: "TTFT p99 ≤ 2 s: 3.10 s"),
                PlanTrial(name: "4 × L40S", passed: true, cost: 40, failure: nil),
            ],
            objectives: result.objectives, result: found ? result : nil, scenarioText: found ? "version: 1\n" : nil,
            defaults: [Assumption(subject: "plan mix", value: "2", source: "two", confidence: .assumed)])
    }

    @Test func thePageIsWellFormedAndSelfContained() {
        for found in [true, false] {
            let page = PlanPage.html(of: Self.plan(found: found))
            let start = page.range(of: "<main>")?.lowerBound ?? page.startIndex
            let end = page.range(of: "</main>")?.upperBound ?? page.endIndex
            let xml = XMLCheck(String(page[start..<end]).replacing("<br>", with: "<br/>"))
            #expect(xml.all("section").count == (found ? 8 : 5))
            #expect(xml.all("th").allSatisfy { $0["scope"] != nil })
            for outside in ["http://", "https://", "src=", "@import"] {
                #expect(!page.replacing("http://www.w3.org", with: "").contains(outside), "\(outside)")
            }
            #expect(!page.contains("<1>"), "names are escaped")
        }
    }

    @Test func theAnswerStandsFirst() {
        let page = PlanPage.html(of: Self.plan())
        let words = [
            "Take <strong>4 × &lt;L40S&gt;</strong>. At $4.00 an hour it is the cheapest fleet that meets the SLO; the "
                + "next best, 5 × A10G, costs $8.00 more a run.",
            "Why no smaller: 3 × L40S misses TTFT p99 ≤ 2 s (3.1 s).",
            "within 60 % of it", "The cheapest fleets", "The certificate", "Regret by policy",
            "What would change the decision", "+20.0 %", "−16.7 %", "What was tried", "L4: too small",
        ]
        for text in words { #expect(page.contains(text), "\(text)") }
    }

    @Test func aPlanWithoutAnAnswerSaysSo() {
        let plan = Self.plan(found: false)
        let page = PlanPage.html(of: plan)
        #expect(page.contains("No fleet of the plan meets the SLO. 12 × A10G comes closest"))
        #expect(page.contains("What would help: take a faster accelerator."))
        let text = PlanText.text(of: plan, folder: RunFolder(root: "out", scenario: "chat"))
        #expect(
            text.hasPrefix("No fleet of the plan meets the SLO. 12 × A10G comes closest: it misses TPOT p99 ≤ 5 ms"))
    }

    @Test func theTerminalHasAnswerTableAndCommands() {
        let text = PlanText.text(of: Self.plan(), folder: RunFolder(root: "/out", scenario: "chat"))
        #expect(text.contains("★  4 × <L40S>"))
        #expect(text.contains("✕ missed"))
        #expect(text.contains("+$8.00 ± $0.20"))
        #expect(text.contains("isocost run /out/chat/plan.yaml runs these fleets again."))
        #expect(text.contains("1,234 fleets from 5 offers allowed, 17 tried, 123,456 requests simulated"))
        for line in text.split(separator: "\n") where !line.contains("/out/") { #expect(line.count <= 104, "\(line)") }
    }

    @Test func chanceIsSaid() {
        var plan = Self.plan()
        plan.runnersUp = [Self.fleet("5 × A10G", 40.1, above: 0.1)]
        #expect(PlanWording.answer(plan).contains("which may be chance"))
    }

    @Test func capacitiesAreATable() {
        let known = StrategyCapacity(
            strategy: "a", rate: Estimate(mean: 12.34, half: 0.5), provenRate: Estimate(mean: 12.1, half: nil),
            factor: 2.1, requests: 1_000, requestsNeeded: 459,
            limits: [.init(text: "TTFT p99 ≤ 2 s", replications: 3)], runs: 42)
        var unproven = known
        (unproven.strategy, unproven.provenRate, unproven.requests) = ("b", nil, 100)
        let none = StrategyCapacity(
            strategy: "c", rate: nil, provenRate: nil, factor: nil, requests: 100, requestsNeeded: 459, limits: [],
            runs: 11)
        let text = CapacityText.text(of: [known, unproven, none])
        #expect(text.contains("12.3") && text.contains("0.500") && text.contains("TTFT p99 ≤ 2 s"))
        #expect(text.contains("b: a run of 100 requests proves nothing; with no late request at all it takes 459."))
        #expect(text.contains("none"))
        #expect(
            RunSpeed(requests: 1_000_000, events: 0, seconds: 2).planText
                == "1,000,000 requests in 2.00 s: 500k requests/s.")
    }

    @Test func aPlansFilesGoTogether() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = RunFolder(root: root, scenario: "chat")
        try folder.write(Self.plan())
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.sorted() == ["plan.html", "plan.yaml"])
        try folder.write(Self.plan(found: false))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left == ["plan.html"])
    }
}
