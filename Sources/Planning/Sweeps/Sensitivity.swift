/// What an answer hangs on: each uncertain input lower and higher, one at a time, under the same seeds.
public struct Sensitivity: Sendable {
    /// One change of one input.
    public struct Bar: Sendable, Equatable {
        /// What was changed.
        public var axis: SweepAxis
        /// To what.
        public var value: String
        /// The figure with the change.
        public var changed: Estimate
        /// Its paired difference to the scenario as it is.
        public var difference: Estimate
        /// Whether the difference is beyond chance; `nil` = not enough evidence to say, as with one replication of a
        /// workload that chance decides.
        public var isBeyondChance: Bool? { difference.excludesZero }
    }

    /// One figure of one strategy: the scenario as it is, and the changes, the axis with the widest swing first.
    public struct Tornado: Sendable, Equatable {
        /// The strategy's name.
        public var strategy: String
        /// Name of the figure, as in `comparison.csv`.
        public var figure: String
        /// As the scenario is.
        public var base: Estimate
        /// Both (or all) changes of an axis stand together, in the order of its values.
        public var bars: [Bar]
    }

    /// By strategy, figures within it.
    public let tornados: [Tornado]

    /// Half-widths where the scenario gives none. Prices and traffic are guesses a year ahead; how long spot machines stay
    /// is known worse.
    static let defaultShares: [SweepFactor: Double] = [.prices: 0.2, .rate: 0.2, .lengths: 0.2, .availability: 0.5]
    /// Of step times, where no profile states an error.
    static let defaultStepTimeShare = 0.1

    /// The tornados of a one-at-a-time sweep; none for another design, or where the base point failed.
    public init(_ table: SweepTable) {
        guard table.sweep.design == .oneAtATime else {
            tornados = []
            return
        }
        let figures =
            [table.costFigure, table.latencyFigure] + ["slo_attainment", "availability"].map(SweepTable.figure)
        let base = table.candidates.filter { $0.point == 0 }
        tornados = base.flatMap { candidate in
            let others = table.candidates.filter { $0.point > 0 && $0.strategy == candidate.strategy }
            return figures.compactMap { Tornado(candidate, others, $0, in: table.sweep) }
        }
    }

    /// The axes of a sensitivity analysis of `scenario`, and what is said about them.
    /// - Parameter shares: half-widths; `nil` = ``defaultShares``, and the stated error of step times.
    static func axes(of scenario: Scenario, shares: [SweepFactor: Double]?) throws -> ([SweepAxis], [String]) {
        let resolved = try scenario.resolved()
        var notes: [String] = []
        var shares = shares ?? defaultShares
        if scenario.sweep?.sensitivity == nil {
            let error = resolved.largestStepTimeError
            shares[.stepTime] = min(0.9, max(0.01, ((error ?? defaultStepTimeShare) * 100).rounded(.up) / 100))
            if error == nil {
                notes.append("No pool's step times state an error; ± 10 % are tried.")
            } else {
                notes.append("Step times are varied by the largest stated error of a pool.")
            }
            if !resolved.hasMachinesToLose {
                shares[.availability] = nil
                notes.append("No pool's machines are taken away, so availability is not varied.")
            }
        } else if shares[.availability] != nil, !resolved.hasMachinesToLose {
            throw ScenarioError(
                .conflict, "`availability` has no effect: no pool's machines are taken away by a process",
                at: scenario.position)
        }
        let axes = shares.keys.sorted().map { factor in
            let share = DecimalNumber(digits: Int128(((shares[factor] ?? 0) * 10_000).rounded()), exponent: -4)
            return SweepAxis(
                path: factor.path,
                values: [-share.digits, share.digits].map { DecimalNumber(digits: 10_000 + $0, exponent: -4).plain })
        }
        return (axes, notes)
    }
}

extension Sensitivity.Tornado {
    /// `nil` where the strategy lacks the figure, or nothing else has it.
    fileprivate init?(
        _ base: SweepCandidate, _ others: [SweepCandidate], _ figure: ComparedFigure, in sweep: Sweep
    ) {
        guard let estimate = base.estimate(figure) else { return nil }
        let groups = sweep.axes.indices.map { axis in
            others.compactMap { Sensitivity.Bar($0, base, figure, axis, in: sweep) }
        }
        let swings = groups.map { bars in bars.map { abs($0.difference.mean) }.max() ?? 0 }
        let order = groups.indices.sorted { swings[$0] == swings[$1] ? $0 < $1 : swings[$0] > swings[$1] }
        self.init(strategy: base.strategy, figure: figure.name, base: estimate, bars: order.flatMap { groups[$0] })
    }
}

extension Sensitivity.Bar {
    /// `nil` where `candidate` is of another axis, lacks the figure, or has other replications than `base`.
    fileprivate init?(
        _ candidate: SweepCandidate, _ base: SweepCandidate, _ figure: ComparedFigure, _ axis: Int, in sweep: Sweep
    ) {
        guard let value = sweep.points[candidate.point].values[axis], candidate.runs.count == base.runs.count,
            let changed = candidate.estimate(figure),
            let difference = Estimate(
                ofAll: zip(candidate.runs, base.runs).map { run, other in
                    guard let mine = figure.value(run), let theirs = figure.value(other) else { return nil }
                    return mine - theirs
                })
        else { return nil }
        self.init(axis: sweep.axes[axis], value: value, changed: changed, difference: difference)
    }
}
