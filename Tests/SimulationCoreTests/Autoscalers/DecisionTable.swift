import Primitives
import SimulationCore
import Testing

/// One hand-worked decision: what the scaler sees and what it must say.
struct Decision {
    var signals: PoolSignals
    var wanted: Int
    var line: Int

    /// A load of `load` requests (all of them outstanding) at `seconds`.
    init(
        _ seconds: Double, ready: Int = 1, starting: Int = 0, load: Int = 0, waiting: Int = 0, kv: Double = 0,
        arrived: UInt64 = 0, tokens: UInt64 = 0, wants wanted: Int, line: Int = #line
    ) {
        signals = PoolSignals(
            time: .start + SimulatedDuration(seconds: seconds), ready: ready, starting: starting, outstanding: load,
            waiting: waiting, kvUse: kv, arrived: arrived, tokens: tokens)
        self.wanted = wanted
        self.line = line
    }
}

/// Walks a scaler through a table; a difference is reported with the table's line.
func check(
    _ policy: AutoscalerPolicy, _ bounds: ClosedRange<Int> = 1...100, initial: Int = 1, _ table: [Decision],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    var scaler = Autoscaler(
        policy: policy, minimum: bounds.lowerBound, maximum: bounds.upperBound, initial: initial)
    for decision in table {
        let wanted = scaler.decide(decision.signals)
        #expect(
            wanted == decision.wanted, "line \(decision.line), at \(decision.signals.time.seconds) s",
            sourceLocation: sourceLocation)
    }
}
