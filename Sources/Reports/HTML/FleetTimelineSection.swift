import Planning
import SimulationCore

/// How each fleet grew, shrank and was taken away; only where one did.
enum FleetTimelineSection {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        let runs = figures.compactMap { strategy in strategy.runs.first.map { (strategy, $0.record) } }
        guard runs.contains(where: { $0.1.fleetChanges }) else { return "" }
        let charts = charts(runs.filter { !$0.1.timeline.bins.isEmpty })
        let pictures = charts.map { strategy, chart in
            #"""
            <div><h3>\#(ReportPage.swatch(strategy.style)) \#(strategy.name)</h3>\#
            \#(chart.svg(width: 358))\#(counts(chart.incidents))</div>
            """# as Markup
        }
        let picture: Markup =
            pictures.isEmpty
            ? ""
            : #"""
            <figure>
            <div class="grid three">\#(pictures)</div>
            <ul class="legend">\#(keys(charts.first?.1.shown ?? []))</ul>
            <figcaption>First replication of each strategy; rates and replicas share their scales. The marks below a \#
            picture are what befell the fleet; the shaded time is an outage.</figcaption>
            </figure>
            """#
        return ReportPage.section(
            "fleet-timeline", "The fleets over time", [picture, StartsTable.markup(figures)])
    }

    private static func charts(_ runs: [(StrategyFigures, RunRecord)]) -> [(StrategyFigures, FleetChart)] {
        let samples = runs.map { FleetChart.thinned(FleetChart.Sample.all(of: $0.1), to: 128) }
        let all = samples.flatMap { $0 }
        let shown = FleetChart.states.indices.filter { state in all.contains { $0.replicas[state] > 0 } }
        return zip(runs, samples).map { run, samples in
            let lanes = IncidentLanes(run.1.incidents, end: samples.last?.end ?? 0)
            return (
                run.0,
                FleetChart(
                    title: "\(run.0.name): replicas by state", samples: samples, incidents: lanes,
                    rateLimit: all.map(\.arrivalRate).max() ?? 1, replicaLimit: all.map(\.total).max() ?? 1,
                    shown: shown)
            )
        }
    }

    /// What the lanes mean, with how often and how many replicas.
    private static func counts(_ incidents: IncidentLanes) -> Markup {
        guard !incidents.lanes.isEmpty else { return "" }
        let items = incidents.lanes.map { lane -> Markup in
            let count = UInt64(lane.events.count)
            let replicas =
                lane.replicas == lane.events.count
                ? "" : " (\(Wording.counted(UInt64(max(0, lane.replicas)), "replica")))"
            return #"""
                <li><svg class="swatch" width="14" height="14" viewBox="0 0 14 14" \#
                aria-hidden="true">\#(lane.kind.mark(x: 7, y: 7))</svg> \#
                \#(lane.kind.name): \#(Wording.count(count))\#(replicas)</li>
                """#
        }
        return #"<ul class="legend lanes">\#(items)</ul>"#
    }

    private static func keys(_ states: [Int]) -> [Markup] {
        [
            #"""
            <li><svg class="swatch" width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">\#
            <path class="line t-done" d="M0 7H22"/></svg> requests arriving</li>
            """#
        ]
            + states.map { state in
                #"""
                <li><svg class="swatch" width="14" height="14" aria-hidden="true"><rect \#
                class="\#(FleetChart.states[state].cssClass)" x="0.5" y="0.5" width="13" height="13"/></svg> \#
                \#(FleetChart.states[state].name)</li>
                """#
            }
    }
}
