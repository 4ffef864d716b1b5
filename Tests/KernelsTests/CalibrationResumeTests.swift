import Foundation
import PerformanceModel
import Testing

@testable import Kernels

@Suite(.serialized) struct CalibrationResumeTests {
    private static func request(
        formats: [NumberFormat] = [.int8], threads: Int = 1, seconds: Double = 0.5
    ) -> CalibrationRequest {
        CalibrationRequest(
            models: [CalibrationProfileTests.models[1]], formats: formats, threads: threads,
            budget: CalibrationBudget(seconds: seconds, memoryBytes: 8 << 20))
    }

    /// Stops a calibration after some points, as a journal would find it.
    private func journal(_ calibration: HostCalibration, rows: Int) throws -> (CalibrationJournal, DeviceProfile) {
        var written: CalibrationJournal?
        let profile = try calibration.run(date: "2026-05-06") {
            written = $0
        } progress: { state in
            guard (written?.rows.count ?? 0) < rows else { return }
            written?.rows.append(state.row)
        }
        return (try #require(written), profile)
    }

    /// Rows that were measured are kept, the others timed; the profile names every shape once, in the grid's order.
    @Test func aCalibrationGoesOn() throws {
        let calibration = try HostCalibration(Self.request())
        let (written, first) = try journal(calibration, rows: 20)
        #expect(written.rows == Array(first.measurements.prefix(20)))
        var begun: CalibrationJournal?
        var seen: [CalibrationProgress] = []
        let second = try calibration.run(date: "2026-05-06", resuming: written) {
            begun = $0
        } progress: {
            seen.append($0)
        }
        #expect(begun == written)
        #expect(second.measurements.map(\.shape) == first.measurements.map(\.shape))
        #expect(Array(second.measurements.prefix(20)) == written.rows)
        #expect(seen.map(\.done) == Array(21...second.measurements.count))
        #expect(Set(seen.map(\.total)) == [second.measurements.count])
        #expect(second.machine.peakOperationsPerSecond == written.limits.gemmOperationsPerSecond)
    }

    /// A whole journal leaves nothing to time: the same profile to the last byte.
    @Test func aWholeJournalIsTheProfile() throws {
        let calibration = try HostCalibration(Self.request())
        let (written, first) = try journal(calibration, rows: .max)
        let again = try calibration.run(date: "2026-05-06", resuming: written) { _ in
        } progress: { _ in
            Issue.record("nothing is left to time")
        }
        #expect(again == first)
        #expect(try again.encoded() == first.encoded())
    }

    /// Another machine's, model's or format's journal is not this one's; rows that leave the grid end what is kept.
    @Test func othersJournalsAreIgnored() throws {
        let calibration = try HostCalibration(Self.request())
        let (written, _) = try journal(calibration, rows: 6)
        for request in [
            Self.request(formats: [.int4]), Self.request(formats: [.int8, .fp32]), Self.request(seconds: 0.6),
        ] {
            let other = try HostCalibration(request)
            #expect(other.identity != calibration.identity)
            var begun: CalibrationJournal?
            _ = try other.run(date: "2026-05-06", resuming: written) { begun = $0 }
            #expect(begun?.rows.isEmpty == true && begun?.identity == other.identity)
        }
        var broken = written
        broken.rows[3].format = .fp32
        var begun: CalibrationJournal?
        _ = try calibration.run(date: "2026-05-06", resuming: broken) { begun = $0 }
        #expect(begun?.rows == Array(written.rows.prefix(3)))
    }

    /// Matrices in every format asked for, the output projection in what they leave unquantised; all of them serve.
    @Test func everyFormatServes() throws {
        let profile = try HostCalibration(Self.request(formats: [.int4, .int8, .bf16, .fp32], seconds: 1))
            .run(date: "2026-05-06")
        let products = profile.fits.filter { $0.kernel == .gemm }
        #expect(Set(products.map(\.format)) == [.int4, .int8, .bf16, .fp32])
        let rows = profile.measurements.filter { $0.shape.kernel == .gemm }
        // Four matrices by ten row counts each; the output projection by six, in bf16 and in fp32.
        for format in WeightLayout.formats {
            let extra = format == .fp32 || format == .bf16 ? 6 : 0
            #expect(rows.count { $0.format == format } == 40 + extra, "\(format)")
        }
        #expect(profile.measurements.allSatisfy { ($0.spread ?? -1) >= 0 && ($0.outliers ?? -1) >= 0 })
        #expect(profile.library.contains("int4 int8 bf16 fp32"))
        for precision in [Precision.fp32, .bf16, .int8, .int4] {
            let cost = try TransformerStepCost(
                CalibrationProfileTests.models[1], precision, profile: profile, maxBatchedTokens: 64)
            #expect(cost.decodeLine(sequences: 4, context: 400).fixed > 0)
        }
        #expect(throws: ProfileGap.self) {
            try TransformerStepCost(CalibrationProfileTests.models[1], .fp8, profile: profile)
        }
    }

    @Test func refusals() throws {
        func message(_ formats: [NumberFormat]) -> String {
            do {
                _ = try HostCalibration(Self.request(formats: formats))
                return ""
            } catch { return error.description }
        }
        #expect(message([.fp8]) == "the kernels of this host have no fp8 weights, only fp32, bf16, int8, int4")
        #expect(message([]) == "a calibration needs at least one number format")
    }

    /// Two calibrations of one machine, side by side on a grid of half a second: as far apart as they say. Skipped
    /// unless asked for, because somebody else's work on the machine is no fault of the kernels.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["ISOCOST_TIMED_TESTS"] != nil))
    func twoRunsAgreeWithinWhatTheyState() throws {
        let calibration = try HostCalibration(Self.request(formats: [.int8, .fp32], seconds: 10))
        let first = try calibration.run(date: "2026-05-06")
        let second = try calibration.run(date: "2026-05-06")
        for agreement in first.agreement(with: second) {
            #expect(agreement.isWithin, "\(agreement.kernel) \(agreement.format)")
        }
    }
}
