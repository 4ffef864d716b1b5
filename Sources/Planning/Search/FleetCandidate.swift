import SimulationCore

/// A fleet of the plan with everything chosen.
struct FleetCandidate: Sendable {
    /// Unique among the plan's.
    var name: String
    /// As a scenario would write it.
    var node: SettingNode
    /// Index of its shape.
    var shape: Int
    /// Replicas by pool of the shape; of a scaled pool, the fewest.
    var counts: [Int]
    /// Whether no pool is scaled.
    var isSteady: Bool
}

/// Fleets that differ only in how many replicas they have.
struct FleetShape: Sendable {
    /// Indices of the plan's variants.
    var variants: [Int]
    var router: String
    /// Index of the autoscaler of the last pool; `nil` = all numbers are fixed.
    var scaler: Int?
}

extension PlanSettings {
    /// Every shape with fixed numbers: one pool, then pairs, then more; each with every router that makes a difference.
    ///
    /// Replicas of one pool are alike, so routing by speed is routing by load there. Pools that differ in what they cost
    /// alone are not mixed: the cheaper of them would do.
    func steadyShapes(among usable: [Int]) -> [FleetShape] {
        var shapes: [FleetShape] = []
        for size in 1...max(1, mix) {
            let fitting = routers.filter { size > 1 || $0 != .weightedBySpeed || routers == [.weightedBySpeed] }
            for chosen in Self.subsets(of: usable, size: size)
            where Set(chosen.map { variants[$0].serving }).count == size {
                shapes += fitting.map { FleetShape(variants: chosen, router: $0.rawValue) }
            }
        }
        return shapes
    }

    /// Subsets in lexical order.
    private static func subsets(of items: [Int], size: Int) -> [[Int]] {
        guard size > 0 else { return [[]] }
        return items.indices.flatMap { index in
            subsets(of: Array(items[(index + 1)...]), size: size - 1).map { [items[index]] + $0 }
        }
    }

    /// One scaled pool; and, where fleets may be mixed, one on a base of fixed replicas.
    func scaledShapes(among usable: [Int]) -> [FleetShape] {
        autoscalers.indices.flatMap { scaler in
            usable.flatMap { variant in
                let alone = FleetShape(variants: [variant], router: routers[0].rawValue, scaler: scaler)
                guard mix > 1 else { return [alone] }
                return [alone]
                    + usable.filter { $0 != variant }.map {
                        FleetShape(variants: [$0, variant], router: routers[0].rawValue, scaler: scaler)
                    }
            }
        }
    }

    /// The fleet of a shape with these numbers.
    func candidate(_ shape: FleetShape, index: Int, counts: [Int]) -> FleetCandidate {
        var words: [String] = []
        var pools: [SettingNode] = []
        for (place, variant) in shape.variants.enumerated() {
            let isScaled = shape.scaler != nil && place == shape.variants.count - 1
            let label = variants[variant].label
            if isScaled, let scaler = shape.scaler {
                words.append("\(counts[place])–\(replicas.upperBound) × \(label) by \(scalerLabel(scaler))")
                pools.append(
                    variants[variant].node(
                        from: counts[place], to: replicas.upperBound, scaler: autoscalers[scaler]))
            } else {
                words.append("\(counts[place]) × \(label)")
                pools.append(variants[variant].node(replicas: counts[place]))
            }
        }
        let name = words.joined(separator: " + ") + (routers.count > 1 ? ", \(shape.router)" : "")
        func entry(_ key: String, _ content: SettingNode.Content) -> SettingEntry {
            SettingEntry(
                key: key, keyPosition: position, value: SettingNode(content, at: position, label: "`\(key)`"))
        }
        let node = SettingNode(
            .map([
                entry("name", .scalar(name, quoted: true)), entry("pools", .list(pools)),
                entry("router", .scalar(shape.router, quoted: false)),
            ]), at: position, label: "the strategy")
        return FleetCandidate(name: name, node: node, shape: index, counts: counts, isSteady: shape.scaler == nil)
    }

    /// Kind and parameters, e.g. `hpa, metric outstanding, target 24`.
    private func scalerLabel(_ index: Int) -> String {
        guard case .map(let entries) = autoscalers[index].content else { return "autoscaler \(index + 1)" }
        return entries.map { entry in
            guard case .scalar(let text, _) = entry.value.content else { return entry.key }
            return entry.key == "kind" ? text : "\(entry.key) \(text)"
        }.joined(separator: ", ")
    }
}
