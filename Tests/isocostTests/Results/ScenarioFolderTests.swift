import Foundation
import Testing

/// Every scenario that comes with the product.
@Suite struct ScenarioFolderTests {
    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Binary.root + "/scenarios")) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test func areThere() {
        #expect(Self.names.count >= 6)
        #expect(Self.names.contains("quickstart.yaml"))
    }

    @Test(arguments: names)
    func lintsAndRuns(_ name: String) throws {
        let folder = try TemporaryFolder()
        let scenario = Binary.root + "/scenarios/" + name
        let lint = try Binary.run("lint", scenario, in: folder)
        #expect(lint.status == 0 && lint.error.isEmpty, "\(lint)")
        #expect(folder.files().isEmpty, "checking writes nothing")

        let run = try Binary.run(
            "run", scenario, "--set", "workload.scale.requests=200", "--replications", "1", "--quiet", in: folder)
        #expect(run.status == 0 && run.error.isEmpty && run.output.isEmpty, "\(run)")
        let stem = name.replacingOccurrences(of: ".yaml", with: "")
        let rows = try Table(folder.text("reports/\(stem)/summary.csv")).rows
        #expect(!rows.isEmpty)
        for row in rows { #expect(row["requests_offered"] == "200", "\(row["strategy"] ?? "")") }
    }
}
