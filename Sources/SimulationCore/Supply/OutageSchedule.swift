import Primitives

/// Stated outages, zone by zone of every pool: overlapping and touching ones are one.
struct OutageSchedule: Sendable {
    /// One zone of one pool goes down or comes back. All machines of the pool whose index leaves `zone` when divided by
    /// `zones` stand in it.
    struct Change: Sendable, Equatable {
        var time: Int64
        var pool: Int
        var zone: Int
        var zones: Int
        /// When the outage that begins ends (`.max`: never); `nil` where one has ended.
        var downUntil: Int64?

        /// Whether the pool's machine `place` is concerned.
        func concerns(_ place: Int) -> Bool { place % zones == zone }
    }

    /// By pool and zone: from (included) and until (excluded), ascending and apart.
    private let down: [[[Range<Int64>]]]
    private let changes: [Change]
    private var cursor = 0

    /// An outage takes the pools whose region it names, whole, and the zones that it names. One that ends no later than it
    /// begins does nothing; what began before the run is down from 0.
    init(_ outages: [Outage], pools: [PoolPlace]) {
        down = pools.map { place in
            (place.zones.isEmpty ? [nil] : place.zones.map(Optional.some)).map { zone in
                Self.merged(
                    outages.filter { outage in
                        outage.places.contains { $0 == place.region || $0 == zone }
                    })
            }
        }
        changes = Self.changes(down)
    }

    /// When the next zone goes down or comes back; `.max` = never.
    var nextTime: Int64 { cursor < changes.count ? changes[cursor].time : .max }

    /// The changes up to `now` that were not handed out before, by time, then pool, then zone.
    mutating func advance(to now: Int64) -> ArraySlice<Change> {
        let start = cursor
        while cursor < changes.count, changes[cursor].time <= now { cursor += 1 }
        return changes[start..<cursor]
    }

    /// When the outage that a machine stands in at `now` ends (`.max`: never); `nil` where it stands in none.
    func end(pool: Int, place: Int, at now: Int64) -> Int64? {
        let zones = down[pool]
        return zones[place % zones.count].first { $0.contains(now) }?.upperBound
    }

    private static func merged(_ outages: [Outage]) -> [Range<Int64>] {
        let spans = outages.filter { $0.from < $0.until && $0.until > .start }
            .map { max(0, $0.from.nanoseconds)..<$0.until.nanoseconds }
            .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        return spans.reduce(into: []) { merged, span in
            guard let last = merged.last, span.lowerBound <= last.upperBound else { return merged.append(span) }
            merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
        }
    }

    private static func changes(_ down: [[[Range<Int64>]]]) -> [Change] {
        var changes: [Change] = []
        for (pool, zones) in down.enumerated() {
            for (zone, spans) in zones.enumerated() {
                for span in spans {
                    var change = Change(
                        time: span.lowerBound, pool: pool, zone: zone, zones: zones.count, downUntil: span.upperBound)
                    changes.append(change)
                    guard span.upperBound < .max else { continue }
                    (change.time, change.downUntil) = (span.upperBound, nil)
                    changes.append(change)
                }
            }
        }
        return changes.sorted { ($0.time, $0.pool, $0.zone) < ($1.time, $1.pool, $1.zone) }
    }
}
