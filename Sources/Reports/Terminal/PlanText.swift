public import Planning

/// The answer of a plan for a terminal.
public enum PlanText {
    /// Answer, what binds, the certificate, a table of the fleets, how it was found and how to run it again.
    public static func text(of plan: PlanResult, folder: RunFolder, style: TerminalStyle = .plain) -> String {
        let blocks = [
            headline(plan).map { style.paint($0, .heading) },
            PlanWording.reasons(plan).flatMap(ComparisonTable.wrapped),
            [table(plan, style)],
            PlanWording.effort(plan).flatMap(ComparisonTable.wrapped).map { style.paint($0, .quiet) },
            commands(plan, folder),
        ]
        return blocks.filter { !$0.isEmpty && $0 != [""] }.map { lines in
            lines.map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined()
        }.joined(separator: "\n")
    }

    /// Dollars as the tables write them.
    public static func dollars(_ amount: Double) -> String { Wording.dollars(amount) }

    private static func headline(_ plan: PlanResult) -> [String] {
        ComparisonTable.wrapped(PlanWording.answer(plan))
    }

    private static func table(_ plan: PlanResult, _ style: TerminalStyle) -> String {
        let fleets = (plan.winner.map { [$0] } ?? []) + plan.runnersUp + plan.given
        guard !fleets.isEmpty else { return "" }
        var table = TextTable(columns: [
            .init("", .left), .init("fleet", .left, limit: 44), .init("SLO", .left), .init("$/h"), .init("$ a run"),
            .init("above winner"), .init("regret"),
        ])
        table.rows = fleets.map { fleet in
            let isWinner = fleet == plan.winner
            return [
                .init(isWinner ? "★" : "", .good), .init(fleet.name, isWinner ? .heading : nil),
                fleet.meetsSLO ? .init("✓ met", .good) : .init("✕ missed", .bad),
                .init(dollars(fleet.costPerHour.mean)), .init(PlanWording.cost(fleet.cost)),
                .init(fleet.aboveWinner.map { isWinner ? "–" : PlanWording.cost($0, signed: true) } ?? "–"),
                .init(plan.certificate.regret(of: fleet.cost.mean).map { Wording.percent($0, places: 0) } ?? "–"),
            ]
        }
        return table.text(style)
    }

    private static func commands(_ plan: PlanResult, _ folder: RunFolder) -> [String] {
        guard plan.scenarioText != nil else { return ["\(folder.file("plan.html")) has what was tried."] }
        return [
            "isocost run \(folder.file("plan.yaml")) runs these fleets again.",
            "Open \(folder.file("plan.html")) for the plan, \(folder.file("report.html")) for the fleets' report.",
        ]
    }
}

/// Sentences of a plan, for terminal and page alike.
enum PlanWording {
    /// The answer in one sentence.
    static func answer(_ plan: PlanResult) -> String {
        guard let winner = plan.winner else {
            guard let miss = plan.miss else { return "No fleet of the plan meets the SLO." }
            return "No fleet of the plan meets the SLO. \(miss.fleet) comes closest: it misses "
                + "\(Wording.list(miss.missed))."
        }
        let difference = plan.runnersUp.first.flatMap { next in next.aboveWinner.map { (next, $0) } }
        var sentence =
            "Take \(winner.name). At \(Wording.dollars(winner.costPerHour.mean)) an hour it is the cheapest fleet that "
            + "meets the SLO"
        if let (next, above) = difference {
            sentence += "; the next best, \(next.name), costs \(Wording.dollars(above.mean)) more a run"
            if let half = above.half, half > 0, above.mean - half <= 0 {
                sentence += ", which may be chance"
            }
        }
        return sentence + "."
    }

    /// What binds, and what the certificate says; or what would help.
    static func reasons(_ plan: PlanResult) -> [String] {
        if let miss = plan.miss { return ["What would help: \(miss.advice.joined(separator: "; "))."] }
        guard let winner = plan.winner else { return [] }
        let bound = plan.certificate.dollars
        var sentences = ["Why no smaller: \(plan.binding.joined(separator: "; "))."]
        if let regret = plan.certificate.regret(of: winner.cost.mean) {
            sentences.append(
                "Certificate: no fleet of these offers can serve a run for less than \(Wording.dollars(bound)), however "
                    + "clairvoyant, instant and billed by the nanosecond; at \(Wording.dollars(winner.cost.mean)) the "
                    + "answer is within \(Wording.percent(regret, places: 0)) of it.")
        }
        return sentences
    }

    /// What was done to find it.
    static func effort(_ plan: PlanResult) -> [String] {
        let effort = plan.effort
        var sentences = [
            "\(Wording.counted(UInt64(effort.candidates), "fleet")) from \(Wording.counted(UInt64(effort.variants), "offer")) "
                + "allowed, \(Wording.count(UInt64(effort.tried))) tried, "
                + "\(Wording.count(effort.requests)) requests simulated; a run has "
                + "\(Wording.count(effort.requestsPerRun)), and a fleet must pass "
                + "\(Wording.counted(UInt64(effort.replications), "replication"))."
        ]
        if !effort.leftOut.isEmpty { sentences.append("Left out: \(effort.leftOut.joined(separator: "; ")).") }
        return sentences
    }

    /// `$12.30 ± $0.40`, with a sign where it is a difference.
    static func cost(_ estimate: Estimate, signed: Bool = false) -> String {
        let sign = signed && estimate.mean > 0 ? "+" : ""
        guard let half = estimate.half, half > 0 else { return sign + Wording.dollars(estimate.mean) }
        return sign + Wording.dollars(estimate.mean) + " ± " + Wording.halfDollars(half)
    }
}

extension RunSpeed {
    /// `41,000,000 requests in 96.1 s: 427k requests/s.`
    public var planText: String {
        guard seconds > 0 else { return "\(Wording.count(requests)) requests." }
        return "\(Wording.count(requests)) requests in \(Decimal.significant(seconds, digits: 3)) s: "
            + "\(ProgressLine.short(Double(requests) / seconds)) requests/s."
    }
}
