import Foundation
import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

/// Explained runs as text and as a Chrome trace.
@Suite struct ExplanationTextTests {
    private static let text = """
        version: 1
        name: surge
        workload:
          synthetic:
            arrivals: {spike: {base: 4 /s, peak: 60 /s, start: 1 min, duration: 30 s}}
            lengths: {input: 500, output: 40}
            duration: 3 min
        model: llama-3.1-8b
        slo: {ttft: {p95: 500 ms}}
        strategies: [{name: a, pools: [{offer: aws/g6.xlarge/us-east-1, replicas: 2, name: "a \\"b\\""}]}]
        """

    private static func explanation() throws -> RunExplanation {
        try Scenario(text: text, path: "s.yaml", folder: ".").explained(strategy: "a", seed: 1, fingerprint: 0)
    }

    @Test func everySectionIsThere() throws {
        let explanation = try Self.explanation()
        let text = ExplanationText.text(of: explanation)
        for words in [
            "What bounded the engines", "weight bandwidth", "Where a request's time went", "Where the money went",
            "idle: $", "When the SLO was broken", "requests were good; ",
        ] { #expect(text.contains(words), "\(words)\n\(text)") }
        for line in text.split(separator: "\n") { #expect(line.count <= 102, "\(line)") }
    }

    @Test func aRequestIsTakenApart() throws {
        let explanation = try Self.explanation()
        let text = try #require(ExplanationText.text(ofRequest: 3, in: explanation))
        #expect(text.hasPrefix("Request 3: 500 tokens in, 40 out, arrived at "))
        #expect(text.contains("decode: ") && text.contains("prefill: "))
        #expect(ExplanationText.text(ofRequest: 1_000_000, in: explanation) == nil)
    }

    @Test func failuresAreSaid() throws {
        var explanation = try Self.explanation()
        explanation.outcomes[3].failure = .timedOut
        #expect(
            ExplanationText.text(ofRequest: 3, in: explanation)?.contains("It failed: not answered in time.") == true)
    }

    /// Valid JSON; every span that begins ends, not before it began; nested spans fill their request.
    @Test func theTraceIsAChromeTrace() throws {
        let explanation = try Self.explanation()
        let data = Data(ChromeTrace.json(of: explanation).utf8)
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let events = try #require(document["traceEvents"] as? [[String: Any]])
        func text(_ event: [String: Any], _ key: String) -> String { event[key] as? String ?? "" }
        func time(_ event: [String: Any]) -> Double { (event["ts"] as? NSNumber)?.doubleValue ?? -1 }
        #expect(events.filter { text($0, "ph") == "M" }.count == 3)
        let spans = events.filter { text($0, "cat") == "request" }
        var open: [Int: [(String, Double)]] = [:]
        for event in spans {
            let id = try #require((event["id"] as? NSNumber)?.intValue)
            if text(event, "ph") == "b" {
                open[id, default: []].append((text(event, "name"), time(event)))
            } else {
                let begun = try #require(open[id]?.last)
                open[id]?.removeLast()
                #expect(begun.0 == text(event, "name") && begun.1 <= time(event))
            }
        }
        #expect(open.values.joined().isEmpty)
        let whole = spans.filter { text($0, "name").hasPrefix("request ") && text($0, "ph") == "b" }
        #expect(whole.count == explanation.outcomes.count)
        #expect(events.contains { text($0, "ph") == "C" })
    }
}
