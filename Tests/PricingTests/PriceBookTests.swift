import Pricing
import Primitives
import Testing

@Suite struct PriceBookTests {
    let book = PriceBook.bundled

    @Test func catalogueIsLargeAndCoversTheMarket() {
        #expect(book.offers.count >= 300)
        let providers = book.providers
        for hyperscaler in ["aws", "gcp", "azure"] {
            #expect(providers.contains { $0.name == hyperscaler && $0.market == .hyperscale && $0.offers >= 40 })
        }
        #expect(providers.filter { $0.market == .distributed }.count >= 12)
        #expect(providers.reduce(0) { $0 + $1.offers } == book.offers.count)
        #expect(book.offers(matching: OfferFilter(accelerator: "cpu")).count >= 40)
        #expect(book.offers.filter { $0.market == .distributed && $0.spotPerHour != nil }.count >= 30)
    }

    @Test func idsAreUniqueAndSpellTheirParts() {
        #expect(Set(book.offers.map { $0.id.lowercased() }).count == book.offers.count)
        for offer in book.offers {
            #expect(offer.id == "\(offer.provider)/\(offer.instanceType)/\(offer.region)")
        }
    }

    @Test func everyOfferHasAPriceASourceAndADate() {
        for offer in book.offers {
            #expect(offer.onDemandPerHour != nil || offer.spotPerHour != nil, "\(offer.id) has no price")
            #expect(!offer.source.isEmpty, "\(offer.id)")
            let dated = offer.observed.wholeMatch(of: /20\d\d-\d\d-\d\d|20\d\d \(undated\)/) != nil
            #expect(dated, "\(offer.id) is dated \(offer.observed)")
            #expect((offer.accelerator == nil) == (offer.acceleratorCount == 0), "\(offer.id)")
        }
    }

    @Test func pricesAreInARangeThatExists() {
        for offer in book.offers {
            for price in [offer.onDemandPerHour, offer.spotPerHour].compactMap({ $0 }) {
                let perUnit = price.dollars / Double(max(1, offer.acceleratorCount))
                #expect(perUnit > 0.009 && perUnit < 20, "\(offer.id) costs \(price)")
            }
            guard let spot = offer.spotPerHour, let onDemand = offer.onDemandPerHour else { continue }
            #expect(spot < onDemand, "\(offer.id): spot \(spot), on demand \(onDemand)")
        }
    }

    @Test func acceleratorsAreCanonicalAndInstancesOfOneTypeAgree() {
        for offer in book.offers {
            guard let name = offer.accelerator else { continue }
            #expect(AcceleratorName.spelling(name) == name, "\(offer.id)")
            #expect(name != "A100" && name != "H100", "\(offer.id) does not say which \(name)")
        }
        let needed = [
            "T4", "A10G", "L4", "L40S", "A100-40GB", "A100-80GB", "H100-SXM", "H100-PCIe", "H100-NVL", "H200", "B200",
            "MI300X", "RTX-3090", "RTX-4090", "RTX-5090", "RTX-6000-Ada", "RTX-PRO-6000", "A40", "V100",
        ]
        for name in needed { #expect(book.offers.contains { $0.accelerator == name }, "no offer has a \(name)") }
        let types = Dictionary(grouping: book.offers) { "\($0.provider)/\($0.instanceType)" }
        for (type, rows) in types {
            #expect(Set(rows.map { "\($0.acceleratorCount) \($0.accelerator ?? "")" }).count == 1, "\(type)")
        }
    }

    /// Copied by hand from the sources: id, on demand, spot; – for none.
    @Test(arguments: [
        ("aws/g4dn.xlarge/us-east-1", "0.526", "0.202"), ("aws/g5.xlarge/us-east-1", "1.006", "0.4213"),
        ("aws/g6.xlarge/us-east-1", "0.8048", "0.3659"), ("aws/g6e.xlarge/us-east-1", "1.861", "0.914"),
        ("aws/g6e.48xlarge/us-east-1", "30.13118", "10.4904"), ("aws/p4d.24xlarge/us-east-1", "21.957642", "7.6435"),
        ("aws/p5.48xlarge/us-east-1", "55.04", "19.197"), ("aws/p6-b200.48xlarge/us-east-1", "113.9328", "13.5724"),
        ("aws/c8g.8xlarge/us-east-1", "1.27616", "0.5643"), ("aws/m7i.xlarge/us-east-1", "0.2016", "–"),
        ("aws/g6e.xlarge/us-west-2", "1.861", "0.7124"), ("gcp/g2-standard-4/us-central1", "0.706832", "0.397336"),
        ("gcp/a2-ultragpu-1g/europe-west4", "5.580918", "2.945207"),
        ("gcp/a3-highgpu-8g/us-central1", "88.49", "50.609541"),
        ("gcp/c4-standard-32/us-central1", "1.58136", "0.94884"),
        ("azure/Standard_NC24ads_A100_v4/eastus", "3.673", "–"),
        ("azure/Standard_ND96isr_H200_v5/eastus2", "84.8", "–"),
        ("azure/Standard_D32s_v5/eastus", "1.536", "–"), ("vast/1x-L40S/global", "0.4", "0.28"),
        ("vast/8x-H200/us", "31.5888", "28.9056"), ("runpod/1x_L40S_SECURE/global", "0.99", "–"),
        ("runpod/1x_A100-80GB_SECURE/US", "1.64", "0.82"), ("lambda/gpu_8x_h100_sxm5/global", "31.92", "–"),
        ("nebius/gpu-h100-sxm_1gpu-16vcpu-200gb/eu-north1", "2.95", "1.25"),
        ("verda/1H100.80S.32V/global", "2.29", "0.8"), ("tensordock/1x-rtx4090/global", "0.35", "–"),
        ("akash/1x-h100/global", "1.25", "–"), ("salad/1x-rtx4090/global", "–", "0.25"),
        ("coreweave/1x-h100-sxm/global", "4.76", "–"), ("hyperstack/n3-H100-SXM5x8/global", "19.2", "–"),
    ])
    func spotChecks(id: String, onDemand: String, spot: String) throws {
        let found = try book.offer(id)
        #expect(found.id == id)
        #expect(found.onDemandPerHour == Money(decimal: onDemand))
        #expect(found.spotPerHour == Money(decimal: spot))
    }

    @Test(arguments: [
        ("aws/g6e.xlarge", "aws/g6e.xlarge/us-east-1"), ("AWS/G6E.XLARGE/US-WEST-2", "aws/g6e.xlarge/us-west-2"),
        ("vast/1x-L40S", "vast/1x-L40S/global"), ("vast/8x-h200", "vast/8x-H200/us"),
        ("runpod/1x_l40s_secure", "runpod/1x_L40S_SECURE/global"),
        ("azure/standard_nd96isr_h200_v5", "azure/Standard_ND96isr_H200_v5/eastus2"),
        ("gcp/a3-megagpu-8g", "gcp/a3-megagpu-8g/us-east4"),
    ])
    func lookupFillsInTheRegion(query: String, id: String) throws {
        #expect(try book.offer(query).id == id)
    }

    @Test(arguments: [
        ("aws/g6e.xlarg/us-east-1", "aws/g6e.xlarge/us-east-1"), ("aws/g6e.xlareg", "aws/g6e.xlarge/us-east-1"),
        ("g6e.xlarge", "aws/g6e.xlarge/us-east-1"), ("vast/1x-L4OS", "vast/1x-L40S/global"),
        ("runpod/1x_L40S_SECUR", "runpod/1x_L40S_SECURE/global"),
        ("aws/g6e.xlarge/us-east-9", "aws/g6e.xlarge/us-east-1"),
    ])
    func misspellingsNameTheNearest(query: String, id: String) throws {
        let error = try #require(throws: PriceBookError.self) { try book.offer(query) }
        guard case .unknownOffer(query, let nearest) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(nearest.contains(id), "\(nearest)")
        #expect(nearest.count <= 3)
        #expect(error.description.contains("unknown offer \"\(query)\"; nearest: "))
        #expect(error.description.contains("isocost prices list"))
    }

    @Test(arguments: ["", "/", "aws", "aws/", "aws//us-east-1", "aws/g6e", "/g6e.xlarge"])
    func partsOfIdsNameNothing(query: String) {
        #expect(throws: PriceBookError.self) { try book.offer(query) }
    }

    @Test func nonsenseHasNoSuggestion() {
        #expect(book.suggestions(for: "!!!!!!").isEmpty)
        let error = #expect(throws: PriceBookError.self) { try book.offer("!!!!!!") }
        #expect(error?.description == "unknown offer \"!!!!!!\"; `isocost prices list` shows all")
    }

    @Test func importedOffersReplaceBundledOnesInPlace() throws {
        var book = PriceBook(offers: [offer("a", "1"), offer("b", "2")])
        var dearer = offer("a", "3")
        dearer.id = "A/test/HERE"
        book.merge([dearer, offer("c", "4")])
        #expect(book.offers.map(\.onDemandPerHour) == [dollars("3"), dollars("2"), dollars("4")])
        #expect(try book.offer("a/TEST").onDemandPerHour == dollars("3"))
    }

    @Test func filtersNarrow() {
        let h100 = book.offers(matching: OfferFilter(accelerator: "H100"))
        #expect(Set(h100.compactMap(\.accelerator)) == ["H100-SXM", "H100-PCIe", "H100-NVL"])
        #expect(
            book.offers(matching: OfferFilter(accelerator: "h100_sxm5")).allSatisfy { $0.accelerator == "H100-SXM" })
        let spot = book.offers(matching: OfferFilter(provider: "AWS", region: "us-", terms: .spot))
        #expect(!spot.isEmpty && spot.allSatisfy { $0.provider == "aws" && $0.spotPerHour != nil })
        #expect(spot.allSatisfy { $0.region.hasPrefix("us-") })
        let salad = book.offers(matching: OfferFilter(provider: "salad", terms: .onDemand))
        #expect(salad.isEmpty)
        #expect(book.offers(matching: OfferFilter(market: .owned)).isEmpty)
        #expect(book.offers(matching: OfferFilter()) == book.offers)
    }
}

@Suite struct PriceListTests {
    @Test func tableIsAlignedAndDated() throws {
        let list = PriceList([
            try PriceBook.bundled.offer("aws/g6e.xlarge"), try PriceBook.bundled.offer("vast/1x-L40S"),
        ])
        #expect(
            list.text == """
                offer                     accelerator  vCPU  GiB  $/h on demand  $/h spot  observed
                aws/g6e.xlarge/us-east-1  1 × L40S        4   32          1.861     0.914  2026-07-20
                vast/1x-L40S/global       1 × L40S        –    –           0.40      0.28  2026-05-24

                2 offers. Prices are dated examples, not quotations.
                source: aws/karpenter-provider-aws (Apache-2.0); spot: median zone of skypilot-catalog v9, 2026 (undated)
                source: tardellirs/gpu-pricing (MIT), from vast.ai/pricing

                """)
    }

    @Test func wholePricesAndMissingPartsKeepTheirColumns() {
        var plain = offer("a", "3")
        plain.accelerator = nil
        plain.vCPUs = 7.5
        let lines = PriceList([plain]).text.split(separator: "\n")
        #expect(lines[1] == "a/test/here  –             7.5    –           3.00         –  2026-01-01")
        #expect(lines[2] == "1 offer. Prices are dated examples, not quotations.")
        #expect(PriceList([]).text == "no offer matches\n")
    }
}
