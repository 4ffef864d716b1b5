import Foundation
import Testing

@Suite struct StoredRunTests {
    @Test func runsAreListedAndExported() throws {
        let folder = try TemporaryFolder()
        _ = try Binary.run(["run", Binary.quickstart] + OutputTests.short, in: folder)
        // The same again is the same result, not three more.
        _ = try Binary.run(["run", Binary.quickstart] + OutputTests.short, in: folder)

        let list = try Binary.run("runs", in: folder)
        #expect(list.status == 0)
        let lines = list.output.split(separator: "\n")
        #expect(lines.count == 2 + 3)
        #expect(lines.dropFirst(2).allSatisfy { $0.contains("quickstart") && $0.hasSuffix("stable") })

        let summary = try folder.text("reports/quickstart/summary.csv").split(separator: "\n")
        let invoice = try folder.text("reports/quickstart/invoice.csv").split(separator: "\n")
        var billed: [Substring] = []
        for id in 1...3 {
            let row = try Binary.run("export", "\(id)", in: folder).output.split(separator: "\n")
            #expect(row == [summary[0], summary[id]])
            let lines = try Binary.run("export", "\(id)", "--format", "focus", in: folder).output.split(separator: "\n")
            #expect(lines.first == invoice.first)
            billed += lines.dropFirst()
        }
        #expect(billed == Array(invoice.dropFirst()), "the invoice's lines, run by run")
    }

    @Test func documentHoldsTheRun() throws {
        let folder = try TemporaryFolder()
        _ = try Binary.run(["run", Binary.quickstart] + OutputTests.short, in: folder)
        let exported = try Binary.run("export", "2", "--format", "json", in: folder)
        let document = try #require(
            JSONSerialization.jsonObject(with: Data(exported.output.utf8)) as? [String: Any])
        let lines = try #require(document["invoice"] as? [[String: Any]])
        #expect(document["id"] as? Int == 2)
        #expect(document["model"] as? String == "llama-3.1-8b")
        #expect((document["scenario"] as? String)?.contains("name: quickstart") == true)
        #expect(lines.allSatisfy { ($0["priceObserved"] as? String)?.isEmpty == false })
        #expect((document["assumptions"] as? [Any])?.isEmpty == false)

        let row = try Table(folder.text("reports/quickstart/summary.csv")).rows[1]
        let metrics = try #require(document["metrics"] as? [String: Any])
        #expect(metrics["strategy"] as? String == row["strategy"])
    }

    /// Looking at what is stored leaves every byte as it was, and makes no file beside it.
    @Test func lookingWritesNothing() throws {
        let folder = try TemporaryFolder()
        _ = try Binary.run(["run", Binary.quickstart] + OutputTests.short, in: folder)
        let before = try (folder.data("reports/isocost.sqlite"), folder.files())
        for command in [["runs"], ["export", "1"], ["export", "1", "--format", "json"], ["export", "99"]] {
            _ = try Binary.run(command, in: folder)
            #expect(try folder.data("reports/isocost.sqlite") == before.0, "\(command)")
            #expect(folder.files() == before.1, "\(command)")
        }
    }

    @Test(arguments: [["runs"], ["export", "1"]])
    func lookingWhereNothingIsStoredMakesNothing(command: [String]) throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(command, in: folder)
        #expect(outcome.status == 66)
        expectSentence(outcome, saying: ["reports/isocost.sqlite"])
        #expect(folder.files().isEmpty)
    }

    @Test func unknownRun() throws {
        let folder = try TemporaryFolder()
        _ = try Binary.run(["run", Binary.quickstart] + OutputTests.short, in: folder)
        let outcome = try Binary.run("export", "99", in: folder)
        #expect(outcome.status == 66)
        expectSentence(outcome, saying: ["run 99", "`isocost runs`"])
    }
}
