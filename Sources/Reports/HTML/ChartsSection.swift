import Planning
import Pricing
import Primitives
import SimulationCore

/// The pictures, each with a heading that says what to see in it.
enum ChartsSection {
    static func markup(
        _ result: ScenarioResult, _ figures: [StrategyFigures], _ breakEven: BreakEvenFigure?
    ) -> Markup {
        [
            scatter(result, figures), BreakEvenSection.markup(breakEven, figures), distributions(result, figures),
            WaterfallSections.latency(figures),
            timelines(figures), FleetTimelineSection.markup(figures), costs(figures), WaterfallSections.cost(figures),
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Cost against latency

    /// One chart for each objective.
    static func scatter(_ result: ScenarioResult, _ figures: [StrategyFigures]) -> Markup {
        let charts = StrategyTable.objectives(result).map { chart($0, figures) }.filter { !$0.points.isEmpty }
        let wide = charts.count == 1 ? 760.0 : 544.0
        let pictures = charts.map { chart in
            #"""
            <div class="wide">\#(chart.svg(width: wide, height: 380))</div>\#
            <div class="narrow">\#(chart.svg(width: 358, height: 320))</div>
            """# as Markup
        }
        return ReportPage.section(
            "cost-latency", "Cost against latency",
            [
                #"""
                <figure>
                <div class="grid \#(charts.count == 1 ? "solo" : "two")">\#(pictures)</div>
                \#(legend(figures))
                <figcaption>Lower left is better. Shaded: within the target. Filled marker: meets all targets; \#
                hollow: misses one; \#
                grey: another strategy is at least as cheap and as good; cross: overloaded, its place depends on \#
                the trace's \#
                length. Bars: 95 % intervals, where there are replications.</figcaption>
                </figure>
                """#
            ])
    }

    private static func chart(_ objective: ServiceObjective, _ figures: [StrategyFigures]) -> ScatterChart {
        let quantity = "\(Wording.name(objective.quantity)) \(Wording.percentile(objective.quantile))"
        let bounded = objective.bound != StrategyTable.unbounded
        let perTokens = figures.allSatisfy { $0.costPerMillionTokens != nil }
        return ScatterChart(
            title: "Cost against \(quantity)", costTitle: perTokens ? "Dollars per million tokens" : "Dollars per hour",
            latencyTitle: quantity,
            points: figures.compactMap { point($0, objective, perTokens: perTokens) },
            bound: bounded
                ? (Double(objective.bound.nanoseconds) / 1e6, "target ≤ \(Wording.bound(objective.bound))") : nil)
    }

    private static func point(
        _ strategy: StrategyFigures, _ objective: ServiceObjective, perTokens: Bool
    ) -> ScatterChart.Point? {
        let cost = perTokens ? strategy.costPerMillionTokens : strategy.costPerHour
        guard let cost, let latency = strategy.latency(objective) else { return nil }
        let standing: ScatterChart.Standing =
            strategy.verdict == .overloaded
            ? .overloaded : strategy.dominated ? .dominated : strategy.meetsSLO ? .meets : .misses
        let unit = perTokens ? "per million tokens" : "per hour"
        let spread = (
            cost.half.map { " ± \(Wording.halfDollars($0))" } ?? "",
            latency.half.map { " ± \(Wording.halfLatency(milliseconds: $0))" } ?? ""
        )
        let tip =
            "\(strategy.name)\n\(Wording.dollars(cost.mean))\(spread.0) \(unit)\n"
            + "\(Wording.name(objective.quantity)) \(Wording.percentile(objective.quantile)) "
            + "\(Wording.latency(milliseconds: latency.mean))\(spread.1)"
            + (standing == .overloaded ? "\noverloaded" : "")
        return ScatterChart.Point(
            style: strategy.style, name: strategy.name, cost: cost, latency: latency, standing: standing, tip: tip)
    }

    // MARK: Distributions

    private static func distributions(_ result: ScenarioResult, _ figures: [StrategyFigures]) -> Markup {
        let hasTPOT = figures.contains { !$0.runs.isEmpty && $0.histogram(\.tpot).count > 0 }
        var charts = [distribution("Time to first token (TTFT)", .ttft, \.ttft, result, figures)]
        if hasTPOT { charts.append(distribution("Time per output token (TPOT)", .tpot, \.tpot, result, figures)) }
        charts.append(distribution("End to end (E2E)", .e2e, \.e2e, result, figures))
        let pictures = charts.map { "<div>\($0.svg(width: 358, height: 270))</div>" as Markup }
        return ReportPage.section(
            "latency", "What users feel",
            [
                #"""
                <figure>
                <div class="grid three">\#(pictures)</div>
                \#(legend(figures, lines: true))
                <figcaption>Share of completed requests that took at most so long; all replications together, \#
                logarithmic \#
                time. Further left is better. Red: the target, which the curve must pass on the left of the small \#
                cross. Faint: overloaded.</figcaption>
                </figure>
                """#
            ])
    }

    private static func distribution(
        _ title: String, _ quantity: ServiceObjective.Quantity, _ latency: KeyPath<LatencyRecord, LatencyHistogram>,
        _ result: ScenarioResult, _ figures: [StrategyFigures]
    ) -> DistributionChart {
        let objective = result.objectives.first { $0.quantity == quantity }
        return DistributionChart(
            title: title,
            series: figures.map {
                .init(
                    style: $0.style, name: $0.name, overloaded: $0.verdict == .overloaded,
                    histogram: $0.histogram(latency))
            },
            bound: objective.map {
                (
                    Double($0.bound.nanoseconds) / 1e6, $0.quantile,
                    "\(Wording.percentile($0.quantile)) ≤ \(Wording.bound($0.bound))"
                )
            })
    }

    // MARK: Load against capacity

    private static func timelines(_ figures: [StrategyFigures]) -> Markup {
        let runs = figures.compactMap { strategy in strategy.runs.first.map { (strategy, samples($0, strategy)) } }
        let shown = runs.filter { !$0.1.isEmpty }
        guard !shown.isEmpty else { return "" }
        let limit = shown.flatMap(\.1).map { max($0.arrivalRate, $0.completionRate) }.max() ?? 1
        let scales = shown.contains { $0.0.result.pools.contains { $0.scaling != nil } }
        let instances = scales ? shown.flatMap(\.1).map(\.rented).max() : nil
        let pictures = shown.map { strategy, samples -> Markup in
            let chart = TimelineChart(
                title: strategy.name, samples: samples, rateLimit: limit, instanceLimit: instances)
            let flag: Markup = strategy.verdict == .overloaded ? #" <span class="badge bad">✕ overloaded</span>"# : ""
            return #"""
                <div><h3>\#(ReportPage.swatch(strategy.style)) \#(strategy.name)\#(flag)</h3>\#
                \#(chart.svg(width: 358, height: scales ? 460 : 350))</div>
                """#
        }
        return ReportPage.section(
            "timeline", "Load against capacity",
            [
                #"""
                <figure>
                <div class="grid three">\#(pictures)</div>
                <ul class="legend">\#(timelineKeys(scales))</ul>
                <figcaption>First replication of each strategy. Request rates share one scale; requests in the \#
                fleet have each \#
                their own.</figcaption>
                </figure>
                """#
            ])
    }

    private static let loadKeys = [
        ("t-arrive", true, "arriving"), ("t-done", false, "finished"), ("t-wait", true, "waiting"),
        ("t-run", false, "running"), ("t-kv", true, "KV cache held"), ("t-busy", false, "machines busy"),
    ]
    private static let fleetKeys = [("t-rent", true, "instances rented"), ("t-ready", false, "instances ready")]

    private static func timelineKeys(_ scales: Bool) -> [Markup] {
        (loadKeys + (scales ? fleetKeys : [])).map { cssClass, area, name in
            let picture: Markup =
                area
                ? #"<rect class="area \#(cssClass)" x="0" y="2" width="22" height="10"/>"#
                : #"<path class="line \#(cssClass)" d="M0 7H22"/>"#
            return #"""
                <li><svg class="swatch" width="22" height="14" viewBox="0 0 22 14" \#
                aria-hidden="true">\#(picture)</svg> \#
                \#(name)</li>
                """#
        }
    }

    private static func samples(_ run: StrategyRun, _ strategy: StrategyFigures) -> [TimelineChart.Sample] {
        let samples = TimelineSamples(run, pools: strategy.result.pools).samples.map { sample in
            let rented = sample.instances.reduce(0, +)
            let busy = sample.instances[Int(InstanceState.busy.rawValue)]
            return TimelineChart.Sample(
                start: sample.start.seconds, end: sample.end.seconds, arrivalRate: sample.arrivalRate,
                completionRate: sample.completionRate, running: sample.running, waiting: sample.waiting,
                kvUse: sample.kvUse,
                busy: rented > 0 ? busy / rented : nil,
                ready: busy + sample.instances[Int(InstanceState.idle.rawValue)], rented: rented)
        }
        return TimelineChart.thinned(samples, to: 128)
    }

    // MARK: Where the money goes

    private static func costs(_ figures: [StrategyFigures]) -> Markup {
        let chart = CostBars(title: "Cost per hour by use", bars: figures.compactMap(bar))
        guard !chart.bars.isEmpty else { return "" }
        let used = CostBars.kinds.indices.filter { kind in chart.bars.contains { $0.parts[kind] > 0 } }
        let keys = used.map { kind in
            #"""
            <li><svg class="swatch" width="14" height="14" aria-hidden="true"><rect \#
            class="\#(CostBars.kinds[kind].cssClass)" \#
            x="0.5" y="0.5" width="13" height="13"/></svg> \#(CostBars.kinds[kind].name)</li>
            """# as Markup
        }
        return ReportPage.section(
            "money", "Where the money goes",
            [
                #"""
                <figure>
                <div class="wide">\#(chart.svg(width: 1088))</div><div class="narrow">\#(chart.svg(width: 358))</div>
                <ul class="legend">\#(keys)</ul>
                <figcaption>Dollars per hour, split by what the rented machines did with the time; first \#
                replication. Other \#
                charges are storage and traffic.</figcaption>
                </figure>
                """#, RequestCostTable.markup(figures),
            ])
    }

    private static func bar(_ strategy: StrategyFigures) -> CostBars.Bar? {
        guard let run = strategy.runs.first, run.metrics.hours > 0 else { return nil }
        let split = CostByUse(run, pools: strategy.result.pools)
        let parts = split.parts.map { $0.dollars / run.metrics.hours }
        let note =
            strategy.verdict == .overloaded
            ? "overloaded" : "\(Wording.percent(run.metrics.utilization, places: 0)) busy"
        return CostBars.Bar(style: strategy.style, name: strategy.name, parts: parts, note: note)
    }

    // MARK: Legend

    private static func legend(_ figures: [StrategyFigures], lines: Bool = false) -> Markup {
        let items = figures.map { #"<li>\#(ReportPage.swatch($0.style, line: lines)) \#($0.name)</li>"# as Markup }
        return #"<ul class="legend">\#(items)</ul>"#
    }
}
