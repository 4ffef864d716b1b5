import Primitives

/// The samples a scaler has scraped, read through a delay.
///
/// At a moment `now` the samples no younger than `delay` can be seen. Memory grows with `delay + retention` over the
/// scrape period.
struct MetricFeed: Sendable {
    private let delay: SimulatedDuration
    private let retention: SimulatedDuration
    private let outages: [MetricsOutage]
    private var samples: [PoolSignals] = []

    /// `retention` is the longest window that will be asked for.
    init(delay: SimulatedDuration = .zero, retention: SimulatedDuration, outages: [MetricsOutage] = []) {
        self.delay = max(delay, .zero)
        self.retention = retention
        self.outages = outages
    }

    /// Remembers a sample, unless metrics cannot be read now, and forgets those that no window can reach.
    mutating func scrape(_ signals: PoolSignals) {
        if !outages.contains(where: { $0.covers(signals.time) }) { samples.append(signals) }
        let horizon = signals.time - delay - retention
        // One sample at or before the horizon stays: it is where a rate over the whole window starts.
        let reachable = samples.lastIndex { $0.time <= horizon } ?? 0
        samples.removeFirst(reachable)
    }

    /// The newest sample that can be seen; nil where there is none or the metrics of that moment could not be read.
    func newest(at now: SimulatedTime) -> PoolSignals? {
        let seen = now - delay
        if outages.contains(where: { $0.covers(seen) }) { return nil }
        return samples.last { $0.time <= seen }
    }

    /// The pool's total of `metric`: a gauge's newest value, a counter's rate or a share over `window`. Nil where it is missing.
    func total(of metric: ScalingMetric, window: SimulatedDuration, at now: SimulatedTime) -> Double? {
        guard let end = newest(at: now) else { return nil }
        let last = metric.counter(end)
        if last == nil, metric != .lateShare { return metric.gauge(end) }
        let opening = end.time - window
        let start = samples.last { $0.time <= opening } ?? samples[0]
        guard start.time < end.time else { return nil }
        guard let last else { return end.lateTotal(since: start) }
        guard let first = metric.counter(start) else { return nil }
        return Double(last - first) / (end.time - start.time).seconds
    }

    /// The mean of a gauge over the samples of the `window` that ends now (its start excluded), or a counter's rate
    /// (or a share) over it; a window that reaches before the first sample is as long as there are samples. Nil where missing.
    func average(of metric: ScalingMetric, over window: SimulatedDuration, at now: SimulatedTime) -> Double? {
        guard let end = newest(at: now) else { return nil }
        if metric.counter(end) != nil || metric == .lateShare {
            return total(of: metric, window: window, at: now)
        }
        let opening = now - delay - window
        var sum = 0.0
        var count = 0
        for sample in samples.reversed() where sample.time <= end.time {
            if sample.time <= opening { break }
            guard let value = metric.gauge(sample) else { continue }
            sum += value
            count += 1
        }
        return count > 0 ? sum / Double(count) : nil
    }
}
