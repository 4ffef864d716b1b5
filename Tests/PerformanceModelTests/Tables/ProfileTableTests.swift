import Testing

@testable import PerformanceModel

@Suite struct ProfileTableTests {
    /// A profile whose every printed number is chosen here, the fits' errors included.
    private func profile(_ change: (inout DeviceProfile) -> Void = { _ in }) -> DeviceProfile {
        let rows = [1, 2, 4].map {
            KernelMeasurement(shape: .elementwise(bytes: $0 << 10), format: .fp32, medianNanoseconds: 100, samples: 3)
        }
        var profile = DeviceProfile(
            name: "test-2t",
            machine: .init(
                processor: "Testium 9", cores: 4, threads: 2, memoryBytes: 3 << 29, copyBytesPerSecond: 12.34e9,
                peakOperationsPerSecond: 1_234.56e9),
            date: "2026-02-03", library: "OpenBLAS 9.9 Haswell fp32, 2 threads", provenance: "by hand",
            measurements: rows)
        profile.fits = [
            fit(.gemm, .fp32, fitted: 20, heldOut: ErrorSummary(count: 9, median: 0.051, mean: 0.0649, maximum: 12.5)),
            fit(.stepOverhead, .bf16, fitted: 2, heldOut: nil),
        ]
        change(&profile)
        return profile
    }

    private func fit(_ kernel: Kernel, _ format: NumberFormat, fitted: Int, heldOut: ErrorSummary?) -> KernelFit {
        KernelFit(
            kernel: kernel, format: format, overhead: 1, perOperation: 0, perByte: 0, perRowByte: 0, overlap: .sum,
            fitted: ErrorSummary(count: fitted, median: 0, mean: 0, maximum: 0), heldOut: heldOut)
    }

    @Test func summaryToTheLetter() {
        #expect(
            profile().summary == """
                test-2t: Testium 9, 4 cores, 2 threads, 1.5 GiB
                measured 2026-02-03 with OpenBLAS 9.9 Haswell fp32, 2 threads
                product rate 1,234.6 GFLOP/s, copy bandwidth 12.3 GB/s
                error of the predicted time on shapes kept out of the fit:
                kernel        format  shapes  held out  median   mean      worst
                gemm          fp32        29         9   5.1 %  6.5 %  1,250.0 %
                stepOverhead  bf16         2      none       -      -          -

                """)
    }

    /// Every fit has its row, in the profile's order, and what is fitted afresh is told as it is.
    @Test func rowsAreTheFits() throws {
        let fresh = profile { $0.fits = DeviceProfile.fit(measurements: $0.measurements) }
        let lines = fresh.summary.split(separator: "\n")
        #expect(lines.count == 5 + fresh.fits.count)
        let cells = try #require(lines.last).split(separator: " ").map(String.init)
        let error = try #require(fresh.fits[0].heldOut)
        #expect(Array(cells.prefix(4)) == ["elementwise", "fp32", "3", "\(error.count)"])
        #expect(error.count == 1 && fresh.fits[0].fitted.count == 2)
    }

    @Test func noFitsIsAHeadWithoutRows() {
        let lines = profile { $0.fits = [] }.summary.split(separator: "\n")
        #expect(lines.count == 5 && lines[4].hasPrefix("kernel  format"))
        #expect(profile { $0.fits = [] }.summary.hasSuffix("worst\n"))
    }

    @Test func differentKernelsAreToldApart() {
        let other = profile { $0.library = "OpenBLAS 9.9 SkylakeX fp32, 2 threads" }.summary
        #expect(other.contains("with OpenBLAS 9.9 SkylakeX fp32") && other != profile().summary)
    }
}
