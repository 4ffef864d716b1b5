public import Pricing
public import Primitives
public import SimulationCore

/// What a run's service was worth and where its money and time went: the numbers of a run beyond the columns that every
/// run has. Enough, with those columns, to compare runs when their records are gone.
public struct RunAccount: Sendable, Equatable, Codable {
    /// Requests completed within all bounds of their class.
    public var good: UInt64
    /// Prompt tokens of completed requests.
    public var inputTokens: UInt64
    /// Output tokens of completed requests.
    public var outputTokens: UInt64
    /// Attempts after the first.
    public var retries: UInt64
    /// Times an autoscaler reversed its previous change.
    public var flaps: UInt64
    /// Time of replicas on their way up, serving or draining, in hours; `nil` where it was not measured.
    public var replicaHours: Double?
    /// Whether the run meets every objective; `nil` without an SLO.
    public var meetsSLO: Bool?
    /// Width of the bins behind ``timeBelowSLO`` and ``longestEpisode``.
    public var binWidth: SimulatedDuration
    /// Time in bins below the SLO, as ``ServiceTimeline`` has it; `nil` without an SLO.
    public var timeBelowSLO: SimulatedDuration?
    /// The longest time below the SLO, from its first bin until the service is back; `nil` where there was none.
    public var longestEpisode: ServiceTimeline.Episode?
    /// By request class.
    public var classes: [ClassCount]
    /// The bill by what the money was for; its total is the bill's.
    public var cost: CostSplit?
    /// The bill by what moves with prices; its total is the bill's.
    public var priced: PricedCost?
    /// The mean latency by where the time went.
    public var latency: LatencyParts?

    /// Requests of one class.
    public struct ClassCount: Sendable, Equatable, Codable {
        /// The class.
        public var name: String
        /// Requests that arrived.
        public var offered: UInt64
        /// Completed within all bounds.
        public var good: UInt64
        /// Good ÷ offered; `nil` where none was offered.
        public var attainment: Double? { offered > 0 ? Double(good) / Double(offered) : nil }
        /// Counts of a class.
        public init(name: String, offered: UInt64, good: UInt64) {
            self.name = name
            self.offered = offered
            self.good = good
        }
    }

    /// The account of a run.
    /// - Parameters:
    ///   - bill: divided as ``Bill/split``; `nil` = the division is not known.
    ///   - pools: terms of the run's pools; empty = what moves with prices is not known.
    ///   - objectives: the SLO; empty = none.
    public init(_ record: RunRecord, bill: Bill? = nil, pools: [PoolTerms] = [], objectives: [ServiceObjective] = []) {
        let timeline = ServiceTimeline(record, objectives: objectives)
        good = record.good
        inputTokens = record.inputTokens
        outputTokens = record.outputTokens
        retries = record.retries
        flaps = record.flaps
        replicaHours = Self.replicaHours(record.timeline)
        meetsSLO =
            objectives.isEmpty
            ? nil : objectives.allSatisfy { ObjectiveCheck($0, on: record, among: objectives).isMet }
        binWidth = record.timeline.width
        timeBelowSLO = timeline?.timeBelow
        longestEpisode = timeline?.longestEpisode
        classes = record.classes.map { ClassCount(name: $0.name, offered: $0.offered, good: $0.good) }
        cost = bill?.split
        priced = pools.isEmpty ? nil : bill.map { PricedCost($0.invoice, pools: pools) }
        latency = LatencyParts(record.split, completed: record.completed)
    }

    /// Machines that are only kept are not replicas.
    private static func replicaHours(_ timeline: Timeline) -> Double? {
        let time = timeline.bins.reduce(Int128(0)) {
            $0 + $1.provisioningTime + $1.loadingTime + $1.servingTime + $1.drainingTime
        }
        return time > 0 ? Double(time) / 3.6e12 : nil
    }
}
