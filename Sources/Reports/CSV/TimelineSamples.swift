import Planning
import Pricing
import Primitives
import SimulationCore

/// A bin of a timeline as means and rates, with the fleet and the bill beside the load.
struct TimelineSample {
    var index: Int
    var bin: TimelineBin
    var start: SimulatedTime
    /// Exclusive; the last bin ends with the run, so a rate is never watered down by time that was not simulated.
    var end: SimulatedTime
    /// Requests per second.
    var arrivalRate: Double
    var completionRate: Double
    /// Mean requests in the bin.
    var running: Double
    var waiting: Double
    /// Share of all KV blocks held, `nil` where the fleet has none.
    var kvUse: Double?
    /// Mean instances per state, in the order of `InstanceState`.
    var instances: [Double]
    var costSoFar: Money
}

/// A run's timeline joined with its ledger and invoice.
struct TimelineSamples {
    private(set) var samples: [TimelineSample] = []

    init(_ run: StrategyRun) {
        let timeline = run.record.timeline
        let width = max(1, timeline.width.nanoseconds)
        let blocks = run.record.replicas.reduce(0) { $0 + $1.kvBlocks }
        let bins = timeline.bins
        for (index, bin) in bins.enumerated() {
            let start = Int64(index) * width
            let isLast = index == bins.count - 1
            let end = isLast ? max(start + 1, min(start + width, run.record.end.nanoseconds)) : start + width
            let nanoseconds = Double(end - start)
            let span = SimulatedTime(nanoseconds: start)..<SimulatedTime(nanoseconds: end)
            samples.append(
                TimelineSample(
                    index: index, bin: bin, start: span.lowerBound, end: span.upperBound,
                    arrivalRate: Double(bin.arrivals) / nanoseconds * 1e9,
                    completionRate: Double(bin.completions) / nanoseconds * 1e9,
                    running: Double(bin.runningTime) / nanoseconds, waiting: Double(bin.waitingTime) / nanoseconds,
                    kvUse: blocks > 0 ? Double(bin.kvBlockTime) / nanoseconds / Double(blocks) : nil,
                    instances: Self.instances(in: span, busyTime: bin.busyTime, run: run.record),
                    costSoFar: isLast ? run.invoice.total : run.invoice.accrued(by: span.upperBound)))
        }
    }

    /// Mean instances per state. The ledger holds totals per rental, not when each state was entered: provisioning and
    /// loading are laid at a rental's start, draining at its end, stopped and paused before the draining; what
    /// remains is busy as the timeline measured it, and idle otherwise.
    private static func instances(in span: Range<SimulatedTime>, busyTime: Int128, run: RunRecord) -> [Double] {
        var nanoseconds = [Double](repeating: 0, count: InstanceState.allCases.count)
        for rental in run.ledger.rentals {
            for piece in rental.pieces { nanoseconds[Int(piece.state.rawValue)] += piece.overlap(with: span) }
        }
        let serving = nanoseconds[Int(InstanceState.idle.rawValue)]
        let busy = min(serving, Double(busyTime) * run.instancesPerReplica)
        nanoseconds[Int(InstanceState.busy.rawValue)] = busy
        nanoseconds[Int(InstanceState.idle.rawValue)] = serving - busy
        let width = Double((span.upperBound - span.lowerBound).nanoseconds)
        return nanoseconds.map { $0 / width }
    }
}

/// A stretch of a rental in one state; serving time is marked `idle` until the busy share is known.
private struct RentalPiece {
    var state: InstanceState
    var start: Int64
    var end: Int64

    func overlap(with span: Range<SimulatedTime>) -> Double {
        Double(max(0, min(end, span.upperBound.nanoseconds) - max(start, span.lowerBound.nanoseconds)))
    }
}

extension Rental {
    fileprivate var pieces: [RentalPiece] {
        var pieces: [RentalPiece] = []
        var time = start.nanoseconds
        let serving = self[.busy] + self[.idle]
        let order: [(InstanceState, SimulatedDuration)] = [
            (.provisioning, self[.provisioning]), (.loading, self[.loading]), (.idle, serving),
            (.stopped, self[.stopped]), (.paused, self[.paused]), (.draining, self[.draining]),
        ]
        for (state, duration) in order where duration > .zero {
            pieces.append(RentalPiece(state: state, start: time, end: time + duration.nanoseconds))
            time += duration.nanoseconds
        }
        return pieces
    }
}

extension RunRecord {
    /// Instances that are busy while one replica is: the ledger counts instances, the timeline replicas.
    fileprivate var instancesPerReplica: Double {
        let replicaTime = timeline.bins.reduce(Int128(0)) { $0 + $1.busyTime }
        let instanceTime = ledger.rentals.reduce(Int128(0)) { $0 + Int128($1[.busy].nanoseconds) }
        return replicaTime > 0 && instanceTime > 0 ? Double(instanceTime) / Double(replicaTime) : 1
    }
}

extension Invoice {
    /// What the invoice comes to by `time`, each line spread evenly over its period.
    func accrued(by time: SimulatedTime) -> Money {
        lines.reduce(.zero) { sum, line in
            if time >= line.end { return sum + line.billedCost }
            guard time > line.start else { return sum }
            return sum
                + line.billedCost.scaled(
                    by: (time - line.start).nanoseconds, over: (line.end - line.start).nanoseconds)
        }
    }
}
