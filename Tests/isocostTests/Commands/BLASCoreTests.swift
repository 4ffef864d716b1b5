import Foundation
import Testing

/// Which OpenBLAS kernels a calibration measures, and that its profile says so.
@Suite(.serialized) struct BLASCoreTests {
    private struct Profile: Decodable {
        var library: String
        var provenance: String
    }

    /// The restart keeps arguments and folder, happens once, and shows in the profile; where OpenBLAS already has the
    /// kernels of the processor there is none. `detected` leaves the choice alone.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil))
    func restartsForFasterKernelsUnlessToldNotTo() throws {
        let folder = try TemporaryFolder()
        let (detected, plain) = try calibrate("detected", in: folder)
        let (best, chosen) = try calibrate("best", in: folder)
        #expect(folder.files() == ["best.json", "detected.json"])
        #expect(!plain.provenance.contains("OPENBLAS_CORETYPE"))
        #expect(!best.output.contains("may be faster"))
        if detected.output.contains("OPENBLAS_CORETYPE=SkylakeX in the environment may be faster") {
            #expect(chosen.library.contains(" SkylakeX fp32"))
            #expect(chosen.provenance.contains("kernels chosen by OPENBLAS_CORETYPE=SkylakeX"))
            #expect(!plain.library.contains("SkylakeX"))
        } else {
            #expect(chosen.library == plain.library && !chosen.provenance.contains("OPENBLAS_CORETYPE"))
        }
    }

    @Test func otherChoicesAreWrongUsage() throws {
        let outcome = try Binary.run("calibrate", "--blas-core", "Haswell", in: TemporaryFolder())
        #expect(outcome.status == 64 && outcome.error.contains("best") && outcome.error.contains("detected"))
    }

    private func calibrate(_ choice: String, in folder: TemporaryFolder) throws -> (Outcome, Profile) {
        let outcome = try Binary.run(
            "calibrate", "--blas-core", choice, "--seconds", "1.5", "--threads", "1", "--model", "qwen2.5-0.5b",
            "--out",
            "\(choice).json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome)")
        return (outcome, try JSONDecoder().decode(Profile.self, from: folder.data("\(choice).json")))
    }
}
