import Foundation
import Pricing
import Primitives
import Testing

/// Every catalogue of the shared data in SkyPilot's layout; skipped where the data is absent.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared data: set ISOCOST_SHARED to its folder"))
struct RealCatalogueTests {
    static func load(_ path: String, zones: CatalogueSource.Zones = .merged) throws -> CatalogueImport {
        let name = URL(fileURLWithPath: path).lastPathComponent
        let provider = String(name.prefix { $0 != "-" && $0 != "." })
        return try CatalogueImport(path: path, from: CatalogueSource(provider: provider, file: name, zones: zones))
    }

    static func named(_ name: String, zones: CatalogueSource.Zones = .merged) throws -> CatalogueImport {
        try load(try #require(SharedData.folder) + "/data/prices/\(name)", zones: zones)
    }

    @Test(arguments: SharedData.catalogues, [CatalogueSource.Zones.merged, .separate])
    func everyRowIsAccountedFor(path: String, zones: CatalogueSource.Zones) throws {
        let imported = try Self.load(path, zones: zones)
        // No cell of these files spans lines, so rows are lines less the header.
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).count
        #expect(imported.rows == lines - 1)
        #expect(imported.rows == imported.becameOffers + imported.merged + imported.joined + imported.skipped.total)
        #expect(!imported.offers.isEmpty)
        #expect(Set(imported.offers.map { $0.id.lowercased() }).count == imported.offers.count)
        for offer in imported.offers {
            #expect(offer.accelerator != "A100" && offer.accelerator != "H100", "\(offer.id)")
            #expect((offer.accelerator == nil) == (offer.acceleratorCount == 0), "\(offer.id)")
            if let spot = offer.spotPerHour, let onDemand = offer.onDemandPerHour { #expect(spot < onDemand) }
        }
    }

    @Test func amazonsZonesAndSpotTraps() throws {
        let merged = try Self.named("aws.csv")
        #expect(merged.rows == 745 && merged.warnings[.spotEqualsOnDemand] == 24)
        #expect(merged.skipped[.fractionalAccelerator] == 34)
        let book = PriceBook(offers: merged.offers)
        // Four zones: 0.8548, 0.914, 0.974, 1.0956
        let g6e = try book.offer("aws/g6e.xlarge")
        #expect(g6e.onDemandPerHour == dollars("1.861") && g6e.spotPerHour == dollars("0.8548"))
        #expect(try book.offer("aws/p5e.48xlarge/us-west-2").onDemandPerHour == nil)
        let zones = try Self.named("aws.csv", zones: .separate).offers.filter {
            $0.id.hasPrefix("aws/g6e.xlarge/us-east-1/")
        }
        #expect(zones.compactMap(\.spotPerHour).sorted() == ["0.8548", "0.914", "0.974", "1.0956"].map(dollars))
    }

    @Test func googlesMarkedPricesAreNotOnDemand() throws {
        let imported = try Self.named("gcp.csv")
        #expect(imported.warnings[.notOnDemandPrice] == 59)
        #expect(imported.skipped[.noPrice] == 0)
        let h200 = try PriceBook(offers: imported.offers).offer("gcp/a3-ultragpu-8g/us-east4")
        // 12.266 + 74.49392, and the spot parts likewise.
        #expect(h200.onDemandPerHour == dollars("86.75992") && h200.spotPerHour == dollars("40.48541"))
        #expect(h200.acceleratorCount == 8 && h200.accelerator == "H200")
    }

    @Test func vastMemoryIsTheTotalAndSpotIsAbsent() throws {
        let imported = try Self.named("vast.csv")
        #expect(imported.warnings[.spotZero] == 64 && imported.offers.count == 64)
        let book = PriceBook(offers: imported.offers)
        #expect(try book.offer("vast/2x-A100_SXM4-32-65536/Germany-DE-EU").accelerator == "A100-40GB")
        #expect(try book.offer("vast/2x-A100_SXM4-32-65536/Montana-US-NA").accelerator == "A100-80GB")
        #expect(try book.offer("vast/1x-H100_NVL-32-65536").accelerator == "H100-NVL")
    }

    @Test func bundledPricesAgreeWithTheFilesTheyWereReadFrom() throws {
        let sources = [
            ("aws-ondemand-us-east-1.csv", "aws", "us-east-1"), ("gcp-combined.csv", "gcp", ""),
            ("azure.csv", "azure", ""),
        ]
        for (file, provider, region) in sources {
            let book = PriceBook(offers: try Self.named(file).offers)
            for offer in PriceBook.bundled.offers where offer.provider == provider && offer.region.hasPrefix(region) {
                guard !offer.observed.contains("undated") else { continue }
                let found = try book.offer(offer.id)
                #expect(found.onDemandPerHour == offer.onDemandPerHour, "\(offer.id)")
                #expect(found.accelerator == offer.accelerator && found.acceleratorCount == offer.acceleratorCount)
                #expect(found.vCPUs == offer.vCPUs && found.memoryGiB == offer.memoryGiB)
                if provider != "aws" { #expect(found.spotPerHour == offer.spotPerHour) }
            }
        }
    }

    @Test func otherTablesAreRefusedByName() throws {
        let error = #expect(throws: CatalogueError.self) { try Self.named("market-history.csv") }
        #expect(error?.description == "market-history.csv:1:1: no column InstanceType in the header")
    }
}

/// What becomes of the rows of every file, counted independently: offers are
/// distinct pairs of type and region among rows with a price and whole accelerators.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared data: set ISOCOST_SHARED to its folder"))
struct RealCatalogueCountTests {
    @Test(arguments: [
        // file, rows, offers, merged, joined, skipped
        ("aws-2024-05-01.csv", 453, 134, 319, 0, 0),
        ("aws-ondemand-us-east-1.csv", 203, 199, 0, 0, 4),
        ("aws.csv", 745, 229, 480, 0, 36),
        ("azure-2023-12-08.csv", 112, 88, 24, 0, 0),
        ("azure.csv", 889, 856, 0, 0, 33),
        ("cudo.csv", 84, 84, 0, 0, 0),
        ("fluidstack.csv", 1, 1, 0, 0, 0),
        ("gcp-combined.csv", 1005, 984, 0, 0, 21),
        ("hyperbolic.csv", 3, 3, 0, 0, 0),
        ("hyperstack.csv", 25, 25, 0, 0, 0),
        ("jarvislabs.csv", 23, 23, 0, 0, 0),
        ("lambda.csv", 425, 425, 0, 0, 0),
        ("lium.csv", 40, 40, 0, 0, 0),
        ("marketplace-2024.csv", 780, 780, 0, 0, 0),
        ("mithril.csv", 4, 4, 0, 0, 0),
        ("nebius.csv", 74, 74, 0, 0, 0),
        ("oci.csv", 48, 48, 0, 0, 0),
        ("primeintellect.csv", 142, 134, 8, 0, 0),
        ("runpod.csv", 162, 162, 0, 0, 0),
        ("seeweb.csv", 34, 34, 0, 0, 0),
        ("shadeform.csv", 259, 259, 0, 0, 0),
        ("spheron.csv", 152, 152, 0, 0, 0),
        ("vast.csv", 64, 64, 0, 0, 0),
        ("verda.csv", 33, 33, 0, 0, 0),
        ("yotta.csv", 8, 8, 0, 0, 0),
        ("raw-samples/aws-v5.csv", 9, 4, 5, 0, 0),
        ("raw-samples/aws-v9.csv", 7, 5, 0, 0, 2),
        ("raw-samples/azure-v5.csv", 5, 5, 0, 0, 0),
        ("raw-samples/cudo-v5.csv", 9, 9, 0, 0, 0),
        ("raw-samples/fluidstack-v5.csv", 9, 9, 0, 0, 0),
        ("raw-samples/ibm-v5.csv", 9, 9, 0, 0, 0),
        ("raw-samples/lambda-v5.csv", 9, 9, 0, 0, 0),
        ("raw-samples/oci-v5.csv", 9, 9, 0, 0, 0),
        ("raw-samples/ovhcloud-v5.csv", 9, 9, 0, 0, 0),
        ("raw-samples/paperspace-v5.csv", 10, 10, 0, 0, 0),
        ("raw-samples/runpod-v5.csv", 8, 8, 0, 0, 0),
        ("raw-samples/runpod-v8.csv", 4, 4, 0, 0, 0),
        ("raw-samples/scaleway-v5.csv", 5, 4, 1, 0, 0),
        ("raw-samples/scp-v5.csv", 9, 9, 0, 0, 0),
        ("gcp.csv", 302, 65, 73, 117, 47),
        ("gcp-2024-05-01.csv", 246, 36, 70, 40, 100),
        ("raw-samples/gcp-v5.csv", 10, 4, 0, 2, 4),
        ("raw-samples/gcp-v9.csv", 10, 3, 0, 3, 4),
    ])
    func counts(_ row: (String, Int, Int, Int, Int, Int)) throws {
        let (file, rows, offers, merged, joined, skipped) = row
        let imported = try RealCatalogueTests.named(file)
        let found = [imported.rows, imported.becameOffers, imported.merged, imported.joined, imported.skipped.total]
        #expect(found == [rows, offers, merged, joined, skipped])
    }
}
