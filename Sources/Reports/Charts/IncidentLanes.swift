import Primitives
import SimulationCore

/// What befell a fleet, one lane of marks per kind of incident; marks that would touch are one, and say how many it is.
struct IncidentLanes {
    struct Lane: Equatable {
        var kind: Kind
        /// Seconds since the start, and the replicas concerned; ascending.
        var events: [(seconds: Double, replicas: Int)]

        var replicas: Int { events.reduce(0) { $0 + $1.replicas } }

        static func == (a: Self, b: Self) -> Bool {
            a.kind == b.kind && a.events.elementsEqual(b.events, by: ==)
        }
    }

    /// Kinds as lanes show them: an outage and its end share one.
    enum Kind: Int, CaseIterable {
        case reclaimed, outbid, hostLeft, expired, failed, launchFailed, refused, resumed, outage

        init(_ kind: Incident.Kind) {
            self =
                switch kind {
                case .reclaimed: .reclaimed
                case .outbid: .outbid
                case .resumed: .resumed
                case .hostLeft: .hostLeft
                case .expired: .expired
                case .failed: .failed
                case .launchFailed: .launchFailed
                case .refused: .refused
                case .outage, .outageEnd: .outage
                }
        }

        /// In the legend.
        var name: String {
            switch self {
            case .reclaimed: "reclaimed by its provider"
            case .outbid: "outbid"
            case .hostLeft: "host left the market"
            case .expired: "longest rental over"
            case .failed: "machine failed"
            case .launchFailed: "start never came up"
            case .refused: "start refused"
            case .resumed: "resumed after a pause"
            case .outage: "outage of a place"
            }
        }

        /// Losses are red; what was merely not given, or came back, is not.
        var cssClass: String {
            switch self {
            case .refused, .launchFailed: "i-quiet"
            case .resumed: "i-back"
            default: "i-loss"
            }
        }

        /// A mark about (0, 0), some 9 pixels across; every kind has a shape of its own.
        var path: Markup {
            switch self {
            case .reclaimed: "M0 5L4.6-4H-4.6Z"
            case .outbid: "M0-5L4.6 0L0 5L-4.6 0Z"
            case .hostLeft: "M-4-4h8v8h-8Z"
            case .expired: "M0-5L4.6 4H-4.6Z"
            case .failed:
                "M-4.6-2.8L-2.8-4.6L0-1.8L2.8-4.6L4.6-2.8L1.8 0L4.6 2.8L2.8 4.6L0 1.8L-2.8 4.6L-4.6 2.8L-1.8 0Z"
            case .launchFailed: "M-4.8-1.5h9.6v3h-9.6Z"
            case .refused: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z"
            case .resumed: "M-3.6-4.6L4.6 0L-3.6 4.6Z"
            case .outage: "M-1.6-5h3.2v10h-3.2Z"
            }
        }
    }

    /// Lanes that have a mark, in the order of ``Kind``.
    private(set) var lanes: [Lane] = []
    /// Times of outages in seconds; one that lasts to the end has no end of its own.
    private(set) var outageSpans: [(start: Double, end: Double?)] = []
    /// The run's end in seconds.
    let end: Double

    init(_ incidents: [Incident], end: Double) {
        self.end = end
        for kind in Kind.allCases {
            let own = incidents.filter { $0.kind != .outageEnd && Kind($0.kind) == kind }
            guard !own.isEmpty else { continue }
            lanes.append(Lane(kind: kind, events: own.map { (Self.seconds($0), $0.replicas) }))
        }
        for incident in incidents {
            if incident.kind == .outage { outageSpans.append((Self.seconds(incident), nil)) }
            // Ends come in the order of their outages: the earliest that is still open is over.
            if incident.kind == .outageEnd, let open = outageSpans.firstIndex(where: { $0.end == nil }) {
                outageSpans[open].end = Self.seconds(incident)
            }
        }
    }

    private static func seconds(_ incident: Incident) -> Double { Double(incident.at.nanoseconds) / 1e9 }

    /// Bands behind the fleet while a place is out.
    func outages(_ time: Scale, _ plot: Box) -> Markup {
        outageSpans.map { span in
            let (left, right) = (time.position(span.start), time.position(span.end ?? end))
            return #"""
                <rect class="i-out" x="\#(left)" y="\#(plot.y)" width="\#(max(1, right - left))" height="\#(plot.height)"/>
                """# as Markup
        }.joined()
    }

    func markup(_ time: Scale, top: Double, laneHeight: Double, title: String) -> Markup {
        lanes.enumerated().map { index, lane in
            let y = top + (Double(index) + 0.5) * laneHeight
            let marks = clusters(lane, time).map { mark(lane.kind, $0, y) }
            return ChartFrame.walkable("\(title), \(lane.kind.name)", marks.joined())
        }.joined()
    }

    /// Events less than nine pixels from the first of their cluster.
    private func clusters(_ lane: Lane, _ time: Scale) -> [[(x: Double, seconds: Double, replicas: Int)]] {
        var clusters: [[(x: Double, seconds: Double, replicas: Int)]] = []
        for event in lane.events {
            let x = time.position(event.seconds)
            if let first = clusters.last?.first, x - first.x < 9 {
                clusters[clusters.count - 1].append((x, event.seconds, event.replicas))
            } else {
                clusters.append([(x, event.seconds, event.replicas)])
            }
        }
        return clusters
    }

    private func mark(_ kind: Kind, _ cluster: [(x: Double, seconds: Double, replicas: Int)], _ y: Double) -> Markup {
        let clock = RunClock(end: end)
        let (first, last) = (cluster[0], cluster[cluster.count - 1])
        let when =
            first.seconds == last.seconds
            ? clock.text(first.seconds) : "\(clock.text(first.seconds)) – \(clock.text(last.seconds))"
        let replicas = cluster.reduce(0) { $0 + $1.replicas }
        let times = cluster.count == 1 ? "" : "\(cluster.count) times, "
        let tip = "\(when)\n\(kind.name)\n\(times)\(replicas) replica\(replicas == 1 ? "" : "s")"
        return ChartFrame.point(tip, kind.mark(x: (first.x + last.x) / 2, y: y))
    }
}

extension IncidentLanes.Kind {
    func mark(x: Double, y: Double) -> Markup {
        #"<path class="mark \#(cssClass)" transform="translate(\#(x) \#(y))" d="\#(path)"/>"#
    }
}
