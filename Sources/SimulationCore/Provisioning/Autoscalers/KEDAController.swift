import Primitives

/// KEDA's own loop (0 ↔ 1, every polling interval) around its autoscaler's (1 ↔ N, every sync period). Where both are
/// due at once the autoscaler goes first: what the loop changes it sees at its next sync.
struct KEDAController: ReplicaController {
    private let policy: KEDAPolicy
    private let canIdle: Bool
    private let activeMinimum: Int
    private let metrics: [HPAMetric]
    private var hpa: HPAController
    private var feed: MetricFeed
    private var failures: [Int]
    private var sync = TickTimer()
    private var poll = TickTimer()
    private var started: SimulatedTime?
    private var lastActive: SimulatedTime?

    init(policy: KEDAPolicy, bounds: ReplicaBounds, initial: Int) {
        self.policy = policy
        canIdle = bounds.minimum == 0
        activeMinimum = min(max(policy.activeMinimum, bounds.minimum, 1), max(bounds.maximum, 1))
        metrics = policy.triggers.map { HPAMetric(metric: $0.metric, target: $0.target, form: $0.form) }
        let behaviour = HPAPolicy(
            metrics: metrics, scaleUp: policy.scaleUp, scaleDown: policy.scaleDown,
            scaleUpTolerance: policy.tolerance, scaleDownTolerance: policy.tolerance, syncPeriod: policy.syncPeriod,
            metricsDelay: policy.metricsDelay, rateWindow: policy.rateWindow, metricsOutages: policy.metricsOutages)
        hpa = HPAController(
            policy: behaviour, bounds: ReplicaBounds(minimum: activeMinimum, maximum: max(bounds.maximum, 1)),
            initial: initial)
        feed = MetricFeed(delay: policy.metricsDelay, retention: policy.rateWindow, outages: policy.metricsOutages)
        failures = policy.triggers.map { _ in 0 }
    }

    var period: SimulatedDuration { commonTick(policy.syncPeriod, policy.pollingInterval) }

    mutating func decide(_ signals: PoolSignals) -> Int {
        started = started ?? signals.time
        feed.scrape(signals)
        hpa.scrape(signals)
        if sync.isDue(at: signals.time, every: policy.syncPeriod), hpa.wanted > 0 {
            let proposals = metrics.indices.map { proposal(of: $0, signals) }
            _ = hpa.sync(at: signals.time, proposals: proposals)
        }
        if poll.isDue(at: signals.time, every: policy.pollingInterval) { check(signals) }
        return hpa.wanted
    }

    /// A trigger's proposal, its fallback's after too many failures, or nil.
    private mutating func proposal(of index: Int, _ signals: PoolSignals) -> Int? {
        if let proposal = hpa.proposal(of: metrics[index], signals) {
            failures[index] = 0
            return proposal
        }
        failures[index] += 1
        return fallback(of: index).map {
            hpa.averageProposal(total: metrics[index].target * Double($0), target: metrics[index].target)
        }
    }

    /// The replicas to fall back to, once the trigger has failed too often.
    private func fallback(of index: Int) -> Int? {
        guard let fallback = policy.fallback, metrics[index].form == .externalAverage,
            failures[index] > fallback.failureThreshold
        else { return nil }
        return fallback.replicas(current: hpa.wanted)
    }

    /// One look at whether any trigger is active. One that cannot be read does not count as idle: nothing goes to zero
    /// meanwhile, and at zero, where no autoscaler asks, its failures count here.
    private mutating func check(_ signals: PoolSignals) {
        let now = signals.time
        var active = false
        var failing = false
        for (index, trigger) in policy.triggers.enumerated() {
            guard let total = feed.total(of: trigger.metric, window: policy.rateWindow, at: now) else {
                failing = true
                if hpa.wanted == 0 { failures[index] += 1 }
                continue
            }
            if hpa.wanted == 0 { failures[index] = 0 }
            if total > trigger.activationThreshold { active = true }
        }
        if active {
            lastActive = now
            if hpa.wanted == 0 { hpa.override(activeMinimum) }
        } else if failing {
            if hpa.wanted == 0 { hpa.override(metrics.indices.compactMap { fallback(of: $0) }.max() ?? 0) }
        } else if canIdle, cooledDown(now) {
            hpa.override(0)
        }
    }

    private func cooledDown(_ now: SimulatedTime) -> Bool {
        if let lastActive { return lastActive + policy.cooldownPeriod < now }
        return (started ?? now) + policy.initialCooldownPeriod < now
    }
}
