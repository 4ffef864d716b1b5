import Planning

/// The tables of a plan's page.
enum PlanTables {
    /// Winner, next best, and the scenario's own strategies.
    static func fleets(_ plan: PlanResult) -> Markup {
        let fleets = (plan.winner.map { [$0] } ?? []) + plan.runnersUp + plan.given
        guard !fleets.isEmpty else { return "" }
        let rows = fleets.map { fleet -> Markup in
            let isWinner = fleet == plan.winner
            let badge: Markup =
                fleet.meetsSLO
                ? #"<span class="badge ok">✓ meets SLO</span>"# : #"<span class="badge bad">✕ misses SLO</span>"#
            return row(
                [
                    (isWinner ? "★ " : "") + fleet.name, fleet.policy, Wording.dollars(fleet.costPerHour.mean),
                    PlanWording.cost(fleet.cost),
                    isWinner ? "–" : fleet.aboveWinner.map { PlanWording.cost($0, signed: true) } ?? "–",
                    plan.certificate.regret(of: fleet.cost.mean).map { Wording.percent($0, places: 0) } ?? "–",
                ], last: badge)
        }
        return ReportPage.section(
            "fleets", "The cheapest fleets",
            [
                table(
                    ["Fleet", "Numbers", "Cost per hour", "Cost of a run", "Above the winner", "Regret", "Verdict"],
                    rows,
                    caption:
                        "Differences are paired over replications, ± half of the 95 % interval. Of fleets that differ "
                        + "in numbers alone, the cheapest that meets the SLO.")
            ])
    }

    /// What the lower bound is made of.
    static func certificate(_ plan: PlanResult) -> Markup {
        let bound = plan.certificate
        guard bound.dollars > 0 else { return "" }
        let rows = bound.shares.sorted { $0.dollars > $1.dollars }.map { share in
            row([
                share.label, Wording.dollars(share.dollars), Wording.percent(share.dollars / bound.dollars, places: 1),
            ])
        }
        return ReportPage.section(
            "certificate", "The certificate",
            [
                #"""
                <p>No fleet of these offers serves a run for less than <strong>\#(Wording.dollars(bound.dollars))</strong>. \#
                Every request is charged the least time that its tokens can take on any schedule, on the offer where that \#
                time costs the least, by the nanosecond, with nothing idle, starting, or rounded up. What a fleet costs \#
                beyond it is its regret: the price of queues, of whole machines, and of not knowing the future.</p>
                """#,
                table(["Offer", "Dollars of a run", "Share of the bound"], rows, caption: ""),
            ])
    }

    /// The best of each way to decide numbers.
    static func policies(_ plan: PlanResult) -> Markup {
        var best: [PlannedFleet] = []
        let fleets = (plan.winner.map { [$0] } ?? []) + plan.runnersUp + plan.given.filter(\.meetsSLO)
        for fleet in fleets where !best.contains(where: { $0.policy == fleet.policy }) { best.append(fleet) }
        guard !best.isEmpty, plan.certificate.dollars > 0 else { return "" }
        let most = best.map(\.cost.mean).max() ?? 1
        let rows = best.map { fleet -> Markup in
            let bound = plan.certificate.dollars / most * 100
            let regret = max(0, fleet.cost.mean - plan.certificate.dollars) / most * 100
            let bar: Markup = #"""
                <svg class="bar" width="100%" height="14" viewBox="0 0 100 14" preserveAspectRatio="none" \#
                aria-hidden="true"><rect class="area t-busy" x="0" y="1" width="\#(bound)" height="12"/>\#
                <rect class="area t-wait" x="\#(bound)" y="1" width="\#(regret)" height="12"/></svg>
                """#
            return row(
                [
                    fleet.policy, fleet.name, Wording.dollars(fleet.cost.mean),
                    plan.certificate.regret(of: fleet.cost.mean).map { Wording.percent($0, places: 0) } ?? "–",
                ], last: bar)
        }
        return ReportPage.section(
            "policies", "Regret by policy",
            [
                table(
                    ["Numbers decided by", "Best fleet", "Cost of a run", "Regret", "Bound and regret"], rows,
                    caption: "The best fleet found of each way to decide numbers, against the bound.")
            ])
    }

    /// How far prices must move for another fleet to win.
    static func changes(_ plan: PlanResult) -> Markup {
        guard let winner = plan.winner, !plan.runnersUp.isEmpty else { return "" }
        let rows = plan.runnersUp.map { next -> Markup in
            let rise = next.cost.mean / winner.cost.mean - 1
            let fall = 1 - winner.cost.mean / next.cost.mean
            return row([next.name, "+" + Wording.percent(rise), "−" + Wording.percent(fall)])
        }
        let binding = plan.binding.map { "<li>\($0)</li>" as Markup }
        return ReportPage.section(
            "changes", "What would change the decision",
            [
                table(
                    ["Fleet", "wins if the winner's price rises by", "or its own falls by"], rows,
                    caption: "All else equal. A price that moves less leaves the decision as it is."),
                "<p>What keeps the winner from being smaller:</p><ul>\(binding)</ul>",
            ])
    }

    /// Every fleet that was tried.
    static func trials(_ plan: PlanResult) -> Markup {
        let rows = plan.trials.map { trial in
            row([
                trial.name, trial.passed ? "met" : "missed: \(trial.failure ?? "")",
                trial.cost.map(Wording.dollars) ?? "–",
            ])
        }
        return ReportPage.section(
            "trials", "What was tried",
            [
                #"<details><summary>\#(Wording.counted(UInt64(rows.count), "fleet")), in order</summary>"#
                    + table(["Fleet", "SLO", "Cost of a run"], rows, caption: "") + "</details>"
            ])
    }

    /// How the answer was found and how to see it again.
    static func method(_ plan: PlanResult) -> Markup {
        let sentences = PlanWording.effort(plan).map { "<p>\($0)</p>" as Markup }
        let defaults = plan.defaults.map { row([$0.subject, $0.value, $0.source]) }
        return ReportPage.section(
            "method", "How it was found",
            sentences + [
                #"""
                <p>The search is exact if a fleet that fails also fails with fewer replicas of any pool. Fleets were left out \#
                untried only where the work of the requests cannot be done by so few, where their rent alone is not below \#
                the best cost, or where a fleet with as many of everything failed. <code>isocost run</code> of the \#
                <code>plan.yaml</code> beside this page runs the fleets of the first table again.</p>
                """#,
                defaults.isEmpty ? "" : table(["Default", "Value", "Why"], defaults, caption: ""),
            ])
    }

    private static func row(_ cells: [String], last: Markup? = nil) -> Markup {
        let plain = cells.map { "<td>\($0)</td>" as Markup }.joined()
        return "<tr>\(plain)\(last.map { "<td>\($0)</td>" as Markup } ?? "")</tr>\n"
    }

    private static func table(_ header: [String], _ rows: [Markup], caption: String) -> Markup {
        let caption: Markup = caption.isEmpty ? "" : "<caption>\(caption)</caption>"
        return #"""
            <div class="scroll"><table>\#(caption)
            <thead><tr>\#(header.map { "<th scope=\"col\">\($0)</th>" as Markup })</tr></thead>
            <tbody>
            \#(rows)</tbody></table></div>
            """#
    }
}
