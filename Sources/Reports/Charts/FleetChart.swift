/// The fleet of one run over time: the load in a strip above, the replicas stacked by state, and below them a lane of
/// marks for each kind of incident.
struct FleetChart {
    struct Sample {
        /// Seconds since the start.
        var start: Double
        var end: Double
        /// Requests per second.
        var arrivalRate: Double
        /// Mean replicas per state, in the order of ``states``.
        var replicas: [Double]

        var total: Double { replicas.reduce(0, +) }
    }

    /// States in stacking order from below, with their CSS classes.
    static let states: [(name: String, cssClass: String)] = [
        ("busy", "k-busy"), ("idle", "k-idle"), ("draining", "k-stop"), ("loading", "k-load"),
        ("provisioning", "k-prov"), ("held, stopped or paused", "k-other"),
    ]

    var title: String
    var samples: [Sample]
    var incidents: IncidentLanes
    /// Upper ends of the axes, the same for all strategies, so that they can be compared by eye.
    var rateLimit: Double
    var replicaLimit: Double
    /// States that any strategy's fleet is ever in.
    var shown: [Int]

    private static let (loadHeight, fleetHeight, laneHeight) = (58.0, 150.0, 15.0)
    private static let (top, gap, left) = (24.0, 32.0, 44.0)

    /// Room for a chart with so many lanes.
    static func height(lanes: Int) -> Double {
        top + loadHeight + gap + fleetHeight + (lanes > 0 ? Double(lanes) * laneHeight + 6 : 0) + 24
    }

    func svg(width: Double) -> Markup {
        let height = Self.height(lanes: incidents.lanes.count)
        let load = Box(x: Self.left, y: Self.top, width: width - Self.left - 14, height: Self.loadHeight)
        let fleet = Box(x: load.x, y: load.maxY + Self.gap, width: load.width, height: Self.fleetHeight)
        let lanes = Double(incidents.lanes.count) * Self.laneHeight + (incidents.lanes.isEmpty ? 0 : 6)
        let whole = Box(x: load.x, y: fleet.y, width: load.width, height: fleet.height + lanes)
        let end = max(samples.last?.end ?? 1, 1e-9)
        let time = Scale(kind: .linear, domain: 0...end, from: load.x, to: load.maxX)
        let ticks = Ticks.time(until: end, target: 6)
        let step = ticks.count > 1 ? ticks[1] : 1
        let frame = ChartFrame(width: width, height: height, plot: whole)
        return frame.svg(
            title: title, cssClass: "fleet",
            [
                loadStrip(load, frame, time), incidents.outages(time, fleet), fleetStrip(fleet, frame, time),
                frame.xAxis(time, title: "", ticks: ticks) { Ticks.timeLabel($0, step: step) },
                ChartFrame.walkable(
                    "\(title): values over time, arrow keys go along", hits(time, load.y, fleet.maxY)),
                incidents.markup(time, top: fleet.maxY + 4, laneHeight: Self.laneHeight, title: title),
            ])
    }

    private func loadStrip(_ box: Box, _ frame: ChartFrame, _ time: Scale) -> Markup {
        let y = Scale(kind: .linear, domain: 0...max(rateLimit * 1.05, 1e-9), from: box.maxY, to: box.y)
        let line = ChartFrame.line(steps(time) { y.position($0.arrivalRate) }, cssClass: "t-done")
        return axis(frame, box, y, "Requests per second", count: 2) + (samples.isEmpty ? "" : line)
    }

    private func fleetStrip(_ box: Box, _ frame: ChartFrame, _ time: Scale) -> Markup {
        let y = Scale(kind: .linear, domain: 0...max(replicaLimit * 1.05, 1e-9), from: box.maxY, to: box.y)
        return axis(frame, box, y, "Replicas", count: 4) + shown.map { area(of: $0, time, y) }.joined()
    }

    private func axis(_ frame: ChartFrame, _ box: Box, _ y: Scale, _ title: String, count: Int) -> Markup {
        var inner = frame
        inner.plot = box
        return inner.yAxis(y, title: title, ticks: y.ticks(target: count)) {
            Decimal.shortest(($0 * 1e6).rounded() / 1e6)
        }
    }

    /// The band of one state, between the sum of those below it and that with its own.
    private func area(of state: Int, _ time: Scale, _ y: Scale) -> Markup {
        guard samples.contains(where: { $0.replicas[state] > 0 }) else { return "" }
        func height(_ sample: Sample, through last: Int) -> Double {
            y.position(sample.replicas[..<last].reduce(0, +))
        }
        let upper = steps(time) { height($0, through: state + 1) }
        let lower = steps(time) { height($0, through: state) }.reversed()
        let path = (upper + lower).map { "\($0.x) \($0.y)" as Markup }.joined(separator: "L")
        return #"<path class="area \#(Self.states[state].cssClass)" d="M\#(path)Z"/>"#
    }

    /// Means hold for a whole bin, so outlines are drawn as steps; a step of the same height adds no point.
    private func steps(_ time: Scale, _ height: (Sample) -> Double) -> [(x: Double, y: Double)] {
        var points: [(x: Double, y: Double)] = []
        for sample in samples {
            let y = height(sample)
            if points.last?.y == y { points.removeLast() } else { points.append((time.position(sample.start), y)) }
            points.append((time.position(sample.end), y))
        }
        return points
    }

    private func hits(_ time: Scale, _ top: Double, _ bottom: Double) -> Markup {
        Self.thinned(samples, to: 36).map { sample in
            let (left, right) = (time.position(sample.start), time.position(sample.end))
            return ChartFrame.point(
                tip(sample),
                #"<rect class="hit" x="\#(left)" y="\#(top)" width="\#(right - left)" height="\#(bottom - top)"/>"#)
        }.joined()
    }

    private func tip(_ sample: Sample) -> String {
        let clock = RunClock(end: samples.last?.end ?? 0)
        let states = shown.filter { sample.replicas[$0] >= 0.005 }.map {
            "\(Self.states[$0].name) \(Decimal.significant(sample.replicas[$0], digits: 3))"
        }
        return
            ([
                "\(clock.text(sample.start)) – \(clock.text(sample.end))",
                "arriving \(Decimal.significant(sample.arrivalRate, digits: 3))/s",
                "replicas \(Decimal.significant(sample.total, digits: 3))",
            ] + states).joined(separator: "\n")
    }

    /// At most `count` samples, neighbours averaged by their durations.
    static func thinned(_ samples: [Sample], to count: Int) -> [Sample] {
        guard samples.count > count, count > 0 else { return samples }
        let size = (samples.count + count - 1) / count
        return stride(from: 0, to: samples.count, by: size).map { start in
            merged(samples[start..<min(start + size, samples.count)])
        }
    }

    private static func merged(_ part: ArraySlice<Sample>) -> Sample {
        let (start, end) = (part[part.startIndex].start, part[part.endIndex - 1].end)
        func mean(_ value: (Sample) -> Double) -> Double {
            part.reduce(0) { $0 + value($1) * ($1.end - $1.start) } / (end - start)
        }
        return Sample(
            start: start, end: end, arrivalRate: mean(\.arrivalRate),
            replicas: states.indices.map { state in mean { $0.replicas[state] } })
    }
}

/// A time of a run as a clock shows it: seconds with a tenth in runs of less than two minutes.
struct RunClock {
    /// The run's length in seconds.
    var end: Double

    func text(_ seconds: Double) -> String {
        if end < 120 { return Decimal.fixed(seconds, places: 1) + " s" }
        let total = Int(seconds.rounded())
        let minutes = total / 60 % 60
        return "\(total / 3_600):\(minutes < 10 ? "0" : "")\(minutes):\(total % 60 < 10 ? "0" : "")\(total % 60)"
    }
}
