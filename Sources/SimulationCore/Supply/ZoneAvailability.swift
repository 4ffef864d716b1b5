import Primitives

/// When one zone has capacity: runs of up and down in turn, generated in order of time.
///
/// Asked at times that never fall. Constant memory (a replayed trace apart).
struct ZoneAvailability: Sendable {
    private var regional: AlternatingRuns?
    private var local: AlternatingRuns?
    private var trace: ReplayedRuns?
    /// Whether there is capacity in the present run.
    private(set) var isUp = true
    /// When the present run ends; `.max` = never.
    private(set) var end = Int64.max

    /// Always up.
    init() {}

    /// A zone by its names; the runs of the region are the same for every zone of it, those of the zone for every
    /// pool in it that is given the same `key`.
    init(_ process: AvailabilityProcess, region: String, zone: String, key: RandomKey) {
        guard process.upMean > .zero else {
            isUp = false
            return
        }
        let parts = process.components
        let place = key.derived("availability").derived(stableHash(region.utf8))
        regional = parts.regional.map { AlternatingRuns(up: $0.up, down: $0.down, key: place.derived("region")) }
        local = parts.local.map {
            AlternatingRuns(up: $0.up, down: $0.down, key: place.derived("zone").derived(stableHash(zone.utf8)))
        }
        isUp = regional?.isUp ?? true && local?.isUp ?? true
        end = isUp ? firstEnd : firstMomentBothUp()
    }

    /// A recorded zone.
    init(_ trace: AvailabilityTrace) {
        let runs = ReplayedRuns(trace)
        (isUp, end) = (runs.isUp, runs.end)
        self.trace = runs
    }

    /// Goes on to the run that `now` falls into; a run includes its start, not its end.
    mutating func advance(to now: Int64) {
        while end <= now, end < .max { advance() }
    }

    /// The next run: a zone is down while its region is or it is itself.
    private mutating func advance() {
        if trace != nil {
            trace?.advance()
            (isUp, end) = (trace?.isUp ?? true, trace?.end ?? .max)
            return
        }
        isUp.toggle()
        guard isUp else {
            regional?.advance(to: end)
            local?.advance(to: end)
            end = firstMomentBothUp()
            return
        }
        end = firstEnd
    }

    private var firstEnd: Int64 { min(regional?.end ?? .max, local?.end ?? .max) }

    /// Goes on until neither is down, which is when the zone's down-run ends.
    private mutating func firstMomentBothUp() -> Int64 {
        var now: Int64 = 0
        while true {
            if let runs = regional, !runs.isUp {
                now = runs.end
            } else if let runs = local, !runs.isUp {
                now = runs.end
            } else {
                return now
            }
            guard now < .max else { return .max }
            regional?.advance(to: now)
            local?.advance(to: now)
        }
    }
}
