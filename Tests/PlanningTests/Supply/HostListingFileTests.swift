import Primitives
import SimulationCore
import Testing

@testable import Planning

@Suite struct HostListingFileTests {
    private static func complaint(_ text: String) -> String {
        do {
            return "accepted: \(try HostListingFile.hosts(of: text, file: "h.csv").count)"
        } catch let error as ScenarioError {
            return error.sentence
        } catch {
            return "\(error)"
        }
    }

    @Test func everyColumnIsRead() throws {
        let text = """
            name,price_per_hour,min_bid,speed,mbps,storage,ingress,egress,joins,leaves,max_duration
            "Lyon, FR",0.45,0.21,0.97,500,0.10,0.01,0.02,90,6 h,2 d
            """
        let hosts = try HostListingFile.hosts(of: text, file: "h.csv")
        #expect(
            hosts == [
                HostListing(
                    name: "Lyon, FR", perHour: Money(dollars: 0.45), minimumBid: Money(dollars: 0.21), speed: 0.97,
                    bytesPerSecond: 62.5e6, storagePerGBMonth: Money(dollars: 0.1), ingressPerGB: Money(dollars: 0.01),
                    egressPerGB: Money(dollars: 0.02), joins: SimulatedTime(nanoseconds: 90_000_000_000),
                    leaves: SimulatedTime(nanoseconds: 21_600_000_000_000), maximumDuration: .hours(48))
            ])
    }

    @Test func whatIsLeftBlankIsADefault() throws {
        let text = "price_per_hour, name ,speed,down_bytes\r\n1.5, a ,,\r\n\r\n 0 ,b,2,1e6\r\n"
        let hosts = try HostListingFile.hosts(of: text, file: "h.csv")
        #expect(hosts[0] == HostListing(name: "a", perHour: Money(dollars: 1.5)))
        #expect(hosts[1] == HostListing(name: "b", perHour: .zero, speed: 2, bytesPerSecond: 1e6))
    }

    @Test func quotesMayHoldQuotes() throws {
        let text = "name,price_per_hour\n\"the \"\"big\"\" one\" , \"0.5\""
        let hosts = try HostListingFile.hosts(of: text, file: "h.csv")
        #expect(hosts.map(\.name) == [#"the "big" one"#])
        #expect(hosts.map(\.perHour) == [Money(dollars: 0.5)])
    }

    @Test func pricesAreExact() throws {
        let text = "name,price_per_hour\na,0.000000001\nb,4.760000000100001\nc,1e-2"
        let hosts = try HostListingFile.hosts(of: text, file: "h.csv")
        #expect(hosts.map(\.perHour.nanodollars) == [1, 4_760_000_000, 10_000_000])
    }

    @Test(arguments: [
        ("", "h.csv:1:1: the file is empty; it needs a header"),
        ("name,price_per_hour\n", "h.csv:1:1: there is no host in the file"),
        ("name,prize_per_hour\na,1", "h.csv:1:6: unknown column `prize_per_hour`; did you mean `price_per_hour`?"),
        ("name,price_per_hour,name\na,1,b", "h.csv:1:21: the column `name` is there twice"),
        ("name\na", "h.csv:2:1: the host on line 2 needs the key `price_per_hour`"),
        ("name,price_per_hour\n,1", "h.csv:2:1: the host on line 2 needs the key `name`"),
        ("name,price_per_hour\na,1\nb", "h.csv:3:1: 1 cells under 2 columns"),
        ("name,price_per_hour\na,1,2", "h.csv:2:1: 3 cells under 2 columns"),
        ("name,price_per_hour\na,cheap", "h.csv:2:3: `price_per_hour` must be dollars such as `0.45`, not `cheap`"),
        ("name,price_per_hour\na,-1", "h.csv:2:3: `price_per_hour` must be from 0 to 1000000 dollars, not `-1`"),
        ("name,price_per_hour\na,1\nb,1\na,2", "h.csv:4:1: the name `a` is there twice"),
        ("name,price_per_hour,speed\na,1,0", "h.csv:2:5: `speed` must be from 0.01 to 100, not `0`"),
        ("name,price_per_hour,mbps\na,1,-5", "h.csv:2:5: `mbps` must be from 0 to 1e+18, not `-5`"),
        (
            "name,price_per_hour,joins\na,1,6 parsecs",
            "h.csv:2:5: `joins` has the unit `parsecs`, but needs one of ns, us, ms, s, min, h, d, not `6 parsecs`"
        ),
        (
            "name,price_per_hour,joins\na,1,-5",
            "h.csv:2:5: `joins` must be from 0 to 292 years and a whole number of nanoseconds, not `-5`"
        ),
        (
            "name,price_per_hour,joins\na,1,1e30",
            "h.csv:2:5: `joins` must be from 0 to 292 years and a whole number of nanoseconds, not `1e30`"
        ),
        (
            "name,price_per_hour,joins,leaves\na,1,60,1 min",
            "h.csv:2:8: the host would leave at `1 min`, not after it has joined"
        ),
        ("name,price_per_hour,max_duration\na,1,0", "h.csv:2:5: `max_duration` must be longer than 0, not `0`"),
        (
            "name,price_per_hour,mbps,down_bytes\na,1,5,6",
            "h.csv:2:5: `mbps` and `down_bytes` say the same: give one of them"
        ),
        ("name,price_per_hour\n\"a,1", "h.csv:2:1: the quote is not closed"),
        ("name,price_per_hour\n\"a\"b,1", "h.csv:2:1: there is text after the closing quote"),
    ])
    func faultsHaveAPlace(text: String, sentence: String) {
        #expect(Self.complaint(text) == sentence)
    }

    /// Whatever is done to a good file, it is read or refused with a place; it never traps.
    @Test func damagedFilesAreRefusedOrRead() {
        let good = Array("name,price_per_hour,min_bid,leaves\n\"a, b\",0.45,0.2,6 h\nc,1e-3,,\n".utf8)
        let alphabet = Array("\",\n 0e-.hx\u{1}".utf8)
        let key = RandomKey(seed: 12)
        for round in 0..<4_000 {
            let draw = key.derived(UInt64(round))
            var bytes = good
            for change in 0..<(1 + draw.bits(0) % 3) where !bytes.isEmpty {
                let index = Int(draw.bits(3 * change + 1) % UInt64(bytes.count))
                let byte = alphabet[Int(draw.bits(3 * change + 2) % UInt64(alphabet.count))]
                switch draw.bits(3 * change + 3) % 3 {
                case 0: bytes[index] = byte
                case 1: bytes.insert(byte, at: index)
                default: bytes.removeSubrange(index...)
                }
            }
            let sentence = Self.complaint(String(decoding: bytes, as: UTF8.self))
            #expect(sentence.hasPrefix("h.csv:") || sentence.hasPrefix("accepted"), "\(sentence)")
        }
    }

    @Test func theCaretStandsUnderTheCell() {
        #expect(
            throws: ScenarioError(
                .outOfRange, "`speed` must be from 0.01 to 100, not `0`", file: "h.csv", line: 2, column: 5,
                sourceLine: "a,1,0")
        ) {
            try HostListingFile.hosts(of: "name,price_per_hour,speed\na,1,0", file: "h.csv")
        }
    }
}
