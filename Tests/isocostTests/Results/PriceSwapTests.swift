import Foundation
import Testing

/// Swapping only prices changes costs and nothing that users feel, byte for byte, unless a policy reads prices; then
/// the report says so.
@Suite struct PriceSwapTests {
    private static let header = "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region\n"

    /// Two rented pools under an autoscaler and a fixed fleet, at the prices of `mine.csv`.
    private static func scenario(routing: String) -> String {
        """
        version: 1
        name: swap
        workload: {preset: azure-conv-2023, scale: {rate: 2, requests: 1500}}
        model: llama-3.1-8b
        slo: {ttft: {p99: 2 s}, tpot: {p99: 100 ms}}
        prices: [{path: mine.csv, provider: mine, observed: 2026-07-20}]
        strategies:
          - name: fixed
            pools: [{offer: mine/box/here, replicas: 2}, {offer: mine/crate/here, replicas: 2}]
            \(routing)
          - name: scaled
            pools: [{offer: mine/box/here, replicas: {min: 1, max: 4}}]
            autoscaler: {kind: knative, target: 16}
            start: {provision: 20 s, image-pull: 10 s}
        compare: {replications: 2}

        """
    }

    private static func prices(_ box: String, _ crate: String) -> String {
        header + "box,L40S,1,8,64,\(box),,here\ncrate,RTX4090,1,8,64,\(crate),,here\n"
    }

    /// Runs the scenario at two lists of prices; the results are in `first` and `second`.
    private func swapped(routing: String = "router: least-outstanding") throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("swap.yaml", Self.scenario(routing: routing))
        for (name, prices) in [("first", Self.prices("0.61", "0.35")), ("second", Self.prices("0.02", "97.125"))] {
            try folder.write("mine.csv", prices)
            let outcome = try Binary.run(
                "run", "swap.yaml", "--per-request", "--quiet", "--out", name, in: folder)
            #expect(outcome.status == 0, "\(outcome)")
        }
        return folder
    }

    @Test func anotherPriceListChangesNoLatencyFileByAByte() throws {
        let folder = try swapped()
        let files = try ["first", "second"].map { try folder.data("\($0)/swap/requests.csv") }
        #expect(files[0] == files[1])
        #expect(files[0].count > 100_000)
        try expectOnlyCostsDiffer(folder, "first/swap", "second/swap")
        for name in ["first", "second"] {
            let page = try folder.text("\(name)/swap/report.html")
            #expect(
                page.contains("No strategy&#39;s policies read prices: other prices would change costs and no latency.")
            )
        }
    }

    @Test func aPriceSetByHandChangesNoLatencyFileByAByte() throws {
        let folder = try TemporaryFolder()
        for (name, price) in [("first", "0.45 $/h"), ("second", "3 $/h")] {
            let outcome = try Binary.run(
                "run", Binary.quickstart, "--per-request", "--quiet", "--replications", "1", "--set",
                "workload.scale.requests=800", "--set", "strategies[RunPod secure, L40S].pools[0].price=\(price)",
                "--out", name, in: folder)
            #expect(outcome.status == 0, "\(outcome)")
        }
        #expect(
            try folder.data("first/quickstart/requests.csv") == folder.data("second/quickstart/requests.csv"))
        try expectOnlyCostsDiffer(folder, "first/quickstart", "second/quickstart")
    }

    /// All columns of the timeline, and all of the summary, but those of costs.
    private func expectOnlyCostsDiffer(_ folder: TemporaryFolder, _ first: String, _ second: String) throws {
        for file in ["timeline.csv", "summary.csv"] {
            let tables = try [first, second].map { try Table(folder.text("\($0)/\(file)")) }
            #expect(tables[0].columns == tables[1].columns && tables[0].rows.count == tables[1].rows.count)
            let costs = tables[0].columns.filter { $0.hasPrefix("cost_") }
            #expect(!costs.isEmpty)
            var differences = 0
            for (a, b) in zip(tables[0].rows, tables[1].rows) {
                for column in tables[0].columns where !costs.contains(column) {
                    #expect(a[column] == b[column], "\(column) of \(file)")
                }
                differences += costs.filter { a[$0] != b[$0] }.count
            }
            #expect(differences > 0, "the prices do differ")
        }
    }

    /// The cheapest pool first: the report says that results depend on prices, and whose.
    @Test func whereARouteReadsPricesTheReportSaysSo() throws {
        let folder = try swapped(routing: "routing: {policy: cheapest, spill-at: 8}")
        for name in ["first", "second"] {
            let page = try folder.text("\(name)/swap/report.html")
            #expect(page.contains("<b>fixed</b> reads prices: its results, latencies included, depend on them."))
            #expect(!page.contains("No strategy&#39;s policies read prices"))
            #expect(page.contains("Routing by price"), "a warning as well")
        }
        let outcome = try Binary.run("compare", "swap.yaml", "--replications", "1", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("fixed reads prices: its results, latencies included, depend on them."))
    }
}
