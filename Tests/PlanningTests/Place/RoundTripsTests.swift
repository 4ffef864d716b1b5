import Primitives
import Testing

@testable import Planning

/// Round trips of a scenario: whose figure holds, and what is an error.
@Suite struct RoundTripsTests {
    /// Round trips under `regions` (YAML, may be empty) and a file (CSV).
    static func trips(_ regions: String = "", file: String? = nil) throws -> RoundTrips {
        let source = SettingSource(name: "s.yaml", text: regions)
        let settings =
            regions.isEmpty
            ? [] : try RegionSettings.decode(ScenarioFile.tree(of: regions, in: source, label: "regions"))
        return try RoundTrips(
            regions: settings, file: file.map { try RoundTripFile(text: $0, name: "rtt.csv") })
    }

    static func words(_ trip: RoundTrips.Trip?) -> String {
        trip.map { "\(durationText($0.time)) \($0.origin)" } ?? "unknown"
    }

    static func trip(_ from: String, _ to: String, in trips: RoundTrips) throws -> String {
        let (a, b) = (try #require(trips.place(called: from)), try #require(trips.place(called: to)))
        let there = words(trips.trip(from: a, to: b))
        #expect(words(trips.trip(from: b, to: a)) == there, "\(from) to \(to) is as far as back")
        return there
    }

    @Test func theTableKnowsWhatNobodySaid() throws {
        let plain = try Self.trips()
        // Azure's own statistics: West Europe to UK South 10 ms, East US to Central US 33.
        #expect(try Self.trip("amsterdam", "london", in: plain) == "10 ms measured")
        #expect(try Self.trip("us-east-1", "centralus", in: plain) == "33 ms measured")
        #expect(try Self.trip("EU-West-1", "us-west-2", in: plain) == "152 ms measured", "letters' case is nothing")
        #expect(try Self.trip("africa", "sydney", in: plain) == "279 ms measured")
    }

    @Test func withinOnePlaceThereAreTwoMilliseconds() throws {
        let plain = try Self.trips("dc: {within: de}")
        #expect(try Self.trip("frankfurt", "eu-central-1", in: plain) == "2 ms local")
        #expect(try Self.trip("eastus", "eastus2", in: plain) == "2 ms local", "one metropolitan area")
        #expect(try Self.trip("dc", "DC", in: plain) == "2 ms local", "a place that nobody located is itself")
    }

    @Test func placesOutsideTheTableAreReachedByDistance() throws {
        let plain = try Self.trips()
        // 397.5 km: 3.975 × 1.85 = 7.35 ms, and 224.6 km: 2.246 × 1.85 = 4.16.
        #expect(try Self.trip("tokyo", "osaka", in: plain) == "7400 µs derived")
        #expect(try Self.trip("brussels", "amsterdam", in: plain) == "4200 µs derived")
    }

    @Test func theScenariosOwnFigureStandsOverAFilesOverTheTables() throws {
        let file = "from,to,rtt_ms\nvirginia,iowa,40\nvirginia,london,90\n"
        let own = "virginia: {like: virginia, rtt: {iowa: 50 ms}}"
        #expect(try Self.trip("virginia", "iowa", in: try Self.trips()) == "33 ms measured")
        #expect(try Self.trip("virginia", "iowa", in: try Self.trips(file: file)) == "40 ms file")
        let all = try Self.trips(own, file: file)
        #expect(try Self.trip("virginia", "iowa", in: all) == "50 ms given")
        #expect(try Self.trip("virginia", "london", in: all) == "90 ms file")
        #expect(try Self.trip("virginia", "dublin", in: all) == "88 ms measured")
    }

    /// A figure for a metropolitan area holds for every region there; one for a region by name comes first.
    @Test func figuresOfTheMetropolitanAreaHoldForItsRegions() throws {
        let file = "from,to,rtt_ms\nvirginia,london,77\nus-east-1,london,66\n"
        let trips = try Self.trips(file: file)
        #expect(try Self.trip("us-east-1", "eu-west-2", in: trips) == "66 ms file")
        #expect(try Self.trip("us-east4", "uksouth", in: trips) == "77 ms file")
        let own = try Self.trips("office: {like: virginia, rtt: {london: 5 ms}}", file: file)
        #expect(try Self.trip("office", "eu-west-2", in: own) == "5 ms given")
        #expect(try Self.trip("office", "dublin", in: own) == "88 ms measured", "else as virginia")
        #expect(try Self.trip("office", "us-east-1", in: own) == "2 ms local", "it is there")
    }

    @Test func aFigureWithinAPlaceReplacesTheTwoMilliseconds() throws {
        let own = try Self.trips("frankfurt: {within: [de, eu], rtt: {frankfurt: 500 us}}")
        #expect(try Self.trip("frankfurt", "eu-central-1", in: own) == "500 µs given")
        #expect(own.place(called: "eu-central-1")?.jurisdictions == ["de", "eu", "europe"])
        #expect(own.place(called: "Frankfurt")?.jurisdictions == ["de", "eu"], "as the scenario says")
    }

    @Test func placesOfOnesOwnAreReachedByWhatIsSaidOfThem() throws {
        let trips = try Self.trips(
            """
            hall: {latitude: 51.5, longitude: -0.1, within: uk}
            ship: {rtt: {hall: 600 ms}}
            """)
        // Its coordinates are London's, but it is no region of the table: 466 km to Dublin by distance.
        #expect(try Self.trip("hall", "dublin", in: trips) == "8600 µs derived")
        #expect(try Self.trip("hall", "london", in: trips) == "2 ms derived")
        #expect(try Self.trip("ship", "hall", in: trips) == "600 ms given")
        #expect(try Self.trip("ship", "dublin", in: trips) == "unknown")
        #expect(trips.place(called: "hall")?.jurisdictions == ["uk"])
        #expect(trips.place(called: "nowhere") == nil)
    }

    /// `latitude`: "distances make the round trips then". A name of the table must not bring its measured round trips.
    @Test func coordinatesMoveAPlaceOfTheTable() throws {
        let trips = try Self.trips("frankfurt: {latitude: 53.6, longitude: 10.0}")
        let (moved, london) = (
            try #require(trips.place(called: "frankfurt")), try #require(trips.place(called: "london"))
        )
        let trip = try #require(trips.trip(from: moved, to: london))
        #expect(trip.origin == .derived)
    }

    // MARK: Errors

    @Test(arguments: [
        ("office: {like: virgina}", "1:16: there is no region `virgina`; did you mean `virginia`?"),
        ("office: {rtt: {us-esat-1: 3 ms}}", "1:16: there is no region `us-esat-1`; did you mean `us-east-1`?"),
        (
            "office: {within: us}\ndesk: {rtt: {ofice: 1 ms}}",
            "2:14: there is no region `ofice`; did you mean `office`?"
        ),
        (
            "office: {like: atlantis-on-sea}",
            "1:16: there is no region `atlantis-on-sea`; known are `office`, `virginia`,"
        ),
        (
            "a: {within: us, rtt: {b: 1 ms}}\nb: {within: us, rtt: {A: 2 ms}}",
            "2:23: the round trip between `b` and `A` is already 1 ms"
        ),
    ])
    func errorsNameTheNearestPlace(_ regions: String, _ sentence: String) {
        let error = scenarioError("\(regions)") { _ = try Self.trips(regions) }
        #expect(error?.sentence.hasPrefix("s.yaml:" + sentence) == true, "\(error?.sentence ?? "")")
        #expect(error?.kind == (sentence.contains("already") ? .conflict : .unknownName))
    }

    @Test func bothDirectionsMayAgree() throws {
        let trips = try Self.trips("a: {within: us, rtt: {b: 1 ms}}\nb: {within: us, rtt: {a: 1 ms}}")
        #expect(try Self.trip("a", "b", in: trips) == "1 ms given")
    }

    @Test func aFilesNamesArePlacesAndAreSuggested() throws {
        let trips = try Self.trips(file: "from,to,rtt_ms\nBarn,Mill,4\n")
        #expect(try Self.trip("barn", "MILL", in: trips) == "4 ms file")
        #expect(try Self.trip("barn", "london", in: trips) == "unknown")
        let source = SettingSource(name: "s.yaml", text: "bran")
        let name = Located("bran", at: SettingPosition(source: source, line: 1, column: 1))
        let error = scenarioError { _ = try trips.place(name) }
        #expect(
            error?.sentence
                == "s.yaml:1:1: there is no region `bran`; did you mean `barn`?; describe your own in `regions`")
    }
}
