import Foundation
import Testing

/// `isocost explain` on stored runs.
@Suite struct ExplainTests {
    private func stored(_ folder: TemporaryFolder) throws {
        let run = try Binary.run(
            "run", Binary.quickstart, "--set", "workload.scale.requests=300", "--replications", "2", "--quiet",
            in: folder)
        #expect(run.status == 0)
    }

    @Test func aStoredRunIsExplained() throws {
        let folder = try TemporaryFolder()
        try stored(folder)
        let outcome = try Binary.run("explain", "2", "--request", "5", "--trace", "t.json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
        #expect(outcome.output.contains("What bounded the engines"))
        #expect(outcome.output.contains("Request 5: "))
        let document = try JSONSerialization.jsonObject(with: folder.data("t.json"))
        #expect(document is [String: Any])
        let again = try Binary.run("explain", "2", "--request", "5", in: folder)
        #expect(again.output == outcome.output)
    }

    @Test func whatIsNotThereIsASentence() throws {
        let folder = try TemporaryFolder()
        #expect(try Binary.run("explain", "1", in: folder).status == 66)
        try stored(folder)
        #expect(try Binary.run("explain", "99", in: folder).status == 66)
        let request = try Binary.run("explain", "1", "--request", "4000", in: folder)
        #expect(request.status == 66 && request.error.contains("run 1 has no request 4000"))
        #expect(try Binary.run("explain", "1", "--trace", "no/such/t.json", in: folder).status == 74)
    }
}
