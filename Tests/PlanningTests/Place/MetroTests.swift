import Pricing
import Primitives
import Testing

@testable import Planning

/// Places by their names, and how far they are apart.
@Suite struct MetroTests {
    @Test(
        arguments: [
            ("us-east-1", "virginia"), ("eastus2", "virginia"), ("us-east4", "virginia"), ("us-east1", "carolina"),
            ("US-EAST-2", "ohio"), ("us-west-2", "washington"), ("us-west1", "washington"), ("us-west-1", "california"),
            ("us-west2", "california"), ("us-west4", "arizona"), ("eu-north1", "helsinki"), ("eu-north-1", "stockholm"),
            ("europe-west1", "brussels"), ("europe-west4", "amsterdam"), ("westeurope", "amsterdam"),
            ("northeurope", "dublin"), ("me-central-1", "dubai"), ("me-central1", "doha"), ("asia-east1", "taiwan"),
            ("asia-east2", "hong-kong"), ("ap-southeast-1", "singapore"), ("ap-southeast-3", "jakarta"),
            // Broad words.
            ("us", "iowa"), ("us-east", "virginia"), ("us-west", "california"), ("eu", "amsterdam"),
            ("eu-west", "dublin"),
            ("uk", "london"), ("Africa", "johannesburg"), ("au", "sydney"), ("India", "pune"), ("jp", nil),
            ("global", nil),
        ] as [(String, String?)])
    func providersRegionsAndBroadWordsNameAPlace(_ name: String, _ place: String?) {
        #expect(Metro.named(name)?.name == place)
    }

    @Test func everyNameMeansOnePlace() {
        let names = Metro.knownNames.map { $0.lowercased() }
        #expect(Set(names).count == names.count, "no name stands in two rows")
        #expect(names.prefix(MetroTable.rows.count).elementsEqual(MetroTable.rows.map(\.metro.name)))
        for row in MetroTable.rows {
            #expect(Metro.named(row.metro.name) == row.metro)
            #expect((-60...75).contains(row.metro.latitude) && (-180...180).contains(row.metro.longitude))
            #expect(row.metro.jurisdictions.count >= 2, "\(row.metro.name) is in a country and a continent")
        }
        for name in MetroTable.rows.filter({ $0.metro.jurisdictions.contains("eu") }).map(\.metro) {
            #expect(name.jurisdictions.contains("europe") && !["uk", "ch"].contains(name.jurisdictions[0]))
        }
    }

    /// Every region in which a large provider's price is listed is somewhere.
    @Test func everyListedRegionOfALargeProviderIsAPlace() {
        let listed = Set(PriceBook.bundled.offers.filter { $0.market == .hyperscale }.map(\.region))
        #expect(listed.count > 8)
        for region in listed.sorted() { #expect(Metro.named(region) != nil, "\(region)") }
    }

    // MARK: Distance

    static func kilometres(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
        func metro(_ place: (Double, Double)) -> Metro {
            Metro(name: "", latitude: place.0, longitude: place.1, jurisdictions: [])
        }
        return Metro.kilometres(from: metro(a), to: metro(b))
    }

    /// hav = sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2); distance 2 · 6371 km · asin √hav.
    @Test func distancesByHand() {
        // Dublin 53.3 N 6.3 W, London 51.5 N 0.1 W: Δφ = 1.8°, Δλ = 6.2°. sin² .9° = .00024672; cos 53.3° = .597625,
        // cos 51.5° = .622515, sin² 3.1° = .00292456; hav = .00133475; asin .0365342 = .0365423; × 12742 = 465.6.
        #expect(abs(Self.kilometres((53.3, -6.3), (51.5, -0.1)) - 465.6) < 0.5)
        // Tokyo 35.7 N 139.7 E, Osaka 34.7 N 135.5 E: sin² .5° = .00007615; cos 35.7° = .812084, cos 34.7° = .822144,
        // sin² 2.1° = .00134276; hav = .00097264; asin .0311872 = .0311923; × 12742 = 397.5.
        #expect(abs(Self.kilometres((35.7, 139.7), (34.7, 135.5)) - 397.5) < 0.5)
    }

    @Test func distancesOfAQuarterAndHalfTheGlobe() {
        let quarter = 6_371 * Double.pi / 2
        #expect(abs(Self.kilometres((0, 0), (0, 90)) - quarter) < 1e-6)
        #expect(abs(Self.kilometres((0, 17), (90, -60)) - quarter) < 1e-6, "the pole is a quarter from the equator")
        #expect(abs(Self.kilometres((10, 20), (-10, -160)) - 2 * quarter) < 1e-3, "antipodes")
        #expect(abs(Self.kilometres((0, 179.5), (0, -179.5)) - quarter / 90) < 1e-6, "over the date line")
        #expect(Self.kilometres((48.9, 2.4), (48.9, 2.4)) == 0)
    }

    @Test func distancesAreRoundTripsInTenthsOfAMillisecond() {
        // 1 000 km there and back take 10 ms in a straight fibre, 18.5 in a real one.
        #expect(RoundTrips.derived(1_000) == .microseconds(18_500))
        #expect(
            RoundTrips.derived(1_002.6) == .microseconds(18_500) && RoundTrips.derived(1_003) == .microseconds(18_600))
        #expect(RoundTrips.derived(0) == .milliseconds(2) && RoundTrips.derived(108) == .milliseconds(2))
        #expect(RoundTrips.derived(109) == .milliseconds(2), "2.0165 is 2.0")
        #expect(RoundTrips.derived(20_015) == .microseconds(370_300))
    }

    // MARK: The measured table

    @Test func theTableIsATriangleOfKnownPlaces() {
        let names = RoundTripTable.names
        #expect(names.count == 25 && Set(names).count == 25)
        #expect(names.allSatisfy { Metro.named($0)?.name == $0 })
        for a in names {
            for b in names {
                let time = RoundTripTable.milliseconds(a, b)
                #expect(time == RoundTripTable.milliseconds(b, a) && (time == nil) == (a == b), "\(a) to \(b)")
            }
        }
        #expect(RoundTripTable.milliseconds("virginia", "texas") == 38)
        #expect(RoundTripTable.milliseconds("sydney", "johannesburg") == 279)
        #expect(RoundTripTable.milliseconds("virginia", "ohio") == nil, "not measured")
    }

    /// What ``RoundTrips/detour`` says of the table: the median, and the tenth and ninetieth percentile.
    @Test func theDetourIsTheTablesMedian() throws {
        var ratios: [Double] = []
        for (index, a) in RoundTripTable.names.enumerated() {
            for b in RoundTripTable.names.dropFirst(index + 1) {
                let (from, to) = (try #require(Metro.named(a)), try #require(Metro.named(b)))
                let straight = Metro.kilometres(from: from, to: to) / 100
                ratios.append(try #require(RoundTripTable.milliseconds(a, b)) / straight)
                #expect(ratios[ratios.count - 1] > 1, "\(a) to \(b) is not faster than light in fibre")
            }
        }
        ratios.sort()
        #expect(ratios.count == 300)
        #expect(abs(ratios[150] - RoundTrips.detour) < 0.02)
        #expect(abs(ratios[30] - 1.43) < 0.02 && abs(ratios[270] - 2.82) < 0.05)
    }
}

extension SimulatedDuration {
    fileprivate static func microseconds(_ value: Int64) -> Self { Self(nanoseconds: value * 1_000) }
}
