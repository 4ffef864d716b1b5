import Planning
import Primitives
import SimulationCore

/// What the starts of replicas took, stage by stage, folded; only where some replica was started.
enum StartsTable {
    /// Starts of one pool, on new machines or on kept ones.
    struct Group: Equatable {
        var pool: Int
        var cached: Bool
        /// Starts that served in the end.
        var served: [StartupStages]
        /// Starts that were given up.
        var abandoned: Int
    }

    static func markup(_ figures: [StrategyFigures]) -> Markup {
        guard figures.contains(where: { !groups(of: $0.runs.map(\.record)).isEmpty }) else { return "" }
        return #"""
            <details open><summary>How long starts took, stage by stage</summary>
            <div class="scroll"><table>
            <caption>Median, and below it the longest, over all replications. A start on a kept machine skips what is \#
            still there. Starts that were given up count in their column alone.</caption>
            <thead><tr><th scope="col">Strategy</th><th scope="col">Pool, machine</th>\#
            \#(heads.map { #"<th scope="col" class="n">\#($0)</th>"# as Markup })</tr></thead>
            \#(figures.map(body))</table></div>
            </details>
            """#
    }

    private static var stages: [(String, KeyPath<StartupStages, SimulatedDuration>)] {
        [
            ("Provision", \.provision), ("Image pull", \.imagePull), ("Weight load", \.weightLoad),
            ("Compile", \.compile), ("Warm-up", \.warmUp), ("In all", \.total),
        ]
    }
    private static var heads: [String] { ["Starts", "Given up"] + stages.map(\.0) }

    /// By pool, new machines first; in order of the pools.
    static func groups(of records: [RunRecord]) -> [Group] {
        let starts = records.flatMap(\.starts)
        let pools = Set(starts.map(\.pool)).sorted()
        return pools.flatMap { pool in
            [false, true].compactMap { cached in
                let own = starts.filter { $0.pool == pool && $0.cached == cached }
                guard !own.isEmpty else { return nil }
                let served = own.filter(\.succeeded).map(\.stages)
                return Group(pool: pool, cached: cached, served: served, abandoned: own.count - served.count)
            }
        }
    }

    private static func body(_ strategy: StrategyFigures) -> Markup {
        let groups = groups(of: strategy.runs.map(\.record))
        guard !groups.isEmpty else { return "" }
        let rows = groups.enumerated().map { index, group -> Markup in
            let head: Markup =
                index == 0 ? #"<th scope="rowgroup" rowspan="\#(groups.count)">\#(strategy.name)</th>"# : ""
            let names = strategy.result.pools.map(\.name)
            let name = names.indices.contains(group.pool) ? names[group.pool] : "pool \(group.pool)"
            return #"""
                <tr>\#(head)<th scope="row">\#(name)<small>\#(group.cached ? "kept machine" : "new machine")</small></th>\#
                \#(cells(group))</tr>
                """#
        }
        return "<tbody>\(rows)</tbody>\n"
    }

    private static func cells(_ group: Group) -> [Markup] {
        let counts = [group.served.count, group.abandoned].map { count in
            #"<td class="n">\#(Wording.count(UInt64(count)))</td>"# as Markup
        }
        return counts
            + stages.map { _, stage in
                guard let median = median(group, stage), let longest = group.served.map({ $0[keyPath: stage] }).max()
                else { return #"<td class="n">–</td>"# }
                return #"<td class="n">\#(text(median))<small>\#(text(longest))</small></td>"#
            }
    }

    /// By nearest rank ⌈n ÷ 2⌉.
    static func median(_ group: Group, _ stage: KeyPath<StartupStages, SimulatedDuration>) -> SimulatedDuration? {
        let sorted = group.served.map { $0[keyPath: stage] }.sorted()
        return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }

    private static func text(_ duration: SimulatedDuration) -> String {
        duration == .zero ? "0" : Wording.latency(milliseconds: Double(duration.nanoseconds) / 1e6)
    }
}
