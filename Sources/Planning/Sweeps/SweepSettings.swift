/// How the axes of a sweep are combined.
public enum SweepDesign: String, Sendable, CaseIterable {
    /// Every value with every other; the last axis changes fastest.
    case grid
    /// The first values together, then the second ones: a table of points.
    case list
    /// The scenario as it is, then one change at a time.
    case oneAtATime = "one-at-a-time"
}

/// The `sweep` block of a scenario, as decoded.
package struct SweepSettings: Sendable, Equatable {
    /// What varies; empty = only what the command line says.
    package var axes: [SweepAxis] = []
    package var design: SweepDesign?
    /// How far each factor goes to both sides in a sensitivity analysis; `nil` = not given.
    package var sensitivity: [SweepFactor: Double]?

    package init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["vary", "design", "sensitivity"])
        axes =
            try map["vary"]?.namedEntries().map { entry in
                try SweepAxis(path: entry.key, at: entry.keyPosition, entry.value)
            } ?? []
        if let design = map["design"] {
            self.design = try design.choice(of: SweepDesign.self)
            if axes.isEmpty { throw design.error(.conflict, "`design` has no effect without `vary`") }
        }
        sensitivity = try map["sensitivity"].map(Self.sensitivity)
        try map.finish()
        guard !axes.isEmpty || sensitivity != nil else {
            throw node.error(.missingKey, "\(node.label) needs `vary` or `sensitivity`")
        }
    }

    private static func sensitivity(_ node: SettingNode) throws -> [SweepFactor: Double] {
        let map = try SettingMap(node, keys: SweepFactor.allCases.map(\.rawValue))
        var shares: [SweepFactor: Double] = [:]
        for factor in SweepFactor.allCases {
            guard let value = map[factor.rawValue] else { continue }
            let share = try value.share()
            guard share > 0, share < 1 else {
                throw value.error(.outOfRange, "\(value.label) must be above 0 and below 100 %, not \(value.shown)")
            }
            shares[factor] = share
        }
        guard !shares.isEmpty else {
            throw node.error(
                .missingKey,
                "\(node.label) needs one of "
                    + SweepFactor.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))
        }
        try map.finish()
        return shares
    }
}
