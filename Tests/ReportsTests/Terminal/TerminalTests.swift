import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct TextTableTests {
    @Test func golden() {
        var table = TextTable(columns: [.init("name", .left, limit: 8), .init("cost"), .init("note", .left)])
        table.rows = [
            [.init("日本"), .init("1.50"), .init("wide")], [.init("a long name"), .init("12,345"), .init("")],
            [.init("two\nlines"), .init("–"), .init("tab\there")],
        ]
        #expect(
            table.text(.plain) == """
                name        cost  note
                ────────  ──────  ────────
                日本        1.50  wide
                a long …  12,345
                two lin…       –  tab here

                """)
        #expect(table.width() == 26)
    }

    @Test func colourTakesNoRoom() {
        var table = TextTable(columns: [.init("a"), .init("b")])
        table.rows = [[.init("1", .good), .init("22", .bad)]]
        let plain = table.text(.plain)
        let colored = table.text(.color)
        #expect(!plain.contains("\u{1B}"))
        #expect(colored.contains("\u{1B}[32m1\u{1B}[0m"))
        var stripped = colored
        for code in ["0", "1", "2", "32", "1;31"] { stripped = stripped.replacing("\u{1B}[\(code)m", with: "") }
        #expect(stripped == plain)
    }
}

@Suite struct TerminalStyleTests {
    private func choose(_ asked: Bool?, _ isTerminal: Bool, _ environment: [String: String] = [:]) -> TerminalStyle {
        TerminalStyle.choose(asked: asked, isTerminal: isTerminal, environment: environment)
    }

    @Test func colourNeedsATerminalOrAWish() {
        #expect(choose(nil, true) == .color)
        #expect(choose(nil, false) == .plain)
        #expect(choose(nil, true, ["NO_COLOR": "1"]) == .plain)
        #expect(choose(nil, true, ["NO_COLOR": ""]) == .color)
        #expect(choose(nil, true, ["TERM": "dumb"]) == .plain)
        #expect(choose(true, false, ["NO_COLOR": "1"]) == .color)
        #expect(choose(false, true) == .plain)
    }
}

@Suite struct ComparisonTableTests {
    private let text = ComparisonTable.text(of: Fixture.result())

    @Test func fitsInAHundredColumns() {
        var shapes = Fixture.shapes
        shapes[0].name = String(repeating: "超長い名前", count: 12)
        shapes[1].hourly = 98_765_432_000_000
        for result in [Fixture.result(), Fixture.result(shapes: shapes), Fixture.result(replications: 1)] {
            for line in ComparisonTable.text(of: result).split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= 100, "\(line)")
            }
        }
    }

    @Test func beginsWithTheAnswer() {
        #expect(
            text.hasPrefix(
                "Take marketplace, secure. At $5.16 an hour ($25.80 per million tokens) it meets every latency"))
    }

    @Test func rowsLineUp() throws {
        let lines = text.split(separator: "\n").map(String.init)
        let rule = try #require(lines.firstIndex { $0.hasPrefix("─") || $0.contains("──") })
        let rows = lines[(rule + 1)...(rule + 5)]
        #expect(Set(rows.map(DisplayWidth.of)).count == 1)
        #expect(
            rows.contains {
                $0.hasPrefix("★  marketplace, secure") && $0.contains("✓ meets SLO") && $0.contains("−54 %")
            })
        #expect(rows.contains { $0.hasPrefix("=  hyperscale on-demand") })
    }

    @Test func overloadIsNotAnOrdinaryRow() throws {
        let row = try #require(text.split(separator: "\n").first { $0.contains("✕ overloaded") })
        #expect(row.contains("growing"))
        #expect(!row.contains(" ms") && !row.contains(" s "))
        #expect(!row.contains("−92 %"))
    }

    @Test func plainTextHasNoEscapes() {
        #expect(!text.contains("\u{1B}"))
        #expect(ComparisonTable.text(of: Fixture.result(), style: .color).contains("\u{1B}[1;31m✕ overloaded"))
    }

    @Test func wordsWiderThanALineAreBrokenToo() {
        let lines = ComparisonTable.wrapped("take " + String(repeating: "長", count: 120) + " now")
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 100 })
        #expect(lines.joined().replacing(" ", with: "") == "take" + String(repeating: "長", count: 120) + "now")
    }

    @Test func sentencesAreBrokenBetweenWords() {
        let sentence = (0..<40).map { "word\($0)" }.joined(separator: " ")
        let lines = ComparisonTable.wrapped(sentence)
        #expect(lines.count == 3)
        #expect(lines.joined(separator: " ") == sentence)
    }
}

@Suite struct ProgressLineTests {
    private func line(_ done: UInt64, _ total: UInt64?, _ elapsed: Double, label: String = "", width: Int = 80)
        -> String
    {
        ProgressLine(unit: "requests", done: done, total: total, elapsed: elapsed, label: label).text(width: width)
    }

    @Test func golden() {
        #expect(
            line(500_000, 2_000_000, 0.5, label: "run 2 of 8")
                == "███████▌░░░░░░░░░░░░░░░░░░░░░░  25 %  1.00M requests/s  2 s left  run 2 of 8")
        #expect(line(0, 100, 0) == "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0 %  0 requests/s")
        #expect(line(100, 100, 2) == "██████████████████████████████ 100 %  50 requests/s")
        #expect(line(1_234, nil, 4, label: "reading") == "reading  1.23k requests  309/s  4 s")
    }

    @Test func neverWiderThanTheTerminal() {
        for width in 1...120 {
            for done in [0, 1, 33, 99, 100, 250] as [UInt64] {
                for total in [nil, 100, 0] as [UInt64?] {
                    let text = line(done, total, 3_671.5, label: "marketplace, replication 3", width: width)
                    #expect(DisplayWidth.of(text) <= width, "\(width): \(text)")
                }
            }
        }
    }

    @Test func hundredPercentOnlyWhenDone() {
        #expect(line(999_999, 1_000_000, 1).contains(" 99 %"))
        #expect(line(2_000, 1_000, 1).contains("100 %"), "more than expected is all")
    }

    @Test func timeLeftIsPromisedOnlyWhenItCanBeKnown() {
        #expect(!line(1, 1_000, 0.2).contains("left"))
        #expect(line(1, 1_000, 2).contains("left"))
        #expect(!line(1_000, 1_000, 5).contains("left"))
    }

    @Test func clocksAndCounts() {
        #expect(ProgressLine.clock(4.9) == "4 s")
        #expect(ProgressLine.clock(187) == "3:07")
        #expect(ProgressLine.clock(3_729) == "1:02:09")
        #expect(ProgressLine.clock(-1) == "0 s")
        #expect(ProgressLine.short(999) == "999")
        #expect(ProgressLine.short(999.9) == "1.00k")
        #expect(ProgressLine.short(2.345) == "2.35")
        #expect(ProgressLine.short(1_234_567) == "1.23M")
        #expect(ProgressLine.short(5e9) == "5.00G")
    }

    @Test func theBarGrowsByEighths() {
        #expect(ProgressLine.bar(0, width: 4) == "░░░░")
        #expect(ProgressLine.bar(1, width: 4) == "████")
        #expect(ProgressLine.bar(0.5, width: 4) == "██░░")
        #expect(ProgressLine.bar(1.0 / 32, width: 4) == "▏░░░")
        for step in 0...100 { #expect(ProgressLine.bar(Double(step) / 100, width: 17).count == 17) }
    }
}

@Suite struct RunsTableTests {
    @Test func listsRunsWithinAHundredColumns() {
        let rows = Fixture.result(replications: 1).strategies.enumerated().map { index, strategy in
            RunsTable.Row(id: Int64(index + 1), created: "2026-11-24T09:30:00Z", metrics: strategy.runs[0].metrics)
        }
        let text = RunsTable.text(of: rows)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 7)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 100 })
        #expect(
            lines[2] == "  1  2026-11-24 09:30  chat-8b-two-markets  hyperscale on-demand    0   11.17   99.9 %  stable"
        )
        #expect(lines[6].hasSuffix("overloaded"))
    }

    @Test func nothingStoredIsASentence() {
        #expect(RunsTable.text(of: []) == "No runs are stored yet.\n")
    }
}

@Suite struct RunSpeedTests {
    @Test(arguments: [
        (
            RunSpeed(requests: 3_000_000, events: 14_100_000, seconds: 1.76),
            "Simulated 3,000,000 requests (14,100,000 events) in 1.76 s: 1.70M requests/s, 8.01M events/s."
        ),
        (RunSpeed(requests: 12, events: 30, seconds: 0), "Simulated 12 requests (30 events)."),
    ])
    func ratesAreShort(speed: RunSpeed, text: String) { #expect(speed.text == text) }
}
