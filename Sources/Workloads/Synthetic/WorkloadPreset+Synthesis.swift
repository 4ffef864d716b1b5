import Primitives

extension WorkloadPreset {
    /// Requests per second over the length of the trace.
    public var meanRate: Double {
        Double(statistics.requestsPerMinute.reduce(0, +)) / (Double(statistics.span) / 1e9)
    }

    /// The preset at a mean of `rate` requests per second (its own by default), limited to `requests` and repeated as
    /// often as that takes (once through by default).
    public func workload(requests: UInt64?, rate: Double?) -> Workload {
        // A fifth longer than the mean needs, and a minute: the limit is to end it, not the span.
        let base = requests.map { workload(lasting: SimulatedDuration(seconds: Double($0) / meanRate * 1.2 + 60)) }
        var transforms: [WorkloadTransform] = []
        if let rate { transforms.append(.rate(rate / meanRate)) }
        if let requests { transforms.append(.limitRequests(requests)) }
        return .transformed(.synthetic(base ?? workload), transforms)
    }
}
