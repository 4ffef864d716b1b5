import Foundation
import Testing

@testable import PerformanceModel

@Suite struct ProfileAgreementTests {
    /// Steps of a host that takes `perStep` and `perSequence` nanoseconds, and the same noise on every second row.
    private func profile(perStep: Double, perSequence: Double, noise: Double = 0, spread: Double? = nil)
        -> DeviceProfile
    {
        let rows = (1...12).map { sequences in
            KernelMeasurement(
                shape: .stepOverhead(sequences: sequences), format: .fp32,
                medianNanoseconds: (perStep + perSequence * Double(sequences)) * (sequences % 2 == 0 ? 1 + noise : 1),
                samples: 3, spread: spread, outliers: spread.map { _ in 1 })
        }
        return DeviceProfile(
            name: "host", machine: .init(processor: "p", cores: 1, threads: 1, memoryBytes: 1), date: "2026-01-02",
            library: "l", provenance: "p", measurements: rows)
    }

    @Test func aProfileAgreesWithItself() {
        let one = profile(perStep: 1000, perSequence: 50)
        #expect(one.agreement(with: one).map(\.difference) == [0])
        #expect(one.agreement(with: one).allSatisfy { $0.isWithin })
    }

    /// A machine that is a tenth slower differs by a tenth, which exact fits to steady times do not excuse, and a
    /// spread of a tenth in each does.
    @Test func differencesAreHeldAgainstWhatIsStated() throws {
        let (one, slow) = (profile(perStep: 1000, perSequence: 50), profile(perStep: 1100, perSequence: 55))
        let apart = try #require(one.agreement(with: slow).first)
        #expect(apart.kernel == .stepOverhead && apart.format == .fp32)
        #expect(abs(apart.difference - (1 - 1 / 1.1)) < 1e-6 && apart.stated < 1e-6 && !apart.isWithin)
        let unsteady = [1000.0, 1100].map { profile(perStep: $0, perSequence: $0 / 20, spread: 0.1) }
        let excused = try #require(unsteady[0].agreement(with: unsteady[1]).first)
        #expect(abs(excused.stated - 0.2) < 1e-6 && excused.isWithin)
    }

    /// Without spreads the error on the shapes kept out is all that is stated.
    @Test func theErrorOfTheFitIsStated() throws {
        let noisy = profile(perStep: 1000, perSequence: 50, noise: 0.06)
        let fit = try #require(noisy.fits.first)
        #expect(noisy.statedError(of: fit) == fit.heldOut?.median)
        #expect(noisy.statedError(of: fit) > 0.01)
    }

    @Test func onlyWhatBothMeasured() {
        let one = profile(perStep: 1000, perSequence: 50)
        var other = one
        other.fits[0].format = .bf16
        #expect(one.agreement(with: other).isEmpty)
    }

    /// Spread and outliers are kept in the file; a profile from before they were kept is read without.
    @Test func spreadsAreKept() throws {
        let kept = profile(perStep: 1000, perSequence: 50, spread: 0.25)
        let read = try DeviceProfile.decode(try kept.encoded(), file: "host.json")
        #expect(read == kept && read.measurements[0].spread == 0.25 && read.measurements[0].outliers == 1)
        let old = profile(perStep: 1000, perSequence: 50)
        let text = String(decoding: try old.encoded(), as: UTF8.self)
        #expect(!text.contains("spread") && !text.contains("outliers"))
        #expect(try DeviceProfile.decode(Data(text.utf8), file: "host.json").measurements[0].spread == nil)
    }
}
