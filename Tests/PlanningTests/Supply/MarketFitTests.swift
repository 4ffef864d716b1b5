import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The marketplace figures in ``SupplyFacts``, computed again from the daily offers, where this machine has them.
@Suite(.enabled(if: sharedFolder != nil, "needs real prices: set ISOCOST_SHARED to the folder that has data/prices"))
struct MarketFitTests {
    private struct Row {
        let date: String
        let accelerator: String
        let count: Int
        let dollars: Double
        let offers: Int
    }

    /// The source's names.
    private static let names = [
        "RTX-4090": "RTX_4090", "RTX-5090": "RTX_5090", "A100-80GB": "A100_SXM_80GB", "H200": "H200", "B200": "B200",
        "A100-80GB-PCIe": "A100_PCIE_80GB", "H100-SXM": "H100_SXM", "L40S": "L40S",
    ]

    private static func table(_ name: String) throws -> [[String: String]] {
        let file = try #require(sharedFolder).appendingPathComponent("data/prices/\(name)")
        let lines = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let header = try #require(lines.first)
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    /// Offers on demand on the days without a cap.
    private static func offers() throws -> [Row] {
        try table("market-history.csv").compactMap { row in
            guard row["provider"] == "vast.ai", row["rental_type"] == "on_demand", let date = row["date"],
                ("2026-05-08"..."2026-06-05").contains(date), let accelerator = row["gpu_model"]
            else { return nil }
            return Row(
                date: date, accelerator: accelerator, count: Int(row["gpu_count"] ?? "") ?? 0,
                dollars: Double(row["price_median"] ?? "") ?? .nan, offers: Int(row["n_offers"] ?? "") ?? 0)
        }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    @Test func offersAndPricesAreThoseOfTheUncappedDays() throws {
        let rows = try Self.offers()
        let days = Set(rows.map(\.date))
        #expect(days.count == 29)
        for (canonical, name) in Self.names {
            let own = rows.filter { $0.accelerator == name }
            for count in [1, 2, 4, 8] {
                let mean = Double(own.filter { $0.count == count }.reduce(0) { $0 + $1.offers }) / 29
                let fact = try #require(SupplyFacts.market(accelerator: canonical, count: count))
                #expect(abs(fact.population.meanOffers - mean) <= 0.0501, "\(canonical) × \(count)")
            }
            let daily = days.sorted().compactMap { day -> Double? in
                let prices = own.filter { $0.date == day }
                    .flatMap { Array(repeating: $0.dollars, count: $0.offers) }
                return prices.isEmpty ? nil : Self.median(prices)
            }
            let fact = try #require(SupplyFacts.market(accelerator: canonical))
            #expect(abs(fact.population.medianPerHour.dollars - Self.median(daily)) < 6e-4, "\(canonical)")
        }
    }

    /// The medians over accelerators of the correlations one, two and three days apart, which the stay was fitted to.
    @Test func theCorrelationOfOffersIsTheOneFitted() throws {
        let rows = try Self.offers()
        let days = Set(rows.map(\.date)).sorted()
        for (lag, correlation) in [(1, 0.58), (2, 0.33), (3, 0.175)] {
            let found = Self.names.values.map { name -> Double in
                let counts = days.map { day in
                    Double(
                        rows.filter { $0.accelerator == name && $0.date == day }.reduce(0) { $0 + $1.offers })
                }
                let mean = counts.reduce(0, +) / Double(counts.count)
                let deviations = counts.map { $0 - mean }
                let products = zip(deviations, deviations.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 }
                return products / deviations.reduce(0) { $0 + $1 * $1 }
            }
            #expect(abs(Self.median(found) - correlation) < 0.01, "lag \(lag): \(Self.median(found))")
        }
    }

    @Test func advisorHazardsAreThoseOfTheBands() throws {
        let rows = try Self.table("aws-spot-advisor.csv")
        for family in ["g5", "g6e", "p3", "p4d", "p5", "c7i", "c8g", "inf2"] {
            let hazards = rows.filter { $0["instance_type"]?.hasPrefix(family + ".") == true }
                .compactMap { $0["interruption_range"].flatMap(SupplyFacts.AdvisorBand.init)?.reclaimsPerHour }
            let fact = try #require(SupplyFacts.advisorReclaimsPerHour(instanceType: family + ".xlarge"))
            #expect(!hazards.isEmpty)
            #expect(abs(hazards.reduce(0, +) / Double(hazards.count) / fact.value - 1) < 1e-12, "\(family)")
        }
    }
}
