import Primitives

/// The state of a HorizontalPodAutoscaler: what it wanted, recommended and changed of late.
struct HPAController: ReplicaController {
    private struct Recommendation: Sendable {
        var time: SimulatedTime
        var replicas: Int
    }

    private let policy: HPAPolicy
    private let bounds: ReplicaBounds
    private var feed: MetricFeed
    private var recommendations: [Recommendation] = []
    private var changes: [Recommendation] = []
    /// The scale's `spec.replicas`.
    private(set) var wanted: Int

    init(policy: HPAPolicy, bounds: ReplicaBounds, initial: Int) {
        self.policy = policy
        self.bounds = bounds
        feed = MetricFeed(delay: policy.metricsDelay, retention: policy.rateWindow, outages: policy.metricsOutages)
        wanted = initial
    }

    var period: SimulatedDuration { policy.syncPeriod }

    mutating func decide(_ signals: PoolSignals) -> Int {
        scrape(signals)
        return sync(at: signals.time, proposals: policy.metrics.map { proposal(of: $0, signals) })
    }

    mutating func scrape(_ signals: PoolSignals) { feed.scrape(signals) }

    /// Sets the scale from outside, as a person or another controller would; no limit counts it as a change.
    mutating func override(_ replicas: Int) { wanted = replicas }

    /// One sync from the metrics' proposals, of which the missing ones are nil.
    mutating func sync(at now: SimulatedTime, proposals: [Int?]) -> Int {
        if recommendations.isEmpty { recommendations.append(Recommendation(time: now, replicas: wanted)) }
        guard let largest = proposals.compactMap(\.self).max() else { return wanted }
        if largest < wanted, proposals.contains(nil) { return wanted }
        let calm = stabilised(largest, at: now)
        let next = limited(calm, at: now)
        if next != wanted { changes.append(Recommendation(time: now, replicas: next - wanted)) }
        wanted = next
        return next
    }

    // MARK: Metrics

    /// What one metric asks for by itself; nil where it is missing.
    func proposal(of metric: HPAMetric, _ signals: PoolSignals) -> Int? {
        guard let total = feed.total(of: metric.metric, window: policy.rateWindow, at: signals.time) else { return nil }
        switch metric.form {
        case .externalAverage where metric.metric != .lateShare:
            return averageProposal(total: total, target: metric.target)
        case .externalAverage, .externalValue:
            let mean = metric.metric.isMean && signals.ready > 0
            return valueProposal(
                total: mean ? total / Double(signals.ready) : total, target: metric.target, ready: signals.ready)
        case .pods: return podsProposal(total: total, target: metric.target, signals)
        }
    }

    func averageProposal(total: Double, target: Double) -> Int {
        // With no replicas the ratio is infinite or no number: outside the tolerance either way.
        policy.tolerates(total / (target * Double(wanted))) ? wanted : wholeReplicas(total / target)
    }

    private func valueProposal(total: Double, target: Double, ready: Int) -> Int {
        guard wanted > 0 else { return wholeReplicas(total / target) }
        return policy.tolerates(total / target) ? wanted : wholeReplicas(total / target * Double(ready))
    }

    /// The mean over ready replicas first; where others are assumed, again with them, and no change if that turns the
    /// direction, falls within the tolerance or contradicts it.
    private func podsProposal(total: Double, target: Double, _ signals: PoolSignals) -> Int? {
        guard signals.ready > 0 else { return nil }
        let ready = Double(signals.ready)
        let ratio = total / (target * ready)
        let others = max(signals.starting, wanted - signals.ready, 0)
        let assumed = others > 0 && (ratio > 1 || policy.startingReplicas == .missing)
        guard assumed else { return policy.tolerates(ratio) ? wanted : wholeReplicas(total / target) }
        let grown = ratio < 1 ? total + target * Double(others) : total
        let again = grown / (target * (ready + Double(others)))
        if policy.tolerates(again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1) { return wanted }
        let replicas = wholeReplicas(grown / target)
        return (again < 1 && replicas > wanted) || (again > 1 && replicas < wanted) ? wanted : replicas
    }

    // MARK: Behaviour

    /// The recommendation after the stabilisation windows; a recommendation exactly a window old has left it.
    private mutating func stabilised(_ desired: Int, at now: SimulatedTime) -> Int {
        var lowest = desired
        var highest = desired
        for past in recommendations {
            if past.time > now - policy.scaleUp.stabilization { lowest = min(lowest, past.replicas) }
            if past.time > now - policy.scaleDown.stabilization { highest = max(highest, past.replicas) }
        }
        let longest = max(policy.scaleUp.stabilization, policy.scaleDown.stabilization)
        recommendations.removeAll { $0.time <= now - longest }
        recommendations.append(Recommendation(time: now, replicas: desired))
        return min(max(wanted, lowest), highest)
    }

    /// The recommendation within the limits of its direction and the bounds.
    private mutating func limited(_ desired: Int, at now: SimulatedTime) -> Int {
        let longest = (policy.scaleUp.limits + policy.scaleDown.limits).map(\.period).max() ?? .zero
        changes.removeAll { $0.time <= now - longest }
        if desired > wanted { return min(desired, bounds.maximum, max(wanted, ceiling(at: now))) }
        if desired < wanted { return max(desired, bounds.minimum, min(wanted, floor(at: now))) }
        return bounds.clamp(desired)
    }

    /// The most replicas that growth may reach.
    private func ceiling(at now: SimulatedTime) -> Int {
        let proposals = policy.scaleUp.limits.map { limit in
            let start = replicas(limit.period, before: now)
            return limit.unit == .pods
                ? start + min(limit.value, Int(Int32.max))
                : wholeReplicas(Double(start) * (1 + Double(limit.value) / 100))
        }
        switch policy.scaleUp.select {
        case .max: return proposals.max() ?? .max
        case .min: return proposals.min() ?? .max
        case .disabled: return wanted
        }
    }

    /// The fewest replicas that shrinking may reach.
    private func floor(at now: SimulatedTime) -> Int {
        let proposals = policy.scaleDown.limits.map { limit in
            let start = replicas(limit.period, before: now)
            // In whole numbers: the controller truncates start × (1 − value %).
            return limit.unit == .pods
                ? start - min(limit.value, start) : start * (100 - min(limit.value, 100)) / 100
        }
        switch policy.scaleDown.select {
        case .max: return proposals.min() ?? 0
        case .min: return proposals.max() ?? 0
        case .disabled: return wanted
        }
    }

    /// The replica count `period` ago; a change exactly that old is before it.
    private func replicas(_ period: SimulatedDuration, before now: SimulatedTime) -> Int {
        changes.reduce(wanted) { $1.time > now - period ? $0 - $1.replicas : $0 }
    }
}
