import Foundation
import Testing

@Suite struct CalibrateTests {
    /// The kernels are timed here, and a scenario serves from what was measured, at a price of its own.
    @Test func scenarioServesFromTheProfile() throws {
        let folder = try TemporaryFolder()
        let measured = try Binary.run(
            "calibrate", "--seconds", "3", "--model", "qwen2.5-0.5b", "--out", "host.json", in: folder)
        #expect(measured.status == 0, "\(measured)")
        #expect(measured.error.isEmpty)
        #expect(measured.output.contains("gemm") && measured.output.contains("Wrote host.json"))
        #expect(folder.files() == ["host.json"])
        #expect(try Binary.run("devices", "show", "host.json", in: folder).status == 0)

        try folder.write("here.yaml", Self.scenario)
        let lint = try Binary.run("lint", "here.yaml", in: folder)
        #expect(lint.output.contains("measured: profile") && lint.output.contains("0.1 $/h"), "\(lint)")
        let run = try Binary.run("run", "here.yaml", "--quiet", in: folder)
        #expect(run.status == 0, "\(run)")
        let rows = try Table(folder.text("reports/here/summary.csv")).rows
        #expect(rows.map { $0["requests_completed"] } == ["20"])
    }

    /// What the kernels did not do in a format is said with the one they did, and where a missing file was looked for.
    @Test func whatAProfileLacksIsExplained() throws {
        let folder = try TemporaryFolder()
        try folder.write("here.yaml", Self.scenario)
        let missing = try Binary.run("run", "here.yaml", in: folder)
        #expect(missing.status == 66)
        expectSentence(missing, saying: ["`host.json` in /", "`isocost calibrate`"])
        let measured = try Binary.run(
            "calibrate", "--seconds", "1", "--model", "qwen2.5-0.5b", "--out", "host.json", "--quiet", in: folder)
        #expect(measured.status == 0, "\(measured)")
        let refused = try Binary.run("run", "here.yaml", "--set", "precision=bf16", in: folder)
        #expect(refused.status == 65)
        expectSentence(refused, saying: ["here.yaml:10:13:", "gemm in bf16", "`precision: fp32`"])
    }

    private static let scenario = """
        version: 1
        name: here
        workload:
          preset: azure-conv-2023
          scale: {requests: 20, rate: 0.01}
        model: qwen2.5-0.5b
        precision: fp32
        strategies:
          - name: this machine
            pools: [{device: {profile: host.json}, price: 0.10 $/h, replicas: 1}]

        """
}
