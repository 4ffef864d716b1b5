import Foundation
import Pricing
import Primitives
import Testing

/// The bundled rows of specialised clouds and marketplaces against the tables that they were read from.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared data: set ISOCOST_SHARED to its folder"))
struct BundledSourceTests {
    /// Rows of an unquoted table as dictionaries.
    func table(_ name: String) throws -> [[String: String]] {
        let path = try #require(SharedData.folder) + "/data/prices/\(name)"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        let header = try #require(lines.first)
        return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
    }

    func bundled(_ source: String) -> [Offer] { PriceBook.bundled.offers.filter { $0.source.hasPrefix(source) } }

    @Test func listPricesAreThoseOfTheNamedPageAndDate() throws {
        let names = ["vast": "vast-ai", "jarvislabs": "jarvis-labs", "thundercompute": "thunder-compute"]
        let rows = Dictionary(grouping: try table("offerings-2026-05.csv")) { $0["provider"] ?? "" }
        let offers = bundled("tardellirs/")
        #expect(offers.count >= 100)
        for offer in offers {
            let provider = offer.provider == "genesiscloud" ? "genesis-cloud" : names[offer.provider] ?? offer.provider
            let candidates = try #require(rows[provider], "\(offer.id)").filter { row in
                let memory = row["vram_gb"].flatMap { Double($0) }.map { $0 * 1_024 }
                let described = AcceleratorName.Description(
                    name: (row["gpu_model"] ?? "") + " " + (row["interconnect"] ?? ""), memoryMiB: memory)
                return AcceleratorName.resolve(described).name == offer.accelerator
            }
            let prices = Set(candidates.compactMap { $0["price_usd_per_gpu_hour"].flatMap { Money(decimal: $0) } })
            for price in [offer.onDemandPerHour, offer.spotPerHour].compactMap({ $0 }) {
                #expect(prices.contains(price), "\(offer.id): \(price) is not among \(prices)")
            }
            #expect(offer.observed == "2026-05-24" && offer.acceleratorCount == 1)
            #expect(candidates.allSatisfy { offer.source.contains(host($0["source_url"] ?? "")) })
        }
    }

    /// `https://vast.ai/pricing` → `vast.ai`.
    func host(_ address: String) -> String { address.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    @Test(arguments: [
        ("lambda", "lambda.csv"), ("nebius", "nebius.csv"), ("verda", "verda.csv"), ("hyperstack", "hyperstack.csv"),
        ("seeweb", "seeweb.csv"), ("runpod", "runpod.csv"), ("aws", "aws.csv"),
    ])
    func undatedRowsAreThoseOfTheCatalogue(provider: String, file: String) throws {
        let read = try RealCatalogueTests.named(file, zones: .separate).offers
        let offers = PriceBook.bundled.offers.filter { $0.provider == provider && $0.observed == "2026 (undated)" }
        #expect(!offers.isEmpty)
        for offer in offers {
            let rows = read.filter { row in
                row.instanceType == offer.instanceType && (offer.region == "global" || row.region == offer.region)
            }
            #expect(rows.contains { $0.onDemandPerHour == offer.onDemandPerHour }, "\(offer.id)")
            if offer.spotPerHour != nil {
                #expect(rows.contains { $0.spotPerHour == offer.spotPerHour }, "\(offer.id)")
            }
            #expect(rows.allSatisfy { $0.accelerator == offer.accelerator }, "\(offer.id)")
            #expect(rows.allSatisfy { $0.acceleratorCount == offer.acceleratorCount }, "\(offer.id)")
        }
    }

    @Test func marketMediansAreThoseOfTheDay() throws {
        let day = try table("market-history.csv").filter {
            $0["date"] == "2026-06-04" && $0["provider"] == "vast.ai" && $0["region"] == "US"
        }
        let offers = PriceBook.bundled.offers.filter { $0.provider == "vast" && $0.region == "us" }
        #expect(offers.count >= 20)
        for offer in offers {
            let medians = day.filter { $0["gpu_count"] == String(offer.acceleratorCount) }
                .compactMap { $0["price_median"].flatMap { Money(decimal: $0) } }
                .map { $0 * Int64(offer.acceleratorCount) }
            for price in [offer.onDemandPerHour, offer.spotPerHour].compactMap({ $0 }) {
                #expect(medians.contains(price), "\(offer.id): \(price)")
            }
        }
    }
}
