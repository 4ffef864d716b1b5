import Foundation
import Primitives
import SimulationCore
import Testing

@testable import Planning

@Suite struct AvailabilityFileTests {
    private static func trace(_ text: String, needed: Int = 1) throws -> AvailabilityTrace {
        try AvailabilityFile.trace(of: text, file: "t.json", name: "t", needed: needed)
    }

    private static func complaint(_ text: String, needed: Int = 1) -> String {
        do {
            return "accepted: \(try trace(text, needed: needed))"
        } catch let error as ScenarioError {
            return error.sentence
        } catch {
            return "\(error)"
        }
    }

    @Test func ticksBecomeChanges() throws {
        let trace = try Self.trace(#"{"metadata":{"gap_seconds":195},"data":[1,1,0,0,0,1]}"#)
        #expect(
            trace
                == AvailabilityTrace(
                    name: "t",
                    changes: [
                        SimulatedTime(nanoseconds: 390_000_000_000), SimulatedTime(nanoseconds: 975_000_000_000),
                    ],
                    startsUp: true, length: .seconds(1_170)))
    }

    @Test func countsAreMeasuredAgainstWhatIsNeeded() throws {
        let text = #"{"data": [0, 2, 4, 3, 1], "metadata": {"gap_seconds": 0.5}}"#
        let any = try Self.trace(text)
        #expect(any.changes == [SimulatedTime(nanoseconds: 500_000_000)])
        #expect(!any.startsUp)
        let three = try Self.trace(text, needed: 3)
        #expect(three.changes.map(\.nanoseconds) == [1_000_000_000, 2_000_000_000])
        #expect(three.length == .milliseconds(2_500))
    }

    @Test func otherKeysAreAllowed() throws {
        let text = """
            {
              "note": "a \\"quoted\\" text, [with] {brackets}", "list": [[], {}, {"a": [1, null, true, false, -2.5e3]}],
              "metadata": {"zone": "us-east-1a", "gap_seconds": 60, "more": {"x": []}},
              "data": [ 1 , 0 ]
            }
            """
        #expect(try Self.trace(text).changes == [SimulatedTime(nanoseconds: 60_000_000_000)])
    }

    @Test func aTraceThatIsNeverUpIsATrace() throws {
        let trace = try Self.trace(#"{"metadata":{"gap_seconds":1},"data":[0,0]}"#, needed: 4)
        #expect(trace.changes == [])
        #expect(!trace.startsUp)
    }

    @Test(arguments: [
        ("", "t.json:1:1: an object is needed here, not the file's end"),
        ("[1]", "t.json:1:1: an object is needed here, not `[1`"),
        (#"{"data":[1,0]}"#, "t.json:1:1: there is no `gap_seconds` in `metadata`"),
        (#"{"metadata":{},"data":[1,0]}"#, "t.json:1:1: there is no `gap_seconds` in `metadata`"),
        (#"{"metadata":{"gap_seconds":300}}"#, "t.json:1:1: there is no `data`"),
        (#"{"metadata":{"gap_seconds":300},"data":[]}"#, "t.json:1:1: `data` is empty"),
        (
            #"{"metadata":{"gap_seconds":0},"data":[1]}"#,
            "t.json:1:28: `gap_seconds` must be greater than 0, at most a year and a whole number of nanoseconds"
        ),
        (
            #"{"metadata":{"gap_seconds":1e-12},"data":[1]}"#,
            "t.json:1:28: `gap_seconds` must be greater than 0, at most a year and a whole number of nanoseconds"
        ),
        (#"{"metadata":{"gap_seconds":"300"},"data":[1]}"#, "t.json:1:28: a number is needed here, not `\"300\"`"),
        (#"{"metadata":300,"data":[1]}"#, "t.json:1:13: an object is needed here, not `300`"),
        (#"{"metadata":{"gap_seconds":1},"data":{"a":1}}"#, "t.json:1:38: a list is needed here, not `{\"a\":1`"),
        (
            "{\"metadata\":{\"gap_seconds\":1},\n \"data\":[1,\n 0, up]}",
            "t.json:3:5: a number is needed here, not `up`"
        ),
        (
            #"{"metadata":{"gap_seconds":1},"data":[1,-1]}"#,
            "t.json:1:41: a tick must be a whole number from 0 to 1000000"
        ),
        (
            #"{"metadata":{"gap_seconds":1},"data":[1,0.5]}"#,
            "t.json:1:41: a tick must be a whole number from 0 to 1000000"
        ),
        (#"{"metadata":{"gap_seconds":1},"data":[1,]}"#, "t.json:1:41: a number is needed here, not `]`"),
        (#"{"metadata":{"gap_seconds":1},"data":[1 0]}"#, "t.json:1:41: `,` or the list's end is needed here, not `0`"),
        (
            #"{"metadata":{"gap_seconds":1},"data":[1,0]"#,
            "t.json:1:43: `,` or the object's end is needed here, not the file's end"
        ),
        (#"{"metadata":{"gap_seconds":1},"data":[1,0]} x"#, "t.json:1:45: `x` after the end of the document"),
        (#"{"data":[1],"data":[0]}"#, "t.json:1:13: the key `data` is there twice"),
        (#"{"data":[1],"metadata"#, "t.json:1:13: the text has no closing quote"),
        (#"{"data" [1]}"#, "t.json:1:9: `:` after `data` is needed here, not `[1`"),
        (#"{data: [1]}"#, "t.json:1:2: a text in quotes is needed here, not `data:`"),
    ])
    func faultsHaveAPlace(text: String, sentence: String) {
        #expect(Self.complaint(text) == sentence)
    }

    @Test func moreThanThereEverIsCannotBeNeeded() {
        #expect(
            Self.complaint(#"{"metadata":{"gap_seconds":1},"data":[1,0]}"#, needed: 4)
                == "t.json:1:1: 4 instances are needed, but `data` never has more than 1")
    }

    @Test func nestingWithoutEndIsRefused() {
        let deep = #"{"x":"# + String(repeating: "[", count: 5_000)
        #expect(Self.complaint(deep).hasSuffix("too deeply nested"))
    }

    /// A line of thousands of ticks is not printed beneath the sentence; a short one is, with its caret.
    @Test func onlyShortLinesAreShown() {
        func lines(_ text: String) -> Int {
            do {
                _ = try Self.trace(text)
                return 0
            } catch {
                return "\(error)".split(separator: "\n").count
            }
        }
        let head = #"{"metadata":{"gap_seconds":1},"data":["#
        #expect(lines(head + "x]}") == 3)
        #expect(lines(head + String(repeating: "1,", count: 500) + "x]}") == 1)
    }

    /// Whatever is done to a good file, it is read or refused with a place; it never traps.
    @Test func damagedFilesAreRefusedOrRead() {
        let good = Array(#"{"metadata":{"gap_seconds":195,"a":[null,{"b":"c"}]},"data":[1,1,0,12,0,1]}"#.utf8)
        let key = RandomKey(seed: 8)
        let alphabet = Array(#"{}[],:"0-9.eE\ntfu "#.utf8)
        for round in 0..<4_000 {
            let draw = key.derived(UInt64(round))
            var bytes = good
            for change in 0..<(1 + draw.bits(0) % 3) {
                let index = Int(draw.bits(3 * change + 1) % UInt64(bytes.count))
                let byte = alphabet[Int(draw.bits(3 * change + 2) % UInt64(alphabet.count))]
                switch draw.bits(3 * change + 3) % 3 {
                case 0: bytes[index] = byte
                case 1: bytes.insert(byte, at: index)
                default: bytes.removeSubrange(index...)
                }
                if bytes.isEmpty { break }
            }
            let sentence = Self.complaint(String(decoding: bytes, as: UTF8.self))
            #expect(sentence.hasPrefix("t.json:1:") || sentence.hasPrefix("accepted"), "\(sentence)")
        }
    }

    @Test func missingFilesAreNamed() {
        #expect(throws: ScenarioError(.missingFile, "there is no such file", file: "/nowhere/x.json")) {
            try AvailabilityFile.read("/nowhere/x.json")
        }
    }
}

/// The recorded traces, where this machine has them, against the statistics beside them.
@Suite(.enabled(if: sharedFolder != nil, "needs real traces: set ISOCOST_SHARED to the folder that has data/spot"))
struct RealAvailabilityTests {
    @Test func everyTraceHasTheStatisticsOfTheIndex() throws {
        let folder = try #require(sharedFolder).appendingPathComponent("data/spot")
        let index = try String(contentsOf: folder.appendingPathComponent("index.csv"), encoding: .utf8)
        let rows = index.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = try #require(rows.first)
        func column(_ name: String, _ row: [Substring]) throws -> Double {
            let index = try #require(header.firstIndex { $0 == name })
            return try #require(Double(row[index]))
        }
        var read = 0
        for row in rows.dropFirst() {
            let trace = try AvailabilityFile.read(folder.appendingPathComponent(String(row[0])).path)
            let gap = try column("gap_seconds", row)
            #expect(trace.length.seconds == (try column("ticks", row)) * gap, "\(row[0])")
            #expect(Double(trace.changes.count) == (try column("transitions", row)), "\(row[0])")
            var up = 0.0
            var since = 0.0
            var isUp = trace.startsUp
            for change in trace.changes.map(\.seconds) + [trace.length.seconds] {
                if isUp { up += change - since }
                (since, isUp) = (change, !isUp)
            }
            let share = try column("share_any_available", row)
            #expect(abs(up / trace.length.seconds - share) < 6e-5, "\(row[0])")
            let most = Int(try column("max_value", row))
            let all = try AvailabilityFile.read(
                folder.appendingPathComponent(String(row[0])).path, needed: max(1, most))
            #expect(all.length == trace.length)
            read += 1
        }
        #expect(read == 34)
    }
}
