import Primitives
import Testing
import Workloads

@Suite struct AzureReaderTests {
    private static let header = "TIMESTAMP,ContextTokens,GeneratedTokens\n"

    private func arrivals(_ rows: String, origin: TraceOrigin = .firstArrival) throws -> [Int64] {
        try read(Self.header + rows, TraceOptions(origin: origin)).map(\.arrival.nanoseconds)
    }

    @Test func readsRowsInOrder() throws {
        let requests = try read(
            Self.header + "2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n")
        #expect(
            requests == [
                Request(id: 0, arrival: .start, inputTokens: 374, outputTokens: 44),
                Request(id: 1, arrival: SimulatedTime(nanoseconds: 4_314_579_000), inputTokens: 396, outputTokens: 109),
            ])
    }

    @Test func keepsEveryHundredNanoseconds() throws {
        let rows = "2023-11-16 18:15:46.0000001,1,1\n2023-11-16 18:15:46.0000002,1,1\n2023-11-16 18:15:47.9999999,1,1\n"
        #expect(try arrivals(rows) == [0, 100, 1_999_999_800])
    }

    /// Every shape of fraction and zone names the same instants.
    @Test(arguments: [
        ("18:15:46.5000000", "18:15:46.7500000"), ("18:15:46.500000+00:00", "18:15:46.750000+00:00"),
        ("18:15:46.500000000", "18:15:46.750000000"), ("18:15:46.5", "18:15:46.75"), ("18:15:46.5Z", "18:15:46.75Z"),
        ("18:15:46.50 UTC", "18:15:46.75UTC"), ("20:15:46.5+02:00", "20:15:46.75+02"),
        ("13:45:46.5-0430", "13:45:46.75-04:30"),
    ])
    func readsFractionsAndZones(first: String, second: String) throws {
        #expect(try arrivals("2023-11-16 \(first),12,3\n2023-11-16 \(second),12,3\n") == [0, 250_000_000])
        let midnight = try arrivals("2023-11-16 \(first),12,3\n", origin: .file)
        #expect(midnight == [(18 * 3_600 + 15 * 60 + 46) * 1_000_000_000 + 500_000_000])
    }

    @Test func roundsBeyondNanosecondsHalfToEven() throws {
        let rows = [
            "18:15:46.0000000005", "18:15:46.0000000015", "18:15:46.00000000150000000000000000001",
            "18:15:46.0000000025",
        ].map { "2023-11-16 \($0),1,1\n" }.joined()
        #expect(try arrivals(rows, origin: .file).map { $0 % 1_000_000_000 } == [0, 2, 2, 2])
    }

    @Test func crossesSecondsDaysMonthsAndYears() throws {
        let rows = """
            2023-12-31 23:59:59.9999999,1,1
            2024-01-01 00:00:00.0000000,1,1
            2024-02-28 23:59:59.0000000,1,1
            2024-02-29 00:00:00.0000000,1,1
            2024-03-01 00:00:00.0000000,1,1

            """
        let day: Int64 = 86_400_000_000_000
        #expect(try arrivals(rows) == [0, 100, 58 * day + day - 999_999_900, 59 * day + 100, 60 * day + 100])
    }

    @Test func readsCRLFByteOrderMarkQuotesAndBlankEnd() throws {
        let source = try openTrace(at: Corpus.path("azure-crlf-bom-quoted.csv"))
        let requests = try requests(of: source)
        #expect(requests.map(\.arrival.nanoseconds) == [0, 100])
        #expect(requests.map(\.inputTokens) == [1, 3])
        #expect(requests.map(\.outputTokens) == [2, 4])
        #expect(source.classes == ["default"])
        #expect(source.regions == ["default"])
        #expect(!source.sharesPrefixes)
    }

    @Test func readsALastRowWithoutLineBreak() throws {
        #expect(try read(Self.header + "2023-11-16 18:15:46.6805900,374,44").count == 1)
        #expect(try read(Self.header + "2023-11-16 18:15:46.6805900,374,44\r").count == 1)
    }

    @Test func readsAnEmptyTrace() throws {
        #expect(try read(Self.header).isEmpty)
        #expect(try read(Self.header + "\n\r\n\n").isEmpty)
    }

    /// The fast path and the general path must agree; a quoted field forces the general one.
    @Test func fastAndGeneralPathsAgree() throws {
        var fast = Self.header
        var general = Self.header
        let key = RandomKey(seed: 3)
        var time: Int64 = 0
        for row in 0..<2_000 as Range<UInt64> {
            time += Int64(key.bits(4 * row) % 3_000_000_000)
            let digits = String(1_000_000_000 + time % 1_000_000_000).dropFirst()
            let places = [6, 7, 9][Int(key.bits(4 * row + 1) % 3)]
            // Times of a row are cut to its places, which keeps order only if they are all cut alike.
            let seconds = time / 1_000_000_000
            let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { String(100 + $0).dropFirst() }
            let zone = places == 6 ? "+00:00" : ""
            let stamp =
                "2023-11-16 \(clock.joined(separator: ":")).\(digits.prefix(6))"
                + String(repeating: "0", count: places - 6) + zone
            let input = key.bits(4 * row + 2) % 100_000 + 1
            let output = key.bits(4 * row + 3) % 1_000_000_000 + 1
            fast += "\(stamp),\(input),\(output)\n"
            general += "\"\(stamp)\",\(input),\(output)\n"
        }
        let requests = try read(fast)
        #expect(requests.count == 2_000)
        #expect(try read(general) == requests)
    }

    @Test func readsTheLongestLengths() throws {
        let requests = try read(Self.header + "2023-11-16 18:15:46.6805900,2147483647,2147483647\n")
        #expect(requests.first?.inputTokens == .max)
        #expect(requests.first?.outputTokens == .max)
    }

    @Test func zeroOutputsFollowTheOption() throws {
        let text = Self.header + "2023-11-16 18:15:46.0000000,374,0\n2023-11-16 18:15:47.0000000,5,6\n"
        #expect(try error(reading: text)?.line == 2)
        let folder = try TemporaryFolder()
        let path = try folder.file("trace", text)
        let skipping = try openTrace(at: path, options: TraceOptions(zeroOutput: .skip))
        let kept = try requests(of: skipping)
        #expect(kept.map(\.inputTokens) == [5])
        #expect(kept.first?.arrival == .start)
        #expect(skipping.skipped == [SkippedRows(reason: "output of zero tokens", count: 1)])
        let keeping = try openTrace(at: path, options: TraceOptions(zeroOutput: .keepAsOneToken))
        #expect(try requests(of: keeping).map(\.outputTokens) == [1, 6])
        #expect(keeping.skipped.isEmpty)
    }

    @Test func multimodalRowsCarryImages() throws {
        let requests = try requests(of: try openTrace(at: Corpus.path("multimodal-valid.csv")))
        #expect(requests.map(\.images) == [2, 0])
        #expect(requests.map(\.inputTokens) == [1_500, 20])
        #expect(requests.map(\.arrival.nanoseconds) == [0, 876_543_300])
    }

    @Test func batchesDoNotChangeTheStream() throws {
        let rows = (0..<50).map { "2023-11-16 18:15:\(10 + $0).0000000,\($0 + 1),1\n" }.joined()
        let folder = try TemporaryFolder()
        let path = try folder.file("trace", Self.header + rows)
        let whole = try requests(of: try openTrace(at: path), batch: 1_000)
        for size in [1, 2, 3, 49, 50, 51] {
            #expect(try requests(of: try openTrace(at: path), batch: size) == whole)
        }
        #expect(whole.map(\.id) == Array(0..<50))
    }
}
