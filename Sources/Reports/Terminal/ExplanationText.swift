public import Planning
import Primitives
import SimulationCore

/// An explained run for a terminal.
public enum ExplanationText {
    /// What bounded the steps, where the money went, when the SLO was broken and what happened then.
    public static func text(of explanation: RunExplanation, style: TerminalStyle = .plain) -> String {
        let sections: [(String, [String])] = [
            ("What bounded the engines", bounds(explanation)), ("Where a request's time went", latency(explanation)),
            ("Where the money went", money(explanation)), ("When the SLO was broken", episodes(explanation)),
        ]
        return sections.filter { !$0.1.isEmpty }.map { title, lines in
            style.paint(title, .heading) + "\n"
                + lines.flatMap(ComparisonTable.wrapped).map { "  \($0)\n" }.joined()
        }.joined(separator: "\n")
    }

    /// One request; `nil` where the run has none of this number.
    public static func text(ofRequest number: UInt64, in explanation: RunExplanation) -> String? {
        guard let outcome = explanation.outcomes.first(where: { $0.id == number }) else { return nil }
        let pool = place(outcome, explanation)
        var lines = [
            "Request \(number): \(outcome.inputTokens) tokens in, \(outcome.outputTokens) out, arrived at "
                + "\(Wording.latency(milliseconds: Double(outcome.arrival.nanoseconds) / 1e6))\(pool)."
        ]
        if let failure = outcome.failure {
            lines.append("It failed: \(failure.rawValue).")
            return lines.map { $0 + "\n" }.joined()
        }
        lines.append(
            "Its first token came after \(words(outcome.ttft)), its last after \(words(outcome.e2e))"
                + (outcome.tpot.map { ", \(words($0)) a token between." } ?? "."))
        let parts = [
            ("network", outcome.network), ("cold start", outcome.coldStart), ("retries", outcome.retry),
            ("queue", outcome.queue), ("prefill", outcome.prefill), ("decode", outcome.decode),
        ].filter { $0.1 > .zero }.sorted { $0.1 > $1.1 }
        for (name, time) in parts {
            let share = Double(time.nanoseconds) / Double(max(1, outcome.e2e.nanoseconds))
            lines.append("  \(name): \(words(time)), \(Wording.percent(share, places: 0))")
        }
        if outcome.preemptions > 0 {
            lines.append("It was preempted \(outcome.preemptions) times for want of KV blocks, and computed again.")
        }
        if outcome.cachedTokens > 0 {
            lines.append("\(outcome.cachedTokens) prompt tokens came from the prefix cache.")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func place(_ outcome: RequestOutcome, _ explanation: RunExplanation) -> String {
        let replicas = explanation.run.record.replicas
        guard outcome.replica != .max, Int(outcome.replica) < replicas.count else { return "" }
        let pool = replicas[Int(outcome.replica)].pool
        return ", on replica \(outcome.replica) (\(explanation.pools[pool].name))"
    }

    private static func words(_ duration: SimulatedDuration) -> String {
        Wording.latency(milliseconds: Double(duration.nanoseconds) / 1e6)
    }

    private static func bounds(_ explanation: RunExplanation) -> [String] {
        zip(explanation.pools, explanation.bounds).compactMap { pool, bounds in
            guard let bounds else { return "\(pool.name): step times set by hand; nothing to take apart." }
            let shares = StepBounds.Resource.allCases.map { ($0.rawValue, bounds.share($0)) }.filter { $0.1 > 0.0005 }
                .sorted { $0.1 > $1.1 }.map { "\($0.0) \(Wording.percent($0.1))" }
            guard !shares.isEmpty else { return nil }
            return "\(pool.name): \(shares.joined(separator: ", ")) of busy time; "
                + "\(Wording.count(bounds.promptSteps)) steps with prompts, \(Wording.count(bounds.decodeSteps)) of decoding "
                + "alone with \(Wording.meanCount(bounds.meanDecodeBatch)) sequences on average (these by their mean "
                + "batch; \(Wording.percent(abs(bounds.unexplainedShare))) of busy time is left unexplained)."
        }
    }

    private static func latency(_ explanation: RunExplanation) -> [String] {
        guard let parts = explanation.run.metrics.account?.latency else { return [] }
        let total = parts.parts.reduce(Int64(0)) { $0 + $1.time.nanoseconds }
        guard total > 0 else { return [] }
        return parts.parts.filter { $0.time > .zero }.sorted { $0.time > $1.time }.map { part in
            "\(part.name): \(words(part.time)), \(Wording.percent(Double(part.time.nanoseconds) / Double(total)))"
        }
    }

    private static func money(_ explanation: RunExplanation) -> [String] {
        explanation.money.map { "\($0.purpose): \(Wording.dollars($0.amount.dollars)), \(Wording.percent($0.share))" }
    }

    private static func episodes(_ explanation: RunExplanation) -> [String] {
        guard !explanation.objectives.isEmpty else { return ["No SLO is set."] }
        guard !explanation.episodes.isEmpty else { return ["Never."] }
        let longest = explanation.episodes.sorted {
            $0.episode.duration == $1.episode.duration
                ? $0.episode.start < $1.episode.start : $0.episode.duration > $1.episode.duration
        }
        let shown = longest.prefix(12).sorted { $0.episode.start < $1.episode.start }.map { entry in
            "\(clock(entry.episode.start))–\(clock(entry.episode.end)): \(Wording.count(entry.good)) of "
                + "\(Wording.count(entry.ended)) requests were good; \(entry.causes.joined(separator: "; "))"
                + (entry.episode.recovered ? "." : "; not back before the end.")
        }
        let more = explanation.episodes.count - shown.count
        return shown + (more > 0 ? ["and \(more) shorter times."] : [])
    }

    /// `h:mm:ss` of the run.
    private static func clock(_ time: SimulatedTime) -> String {
        let seconds = time.nanoseconds / 1_000_000_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(seconds / 3_600):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }
}
