import Foundation
import Testing

/// Calibrations that are stopped and go on, and the live check, through the program.
@Suite struct CalibrationHabitTests {
    private static let quick = ["calibrate", "--seconds", "2", "--model", "qwen2.5-0.5b", "--out", "host.json"]

    /// A journal of another calibration is set aside with a word, a torn last line is measured again, and nothing is
    /// left beside the profile.
    @Test func aStoppedCalibrationGoesOn() throws {
        let folder = try TemporaryFolder()
        let whole = try Binary.run(Self.quick + ["--precision", "int8"], in: folder)
        #expect(whole.status == 0 && whole.error.isEmpty, "\(whole)")
        #expect(whole.output.contains("gemm") && whole.output.contains("int8"))
        #expect(whole.output.contains("`precision: int8`"))
        #expect(folder.files() == ["host.json"])

        try folder.write("host.json.partial", "{\"identity\":\"another\",\"limits\":{}}\n{\"ker")
        let again = try Binary.run(Self.quick + ["--precision", "int8"], in: folder)
        #expect(again.status == 0, "\(again)")
        // The profile that was there is compared with.
        #expect(again.output.contains("against the profile of"))
        #expect(folder.files() == ["host.json"])
    }

    @Test func formatsThatTheKernelsLack() throws {
        let folder = try TemporaryFolder()
        let fp8 = try Binary.run(Self.quick + ["--precision", "fp8"], in: folder)
        #expect(fp8.status == 65)
        expectSentence(fp8, saying: ["fp8", "int4"])
        // The weights alone are quantised: products of eight-bit numbers are another precision.
        let products = try Binary.run(Self.quick + ["--precision", "w8a8"], in: folder)
        #expect(products.status == 65)
        expectSentence(products, saying: ["w8a8", "int8"])
        let unknown = try Binary.run(Self.quick + ["--precision", "int5"], in: folder)
        #expect(unknown.status == 66)
        expectSentence(unknown, saying: ["`int5`", "`int8`"])
        #expect(folder.files() == [])
    }

    /// A quick calibration of the live model, a few requests a load, and the tables of both sides.
    @Test func liveCheck() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(
            "validate", "--live", "--live-tries", "1", "--live-requests", "3", "--live-seconds", "2", "--live-out",
            "out",
            in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        for word in ["live-30m in fp32", "light", "half", "90 %", "p99 TTFT", "mean E2E", "output tokens/s"] {
            #expect(outcome.output.contains(word), "\(word)")
        }
        let requests = try Table(folder.text("out/live-requests.csv")).rows
        #expect(requests.count == 9)
        for row in requests {
            let times = ["measured_ttft_ms", "predicted_ttft_ms", "measured_e2e_ms", "predicted_e2e_ms"].map {
                Double(row[$0] ?? "") ?? -1
            }
            #expect(times.allSatisfy { $0 > 0 } && times[0] <= times[2] && times[1] <= times[3])
        }
        let errors = try Table(folder.text("out/live-errors.csv")).rows
        #expect(errors.count == 30 && Set(errors.map { $0["try"] }) == ["1"])
        // Its profile is kept, and taken instead of calibrating.
        let reused = try Binary.run(
            "validate", "--live", "--live-tries", "1", "--live-requests", "2", "--live-profile",
            "out/live-profile.json", "--live-precision", "bf16", in: folder)
        #expect(reused.status == 65)
        expectSentence(reused, saying: ["gemm in bf16"])
    }
}
