import Foundation
import Pricing
import Primitives

/// The folder of real data, where there is one: `ISOCOST_SHARED`, or `../shared` beside the package.
enum SharedData {
    static let folder: String? = {
        let named = ProcessInfo.processInfo.environment["ISOCOST_SHARED"]
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidates: [String?] = [named, package.deletingLastPathComponent().appendingPathComponent("shared").path]
        return candidates.compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0 + "/data/prices") }
    }()
    static var isPresent: Bool { folder != nil }

    /// The catalogues in SkyPilot's layout under `data/prices`, by path.
    static var catalogues: [String] {
        guard let folder else { return [] }
        return ["/data/prices/", "/data/prices/raw-samples/"].flatMap { sub in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder + sub)) ?? []).sorted()
                .filter { $0.hasSuffix(".csv") }.map { folder + sub + $0 }
        }
        .filter { (try? String(contentsOfFile: $0, encoding: .utf8))?.prefix(120).contains("InstanceType") ?? false }
    }
}

func dollars(_ text: String) -> Money { Money(decimal: text) ?? Money(nanodollars: .min) }

func seconds(_ value: Double) -> Int64 { SimulatedDuration(seconds: value).nanoseconds }

/// A rental of instance `instance` that spends the given nanoseconds in the given states, one after the other.
func rental(
    pool: Int = 0, instance: Int = 0, start: Int64 = 0, _ spent: [InstanceState: Int64]
) -> Rental {
    let states = InstanceState.allCases.map { spent[$0] ?? 0 }
    let begin = SimulatedTime(nanoseconds: start)
    let end = begin + SimulatedDuration(nanoseconds: states.reduce(0, +))
    return Rental(pool: pool, instance: instance, start: begin, end: end, states: states)
}

/// Offers made up for tests, at a price.
func offer(_ provider: String, _ onDemand: String, spot: String? = nil) -> Offer {
    Offer(
        id: "\(provider)/test/here", provider: provider, instanceType: "test", region: "here", market: .distributed,
        accelerator: "L4", acceleratorCount: 1, onDemandPerHour: dollars(onDemand), spotPerHour: spot.map(dollars),
        source: "test", observed: "2026-01-01")
}
