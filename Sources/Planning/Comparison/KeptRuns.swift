public import Pricing
public import SimulationCore

/// A run that was stored: its figures and what it was a run of, without its record.
public struct KeptRun: Sendable {
    /// Names the run in commands.
    public var id: Int64
    /// The stored result it belongs to: runs of one result and strategy are its replications.
    public var resultID: Int64
    /// The flat numbers.
    public var metrics: RunMetrics
    /// The bill.
    public var invoice: Invoice
    /// How requests found a replica.
    public var router: RouterPolicy
    /// By pool.
    public var pools: [PoolSummary]
    /// What its result says of the scenario; strategies and comparison are not looked at.
    public var context: ScenarioResult

    /// A run from its parts.
    public init(
        id: Int64, resultID: Int64, metrics: RunMetrics, invoice: Invoice, router: RouterPolicy, pools: [PoolSummary],
        context: ScenarioResult
    ) {
        self.id = id
        self.resultID = resultID
        self.metrics = metrics
        self.invoice = invoice
        self.router = router
        self.pools = pools
        self.context = context
    }
}

/// Why stored runs cannot be compared. Printed, it is one sentence.
public struct KeptRunsError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The sentence.
    public let description: String
}

/// Stored runs side by side, without running anything.
public struct KeptComparison: Sendable {
    /// Strategies with their runs, whose records are empty, and the comparison.
    public let result: ScenarioResult
    /// What the reader must know of what was compared: which differences are not paired and why, other models, SLOs,
    /// versions.
    public let notes: [String]

    /// Groups runs into strategies, in order of first appearance, and compares them with a baseline.
    /// - Parameters:
    ///   - runs: not empty, each once.
    ///   - baseline: a strategy's name; `nil` = that of the first run.
    /// - Throws: ``KeptRunsError`` where there is one strategy only, where the baseline is not among them, or where runs
    ///   were stored by a version that kept too little.
    public init(_ runs: [KeptRun], baseline: String? = nil) throws(KeptRunsError) {
        let groups = Self.groups(runs)
        if let run = runs.first(where: { $0.metrics.account == nil }) {
            throw KeptRunsError(
                description: "run \(run.id) was stored by a version that kept too little of it to be compared; run "
                    + "`\(run.metrics.scenario)` again")
        }
        guard groups.count > 1 else {
            throw KeptRunsError(
                description: "these are runs of one strategy, `\(groups[0].name)`; name runs of two or more")
        }
        let names = groups.map(\.name)
        guard let base = baseline.map({ name in groups.first { $0.name == name } }) ?? groups[0] else {
            let name = baseline ?? ""
            throw KeptRunsError(
                description: "none of the runs is of a strategy `\(name)`\(suggestion(for: name, among: names))")
        }
        let gaps = groups.map { $0.gap(to: base) }
        let rows = StrategyComparison.compare(
            zip(groups, gaps).map { group, gap in
                ComparedRuns(
                    strategy: group.name, runs: group.runs.map(\.metrics),
                    meetsSLO: group.runs.allSatisfy { $0.metrics.account?.meetsSLO ?? true }, isPaired: gap == nil)
            }, baseline: base.name)
        var result = base.runs[0].context
        result.strategies = groups.map(\.result)
        result.comparison = rows
        result.name = groups.flatMap(\.runs).map(\.metrics.scenario).unique.joined(separator: ", ")
        result.priceReaders = nil
        self.result = result
        notes =
            zip(groups, gaps).compactMap { group, gap in
                gap.map {
                    "The differences of `\(group.name)` to the baseline are unpaired (Welch's interval): \($0)."
                }
            } + Self.caveats(groups)
    }

    private static func groups(_ runs: [KeptRun]) -> [RunGroup] {
        var groups: [RunGroup] = []
        for run in runs {
            let index = groups.firstIndex {
                $0.runs[0].resultID == run.resultID && $0.name == run.metrics.strategy
            }
            if let index {
                groups[index].runs.append(run)
            } else {
                groups.append(RunGroup(name: run.metrics.strategy, runs: [run]))
            }
        }
        let names = groups.map(\.name)
        return groups.map { group in
            var group = group
            group.runs.sort { $0.metrics.replication < $1.metrics.replication }
            // Two results may know strategies of one name: then their runs tell them apart.
            if names.filter({ $0 == group.name }).count > 1 { group.name += " (\(group.numbers))" }
            return group
        }
    }

    private static func caveats(_ groups: [RunGroup]) -> [String] {
        func differ(_ what: String, _ text: (ScenarioResult) -> String) -> String? {
            let values = groups.map { text($0.runs[0].context) }.unique
            return values.count > 1 ? "\(what): \(values.joined(separator: "; "))." : nil
        }
        return [
            differ("The runs are of different models", \.model),
            differ("The runs were held against different SLOs") { context in
                context.objectives.isEmpty ? "none" : context.objectives.map(\.text).joined(separator: ", ")
            },
            differ("The runs were made by different versions of Isocost", \.version),
        ].compactMap { $0 }
    }
}

/// The runs of one strategy of one stored result.
private struct RunGroup {
    var name: String
    var runs: [KeptRun]

    /// `run 4`, `runs 4–6`, `runs 4, 6`.
    var numbers: String {
        let ids = runs.map(\.id).sorted()
        guard ids.count > 1 else { return "run \(ids[0])" }
        let isRange = ids[ids.count - 1] - ids[0] == Int64(ids.count - 1)
        return "runs " + (isRange ? "\(ids[0])–\(ids[ids.count - 1])" : ids.map(String.init).joined(separator: ", "))
    }

    var result: StrategyResult {
        StrategyResult(
            name: name, router: runs[0].router, pools: runs[0].pools,
            runs: runs.map { run in
                var metrics = run.metrics
                metrics.strategy = name
                return StrategyRun(metrics: metrics, record: RunRecord(), invoice: run.invoice)
            })
    }

    /// Why run r of this group did not meet what run r of `base` met; `nil` where it did.
    ///
    /// Runs met the same requests where their seeds are equal, their scenarios describe workload and users in the same
    /// words, and as many requests came.
    func gap(to base: RunGroup) -> String? {
        if Self.demand(in: runs[0].context) != Self.demand(in: base.runs[0].context) { return "the workloads differ" }
        if runs.map(\.metrics.seed) != base.runs.map(\.metrics.seed) { return "the seeds differ" }
        if runs.map(\.metrics.requestsOffered) != base.runs.map(\.metrics.requestsOffered) {
            return "the numbers of requests differ under the same seed"
        }
        return nil
    }

    /// The scenario's `workload` and `users`, in one spelling; the whole text where it cannot be read.
    private static func demand(in context: ScenarioResult) -> String {
        let source = SettingSource(name: context.name, text: context.text)
        guard case .map(let entries) = try? ScenarioFile.tree(of: context.text, in: source, label: "it").content else {
            return context.text
        }
        return entries.filter { ["workload", "users"].contains($0.key) }
            .map { "\($0.key): \($0.value.yaml)" }.joined(separator: "\n")
    }
}
