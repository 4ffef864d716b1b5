import Planning
import Primitives
import SimulationCore

extension FleetChart.Sample {
    /// The bins of a run's timeline as mean replicas per state. A bin's serving time is busy or idle; what is busy beyond
    /// it is work of replicas that drain, and stays with those.
    static func all(of record: RunRecord) -> [Self] {
        let width = max(1, record.timeline.width.nanoseconds)
        let bins = record.timeline.bins
        return bins.enumerated().map { index, bin in
            let start = Int64(index) * width
            let isLast = index == bins.count - 1
            let end = isLast ? max(start + 1, min(start + width, record.end.nanoseconds)) : start + width
            let span = Double(end - start)
            let busy = min(bin.busyTime, bin.servingTime)
            let states = [
                busy, bin.servingTime - busy, bin.drainingTime, bin.loadingTime, bin.provisioningTime, bin.heldTime,
            ]
            return Self(
                start: Double(start) / 1e9, end: Double(end) / 1e9, arrivalRate: Double(bin.arrivals) / span * 1e9,
                replicas: states.map { Double(max(0, $0)) / span })
        }
    }
}

extension RunRecord {
    /// Whether the fleet was ever other than serving, or something befell it.
    var fleetChanges: Bool {
        !incidents.isEmpty || !starts.isEmpty
            || timeline.bins.contains {
                $0.provisioningTime + $0.loadingTime + $0.drainingTime + $0.heldTime > 0
            }
    }
}
