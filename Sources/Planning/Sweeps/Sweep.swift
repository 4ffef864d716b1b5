import Primitives

/// One combination of values.
public struct SweepPoint: Sendable, Equatable {
    /// By axis of the sweep; `nil` = as the scenario has it.
    public let values: [String?]
    /// Runs of each strategy.
    public let replications: Int
}

/// One replication of one point: what is carried out, stored and handed to a machine as a whole.
public struct SweepJob: Sendable, Equatable {
    /// From 0; points in order, replications within them.
    public let number: Int
    /// Index of its point.
    public let point: Int
    /// From 0.
    public let replication: Int
}

/// A scenario with values to vary, as a numbered list of jobs. Job n is a function of the sweep and n alone: whoever
/// carries it out, on whatever machine and in whatever order, finds the same.
public struct Sweep: Sendable {
    /// What a sweep is for; names its files.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Values of one's own.
        case sweep
        /// Inputs that are not known exactly, one at a time, lower and higher.
        case sensitivity
    }

    /// What a command line asks for.
    public struct Request: Sendable {
        /// Changes to the scenario at every point.
        public var overrides: ScenarioOverrides
        /// `key.path=a,b,c` each; in place of the scenario's axis of that path, else beside them.
        public var vary: [String]
        /// In place of the scenario's.
        public var design: SweepDesign?
        /// Vary the factors of a sensitivity analysis instead.
        public var isSensitivity: Bool

        /// No change unless said.
        public init(
            overrides: ScenarioOverrides = ScenarioOverrides(), vary: [String] = [], design: SweepDesign? = nil,
            isSensitivity: Bool = false
        ) {
            self.overrides = overrides
            self.vary = vary
            self.design = design
            self.isSensitivity = isSensitivity
        }
    }

    /// Grid or tornado.
    public let kind: Kind
    /// The scenario without any variation.
    public let scenario: Scenario
    /// What varies.
    public let axes: [SweepAxis]
    /// How the axes are combined.
    public let design: SweepDesign
    /// In order.
    public let points: [SweepPoint]
    /// In order of their numbers.
    public let jobs: [SweepJob]
    /// What the reader must know: factors that were left out, and why.
    public let notes: [String]
    let path: String
    let overrides: ScenarioOverrides
    let text: String

    /// The most jobs of a sweep.
    public static let mostJobs = 1_000_000

    /// Reads the scenario at `path` and decodes it at every point, so that a fault in the last costs no work.
    /// - Throws: ``ScenarioError``.
    public static func load(_ path: String, _ request: Request = Request()) throws -> Sweep {
        try Sweep(text: try ScenarioFile.read(path), path: path, request)
    }

    /// As ``load(_:_:)``, from the scenario's text.
    init(text: String, path: String, _ request: Request) throws {
        self.path = path
        self.text = text
        // Seeds and replications are settings like others, so that an axis of theirs comes after them.
        overrides = request.overrides.withSettingsOnly
        scenario = try Scenario(text: text, path: path, folder: FileLocation.folder(of: path), overrides: overrides)
        if let batches = scenario.evidence.batches {
            throw batches.error(.unsupported, "a sweep takes its intervals from replications: leave `batches` out")
        }
        let settings = scenario.sweep
        let wantsSensitivity = settings?.sensitivity != nil && settings?.axes.isEmpty == true && request.vary.isEmpty
        kind = request.isSensitivity || wantsSensitivity ? .sensitivity : .sweep
        switch kind {
        case .sweep:
            (axes, notes) = (try Self.axes(settings?.axes ?? [], request.vary, at: scenario), [])
            design = request.design ?? settings?.design ?? .grid
        case .sensitivity:
            (axes, notes) = try Sensitivity.axes(of: scenario, shares: settings?.sensitivity)
            design = .oneAtATime
        }
        try Self.check(axes, against: overrides.settings)
        let combinations = try Self.combinations(axes, design, at: scenario)
        points = try Self.points(combinations, axes, scenario, text, overrides)
        guard points.reduce(0, { $0 + $1.replications }) <= Self.mostJobs else {
            throw ScenarioError(.outOfRange, "a sweep has at most \(Self.mostJobs) jobs", at: scenario.position)
        }
        jobs = points.enumerated().flatMap { index, point in
            (0..<point.replications).map { (index, $0) }
        }.enumerated().map { SweepJob(number: $0, point: $1.0, replication: $1.1) }
    }

    /// The scenario at a point, resolved, under the point's factors.
    /// - Throws: as `Scenario.resolved()`.
    public func resolved(_ point: Int) throws -> ResolvedScenario {
        let values = points[point].values
        let scenario = try Self.scenario(values, axes, text, path, overrides)
        return try scenario.resolved().under(Self.factors(values, axes))
    }

    /// What makes two sweeps the same one: the scenario as read (comments aside), what varies and how, and the version.
    public var digest: UInt64 {
        let source = SettingSource(name: path, text: scenario.text)
        let tree = try? ScenarioFile.tree(of: scenario.text, in: source, label: "")
        let parts =
            [isocostVersion, tree?.yaml ?? scenario.text, design.rawValue, kind.rawValue]
            + axes.flatMap { [$0.path] + $0.values }
        return parts.reduce(UInt64(jobs.count)) { combineHashes($0, stableHash($1.utf8)) }
    }

    /// The factor of machine prices at a point.
    func prices(at point: Int) -> Double { Self.factors(points[point].values, axes)[.prices] ?? 1 }
}

extension Sweep {
    /// The scenario's axes with those of the command line.
    private static func axes(_ given: [SweepAxis], _ arguments: [String], at scenario: Scenario) throws -> [SweepAxis] {
        var axes = given
        for argument in arguments {
            let axis = try SweepAxis(argument: argument)
            if let index = axes.firstIndex(where: { $0.path == axis.path }) {
                axes[index] = axis
            } else {
                axes.append(axis)
            }
        }
        guard !axes.isEmpty else {
            throw ScenarioError(
                .missingKey, "there is nothing to vary: give a `sweep` block, or `--vary key.path=value,value`",
                at: scenario.position)
        }
        return axes
    }

    /// A setting that every value of an axis replaces would be accepted and ignored.
    private static func check(_ axes: [SweepAxis], against settings: [String]) throws {
        for setting in settings {
            guard let axis = axes.first(where: { setting.hasPrefix($0.path + "=") }) else { continue }
            throw ScenarioError(
                .conflict, "`\(axis.path)` is set, and varied as well",
                at: SettingPosition(source: SettingSource(name: "--set", text: setting), line: 1, column: 1))
        }
    }

    private static func combinations(
        _ axes: [SweepAxis], _ design: SweepDesign, at scenario: Scenario
    ) throws -> [[String?]] {
        func fault(_ message: String) -> ScenarioError { ScenarioError(.outOfRange, message, at: scenario.position) }
        switch design {
        case .grid:
            let count = axes.reduce(1.0) { $0 * Double($1.values.count) }
            guard count <= Double(mostJobs) else { throw fault("a sweep has at most \(mostJobs) points") }
            return axes.reduce([[]]) { points, axis in points.flatMap { point in axis.values.map { point + [$0] } } }
        case .list:
            let count = axes[0].values.count
            if let other = axes.first(where: { $0.values.count != count }) {
                throw fault(
                    "in a list every axis has as many values: `\(axes[0].path)` has \(count), `\(other.path)` has "
                        + "\(other.values.count)")
            }
            return (0..<count).map { index in axes.map { $0.values[index] } }
        case .oneAtATime:
            let base = [String?](repeating: nil, count: axes.count)
            return [base]
                + axes.indices.flatMap { index in
                    axes[index].values.map { value in
                        var point = base
                        point[index] = value
                        return point
                    }
                }
        }
    }

    private static func points(
        _ combinations: [[String?]], _ axes: [SweepAxis], _ base: Scenario, _ text: String,
        _ overrides: ScenarioOverrides
    ) throws -> [SweepPoint] {
        try combinations.map { values in
            let scenario = try scenario(values, axes, text, base.path, overrides)
            guard scenario.name == base.name else {
                throw ScenarioError(
                    .conflict, "`name` names the folder of the sweep, and cannot vary", at: base.position)
            }
            return SweepPoint(values: values, replications: scenario.replications ?? 1)
        }
    }

    /// The scenario with a point's values in their places.
    private static func scenario(
        _ values: [String?], _ axes: [SweepAxis], _ text: String, _ path: String, _ overrides: ScenarioOverrides
    ) throws -> Scenario {
        var overrides = overrides
        overrides.settings += zip(axes, values).compactMap { axis, value in
            axis.factor == nil ? value.map { "\(axis.path)=\($0)" } : nil
        }
        return try Scenario(text: text, path: path, folder: FileLocation.folder(of: path), overrides: overrides)
    }

    private static func factors(_ values: [String?], _ axes: [SweepAxis]) -> [SweepFactor: Double] {
        zip(axes, values).reduce(into: [:]) { factors, pair in
            guard let factor = pair.0.factor, let text = pair.1 else { return }
            factors[factor] = DecimalNumber(text)?.double
        }
    }
}

extension ScenarioOverrides {
    /// The same changes with seed and replications written as settings.
    fileprivate var withSettingsOnly: ScenarioOverrides {
        var plain = self
        plain.settings += (seed.map { ["seed=\($0)"] } ?? [])
        plain.settings += (replications.map { ["compare.replications=\($0)"] } ?? [])
        (plain.seed, plain.replications) = (nil, nil)
        return plain
    }
}
