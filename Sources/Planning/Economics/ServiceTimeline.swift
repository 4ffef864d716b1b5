public import Primitives
public import SimulationCore

/// Where along a run the service was below its SLO.
///
/// A bin of the timeline is *below* when, of the requests that ended in it (answered or failed), the share that was good
/// is under ``target``. A bin in which nothing ended while requests were waiting or running shares the fate of the next
/// bin in which something did: an outage in which nobody is answered is not a time of good service. A bin with no
/// requests at all is not below. Everything is as fine as the bins are wide, which is to be said beside the number.
public struct ServiceTimeline: Sendable, Equatable {
    /// Width of the bins, the last of which ends with the run.
    public let width: SimulatedDuration
    /// The share of requests that should be good: the smallest percentile of the SLO's objectives.
    public let target: Double
    /// By bin, from the run's start.
    public let isBelow: [Bool]
    /// The run's end.
    public let end: SimulatedTime

    /// A timeline as judged.
    public init(width: SimulatedDuration, target: Double, isBelow: [Bool], end: SimulatedTime) {
        self.width = width
        self.target = target
        self.isBelow = isBelow
        self.end = end
    }

    /// Judges the bins of a run; `nil` without an SLO.
    public init?(_ record: RunRecord, objectives: [ServiceObjective]) {
        guard let target = objectives.map(\.quantile).min() else { return nil }
        var isBelow = [Bool](repeating: false, count: record.timeline.bins.count)
        var next = false
        for (index, bin) in record.timeline.bins.enumerated().reversed() {
            let ended = bin.completions + bin.failures
            if ended > 0 {
                next = Double(bin.good) < target * Double(ended)
                isBelow[index] = next
            } else if bin.waitingTime > 0 || bin.runningTime > 0 {
                isBelow[index] = next
            }
        }
        self.init(width: record.timeline.width, target: target, isBelow: isBelow, end: record.end)
    }

    /// Where bin `index` begins.
    private func start(_ index: Int) -> SimulatedTime { .start + width * Int64(index) }

    /// Where bin `index` ends: with its width, or with the run.
    private func end(_ index: Int) -> SimulatedTime {
        let full = start(index + 1)
        return index == isBelow.count - 1 ? max(start(index), min(full, end)) : full
    }

    /// Time in bins below the SLO.
    public var timeBelow: SimulatedDuration {
        isBelow.indices.reduce(.zero) { isBelow[$1] ? $0 + (end($1) - start($1)) : $0 }
    }

    /// A time below the SLO, from the start of its first bin below until the service is back.
    public struct Episode: Sendable, Equatable, Codable {
        /// Start of the first bin below.
        public var start: SimulatedTime
        /// Start of the bins in which the service is back, or the run's end.
        public var end: SimulatedTime
        /// Whether the service was back before the run's end.
        public var recovered: Bool
        /// Time to recover.
        public var duration: SimulatedDuration { end - start }
        /// An episode from its parts.
        public init(start: SimulatedTime, end: SimulatedTime, recovered: Bool) {
            self.start = start
            self.end = end
            self.recovered = recovered
        }
    }

    /// Bins in a row at the target that count as being back.
    public static var hold: Int { 3 }

    /// Every time below the SLO. The service is back at the first of `hold` bins in a row that are not below, or of all
    /// that are left of the run where they are fewer and none of them is below; a shorter pause is part of the episode.
    public func episodes(hold: Int = Self.hold) -> [Episode] {
        var episodes: [Episode] = []
        var index = 0
        while let first = isBelow[index...].firstIndex(of: true) {
            let back = firstStanding(from: first, hold: hold)
            episodes.append(
                Episode(start: start(first), end: back.map(start) ?? max(end, start(first)), recovered: back != nil))
            guard let back else { break }
            index = back
        }
        return episodes
    }

    /// From `surge` (the end of a surge) until the service is back and stays, as in ``episodes(hold:)``; zero where it
    /// is not below then. `nil` where it is not back before the run's end.
    public func recovery(after surge: SimulatedTime, hold: Int = Self.hold) -> SimulatedDuration? {
        let first = Int(surge.nanoseconds / max(1, width.nanoseconds))
        guard first < isBelow.count else { return .zero }
        return firstStanding(from: first, hold: hold).map { max(.zero, start($0) - surge) }
    }

    /// The first bin, not before `index`, that begins `hold` bins at the target (or the rest of the run).
    private func firstStanding(from index: Int, hold: Int) -> Int? {
        (index..<isBelow.count).first { first in
            !isBelow[first..<min(first + max(1, hold), isBelow.count)].contains(true)
        }
    }

    /// The longest episode, the first of equals; `nil` where there is none.
    public var longestEpisode: Episode? {
        episodes().reduce(nil) { longest, episode in
            longest.map { $0.duration >= episode.duration ? $0 : episode } ?? episode
        }
    }
}
