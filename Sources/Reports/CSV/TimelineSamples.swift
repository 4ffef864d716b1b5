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

    /// - Parameter pools: of the run's strategy, for the KV cache of fleets whose size changes.
    init(_ run: StrategyRun, pools: [PoolSummary] = []) {
        let timeline = run.record.timeline
        let width = max(1, timeline.width.nanoseconds)
        let fleet = FleetOverTime(run.record, pools: pools)
        let bins = timeline.bins
        for (index, bin) in bins.enumerated() {
            let start = Int64(index) * width
            let isLast = index == bins.count - 1
            let end = isLast ? max(start + 1, min(start + width, run.record.end.nanoseconds)) : start + width
            let nanoseconds = Double(end - start)
            let span = SimulatedTime(nanoseconds: start)..<SimulatedTime(nanoseconds: end)
            let blocks = fleet.blockTime(in: span)
            samples.append(
                TimelineSample(
                    index: index, bin: bin, start: span.lowerBound, end: span.upperBound,
                    arrivalRate: Double(bin.arrivals) / nanoseconds * 1e9,
                    completionRate: Double(bin.completions) / nanoseconds * 1e9,
                    running: Double(bin.runningTime) / nanoseconds, waiting: Double(bin.waitingTime) / nanoseconds,
                    kvUse: blocks > 0 ? min(1, Double(bin.kvBlockTime) / blocks) : nil,
                    instances: fleet.instances(in: span, busyTime: bin.busyTime),
                    costSoFar: isLast ? run.invoice.total : run.invoice.accrued(by: span.upperBound)))
        }
    }
}

/// What was rented when, and in which state.
///
/// The ledger holds totals per rental, not when each state was entered: provisioning and loading are laid at a rental's
/// start, draining at its end, stopped and paused before the draining; what remains is busy as the timeline measured
/// it, and idle otherwise.
struct FleetOverTime {
    private let pieces: [RentalPiece]
    /// By pool: all replicas' blocks, the number of replicas, and how it changes.
    private let poolBlocks: [Int: Int]
    private let replicas: [Int: Int]
    private let scaled: [Int: ScalingSummary]
    /// Instances that are busy while one replica is: the ledger counts instances, the timeline replicas.
    private let instancesPerReplica: Double
    /// Share of the draining time in which the timeline has the replica busy.
    private let drainingBusy: Double

    init(_ record: RunRecord, pools: [PoolSummary]) {
        pieces = record.ledger.rentals.flatMap(\.pieces)
        poolBlocks = record.replicas.reduce(into: [:]) { $0[$1.pool, default: 0] += $1.kvBlocks }
        replicas = record.replicas.reduce(into: [:]) { $0[$1.pool, default: 0] += 1 }
        scaled = pools.enumerated().reduce(into: [:]) { $0[$1.offset] = $1.element.scaling }
        let replicaTime = Double(record.timeline.bins.reduce(Int128(0)) { $0 + $1.busyTime })
        let busy = record.ledger.rentals.reduce(0.0) { $0 + Double($1[.busy].nanoseconds) }
        let draining = record.ledger.rentals.reduce(0.0) { $0 + Double($1[.draining].nanoseconds) }
        guard replicaTime > 0, busy > 0 else {
            (instancesPerReplica, drainingBusy) = (1, 0)
            return
        }
        // A draining replica still works. What the ledger's busy time lacks of a whole number of instances per
        // replica is work done while draining.
        let whole = max(1, (busy / replicaTime).rounded())
        drainingBusy = draining > 0 ? min(max((whole * replicaTime - busy) / draining, 0), 1) : 0
        instancesPerReplica = (busy + drainingBusy * draining) / replicaTime
    }

    /// Mean instances per state.
    func instances(in span: Range<SimulatedTime>, busyTime: Int128) -> [Double] {
        var nanoseconds = [Double](repeating: 0, count: InstanceState.allCases.count)
        for piece in pieces { nanoseconds[Int(piece.state.rawValue)] += piece.overlap(with: span) }
        let serving = nanoseconds[Int(InstanceState.idle.rawValue)]
        let whileDraining = drainingBusy * nanoseconds[Int(InstanceState.draining.rawValue)]
        let busy = min(serving, max(0, Double(busyTime) * instancesPerReplica - whileDraining))
        nanoseconds[Int(InstanceState.busy.rawValue)] = busy
        nanoseconds[Int(InstanceState.idle.rawValue)] = serving - busy
        let width = Double((span.upperBound - span.lowerBound).nanoseconds)
        return nanoseconds.map { $0 / width }
    }

    /// Block-nanoseconds of KV cache there were: in pools of changing size, of replicas that serve or drain.
    func blockTime(in span: Range<SimulatedTime>) -> Double {
        let width = Double((span.upperBound - span.lowerBound).nanoseconds)
        return poolBlocks.sorted { $0.key < $1.key }.reduce(0) { sum, pool in
            guard let scaling = scaled[pool.key], let replicas = replicas[pool.key], replicas > 0 else {
                return sum + Double(pool.value) * width
            }
            let present = pieces.reduce(0.0) {
                $1.pool == pool.key && ($1.state == .idle || $1.state == .draining) ? $0 + $1.overlap(with: span) : $0
            }
            return sum + present / Double(scaling.instancesPerReplica) * Double(pool.value) / Double(replicas)
        }
    }
}

/// A stretch of a rental in one state; serving time is marked `idle` until the busy share is known.
private struct RentalPiece {
    var pool: Int
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
            pieces.append(RentalPiece(pool: pool, state: state, start: time, end: time + duration.nanoseconds))
            time += duration.nanoseconds
        }
        return pieces
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
