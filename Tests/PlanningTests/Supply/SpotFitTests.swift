import Foundation
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The fits in ``SupplyFacts`` are those of the recorded traces: computed again from the files, where this machine has
/// them.
@Suite(.enabled(if: sharedFolder != nil, "needs real traces: set ISOCOST_SHARED to the folder that has data/spot"))
struct SpotFitTests {
    private static func traces(_ collection: String, _ matches: (String) -> Bool) throws -> [AvailabilityTrace] {
        let folder = try #require(sharedFolder).appendingPathComponent("data/spot/\(collection)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter(matches)
        return try names.map { try AvailabilityFile.read(folder.appendingPathComponent($0).path) }
    }

    /// Unbroken runs in hours, those cut off by the trace's ends left out.
    private static func runs(_ traces: [AvailabilityTrace], up: Bool) -> [Double] {
        traces.flatMap { trace in
            zip(trace.changes, trace.changes.dropFirst()).enumerated().compactMap { index, pair in
                // Run 0 precedes the first change, so this one is number index + 1.
                let isUp = (index % 2 == 0) != trace.startsUp
                return isUp == up ? (pair.1 - pair.0).seconds / 3_600 : nil
            }
        }
    }

    /// The middle value, or the mean of the two.
    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// To the three decimals that the table has.
    private func expectFit(_ traces: [AvailabilityTrace], _ fit: AvailabilityProcess) {
        for (isUp, median, mean) in [(true, fit.upMedian, fit.upMean), (false, fit.downMedian, fit.downMean)] {
            let runs = Self.runs(traces, up: isUp)
            #expect(abs(Self.median(runs) - median.seconds / 3_600) < 6e-4)
            #expect(abs(Self.mean(runs) - mean.seconds / 3_600) < 6e-4)
        }
    }

    @Test(arguments: [(SpotTightness.scarce, "us-east-1"), (.ample, "us-west-2"), (.typical, "us-")])
    func accelerators(tightness: SpotTightness, prefix: String) throws {
        let traces = try Self.traces("availability/1-node/aws-02-15-2023") { $0.hasPrefix(prefix) }
        expectFit(traces, SupplyFacts.spot(provider: "aws", accelerators: 1, tightness: tightness).value)
    }

    @Test func processors() throws {
        let traces = try Self.traces("preemption/1-node/aws-04-19-2023") { _ in true }
        #expect(traces.count == 3)
        expectFit(traces, SupplyFacts.spot(provider: "aws", accelerators: 0).value)
        #expect(abs(Self.mean(Self.correlations(traces)) - 0.24) < 0.005)
    }

    @Test func eightAccelerators() throws {
        func meanUp(_ ending: String) throws -> Double {
            Self.mean(
                Self.runs(try Self.traces("availability/1-node/aws-10-26-2022") { $0.hasSuffix(ending) }, up: true))
        }
        let penalty = try meanUp("_1.json") / meanUp("_8.json")
        #expect(abs(penalty - SupplyFacts.eightAcceleratorPenalty.value) < 0.01)
    }

    /// The mean over the pairs of zones of a region.
    @Test(arguments: [
        (SpotTightness.scarce, ["us-east-1"]), (.ample, ["us-west-2"]),
        (.typical, ["us-east-1", "us-east-2", "us-west-2"]),
    ])
    func correlations(tightness: SpotTightness, regions: [String]) throws {
        let pairs = try regions.flatMap { region in
            Self.correlations(try Self.traces("availability/1-node/aws-02-15-2023") { $0.hasPrefix(region) })
        }
        let fit = SupplyFacts.spot(provider: "aws", accelerators: 1, tightness: tightness).value
        #expect(abs(Self.mean(pairs) - fit.regionalShare) < 0.006)
    }

    /// Of every two traces' states, tick by tick.
    private static func correlations(_ traces: [AvailabilityTrace]) -> [Double] {
        let length = traces.map(\.length).min()?.nanoseconds ?? 0
        let states = traces.map { trace in
            stride(from: Int64(0), to: length, by: 17_000_000_000).reduce(
                into: (next: 0, up: trace.startsUp, all: [Double]())
            ) {
                while $0.next < trace.changes.count, trace.changes[$0.next].nanoseconds <= $1 {
                    $0.next += 1
                    $0.up.toggle()
                }
                $0.all.append($0.up ? 1 : 0)
            }.all
        }
        return states.indices.flatMap { a in
            states.indices.dropFirst(a + 1).map { b in
                let (x, y) = (mean(states[a]), mean(states[b]))
                let both = mean(zip(states[a], states[b]).map { $0 * $1 })
                return (both - x * y) / (x * (1 - x) * y * (1 - y)).squareRoot()
            }
        }
    }
}
