import Primitives

@testable import SimulationCore

/// In nanoseconds.
let second: Int64 = 1_000_000_000
let hour: Int64 = 3_600 * second

/// Statistics of drawn values.
extension [Double] {
    var sampleMean: Double { reduce(0, +) / Double(count) }
    var sampleMedian: Double { sorted()[count / 2] }

    /// Share of the values above `bound`.
    func share(above bound: Double) -> Double { Double(filter { $0 > bound }.count) / Double(count) }
}

extension Double {
    /// How far it is from `expected`, relative to that.
    func error(to expected: Double) -> Double { abs(self / expected - 1) }
}

extension Acquisition {
    /// The lease, where there is one.
    var lease: Lease? {
        guard case .granted(let lease) = self else { return nil }
        return lease
    }

    var retryAt: Int64? {
        guard case .refused(let time) = self else { return nil }
        return time
    }
}
