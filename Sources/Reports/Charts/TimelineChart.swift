/// Load against capacity of one run: arrivals and completions, requests running and waiting, KV cache and machines
/// in use, in three strips over one time axis; a fourth shows the fleet where its size changes.
struct TimelineChart {
    struct Sample {
        /// Seconds since the start.
        var start: Double
        var end: Double
        var arrivalRate: Double
        var completionRate: Double
        var running: Double
        var waiting: Double
        /// Shares, `nil` where there is no such thing.
        var kvUse: Double?
        var busy: Double?
        /// Instances that serve, and all that are rented.
        var ready = 0.0
        var rented = 0.0
    }

    var title: String
    var samples: [Sample]
    /// Upper end of the rate axis, the same for all strategies, so that they can be compared by eye.
    var rateLimit: Double
    /// Upper end of the axis of instances, for all strategies; `nil` = no such strip, no fleet changes its size.
    var instanceLimit: Double?

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
        func mean(_ value: (Sample) -> Double?) -> Double? {
            let weighted = part.compactMap { sample in value(sample).map { $0 * (sample.end - sample.start) } }
            return weighted.isEmpty ? nil : weighted.reduce(0, +) / (end - start)
        }
        return Sample(
            start: start, end: end, arrivalRate: mean(\.arrivalRate) ?? 0, completionRate: mean(\.completionRate) ?? 0,
            running: mean(\.running) ?? 0, waiting: mean(\.waiting) ?? 0, kvUse: mean(\.kvUse), busy: mean(\.busy),
            ready: mean(\.ready) ?? 0, rented: mean(\.rented) ?? 0)
    }

    func svg(width: Double, height: Double) -> Markup {
        let end = max(samples.last?.end ?? 1, 1e-9)
        let strips = instanceLimit == nil ? 3 : 4
        let stripHeight = (height - 24 - Double(strips) * 30) / Double(strips)
        let boxes = (0..<strips).map {
            Box(x: 44, y: 24 + Double($0) * (stripHeight + 30), width: width - 58, height: stripHeight)
        }
        let time = Scale(kind: .linear, domain: 0...end, from: boxes[0].x, to: boxes[0].maxX)
        let ticks = Ticks.time(until: end, target: 6)
        let step = ticks.count > 1 ? ticks[1] : 1
        let frames = boxes.map { ChartFrame(width: width, height: height, plot: $0) }
        let last = frames[strips - 1]
        return frames[0].svg(
            title: title, cssClass: "timeline",
            [
                rates(frames[0], time), requests(frames[1], time), use(frames[2], time),
                instanceLimit.map { instances(last, time, limit: $0) } ?? "",
                last.xAxis(time, title: "", ticks: ticks) { Ticks.timeLabel($0, step: step) },
                ChartFrame.walkable(
                    "\(title): values over time, arrow keys go along", hits(time, boxes[0].y, boxes[strips - 1].maxY)),
            ])
    }

    /// Rented instances as an area, those ready to serve as a line: the gap is starting, loading or draining.
    private func instances(_ frame: ChartFrame, _ time: Scale, limit: Double) -> Markup {
        let y = vertical(frame, to: limit)
        return axis(frame, y, "Instances")
            + area(time, y, \.rented, cssClass: "t-rent") + line(time, y, \.ready, cssClass: "t-ready")
    }

    private func rates(_ frame: ChartFrame, _ time: Scale) -> Markup {
        let y = vertical(frame, to: rateLimit)
        return axis(frame, y, "Requests per second")
            + area(time, y, \.arrivalRate, cssClass: "t-arrive") + line(time, y, \.completionRate, cssClass: "t-done")
    }

    private func requests(_ frame: ChartFrame, _ time: Scale) -> Markup {
        let y = vertical(frame, to: samples.map { max($0.running, $0.waiting) }.max() ?? 1)
        return axis(frame, y, "Requests in the fleet")
            + area(time, y, \.waiting, cssClass: "t-wait") + line(time, y, \.running, cssClass: "t-run")
    }

    private func use(_ frame: ChartFrame, _ time: Scale) -> Markup {
        let y = Scale(kind: .linear, domain: 0...1, from: frame.plot.maxY, to: frame.plot.y)
        let axis = frame.yAxis(y, title: "Share in use", ticks: [0, 0.5, 1]) {
            Decimal.fixed($0 * 100, places: 0) + " %"
        }
        return axis + area(time, y, { $0.kvUse ?? 0 }, cssClass: "t-kv")
            + line(time, y, { $0.busy ?? 0 }, cssClass: "t-busy", dash: "4 2")
    }

    private func vertical(_ frame: ChartFrame, to limit: Double) -> Scale {
        Scale(kind: .linear, domain: 0...max(limit * 1.05, 1e-9), from: frame.plot.maxY, to: frame.plot.y)
    }

    private func axis(_ frame: ChartFrame, _ y: Scale, _ title: String) -> Markup {
        frame.yAxis(y, title: title, ticks: y.ticks(target: 3)) { value in
            value >= 10_000
                ? Decimal.shortest(value / 1_000) + "k" : Decimal.shortest((value * 1e6).rounded() / 1e6)
        }
    }

    /// Means hold for a whole bin, so lines are drawn as steps.
    private func steps(_ time: Scale, _ y: Scale, _ value: (Sample) -> Double) -> [(x: Double, y: Double)] {
        samples.flatMap { sample in
            let height = y.position(value(sample))
            return [(x: time.position(sample.start), y: height), (x: time.position(sample.end), y: height)]
        }
    }

    private func line(
        _ time: Scale, _ y: Scale, _ value: (Sample) -> Double, cssClass: String, dash: String = ""
    ) -> Markup {
        samples.isEmpty ? "" : ChartFrame.line(steps(time, y, value), cssClass: cssClass, dash: dash)
    }

    private func area(_ time: Scale, _ y: Scale, _ value: (Sample) -> Double, cssClass: String) -> Markup {
        let outline = steps(time, y, value)
        guard let first = outline.first, let last = outline.last else { return "" }
        let path = outline.map { "\($0.x) \($0.y)" as Markup }.joined(separator: "L")
        return #"<path class="area \#(cssClass)" d="M\#(first.x) \#(y.from)L\#(path)L\#(last.x) \#(y.from)Z"/>"#
    }

    /// Columns over all strips that show every value of their time.
    private func hits(_ time: Scale, _ top: Double, _ bottom: Double) -> Markup {
        Self.thinned(samples, to: 36).map { sample in
            let (left, right) = (time.position(sample.start), time.position(sample.end))
            return ChartFrame.point(
                tip(sample),
                #"<rect class="hit" x="\#(left)" y="\#(top)" width="\#(right - left)" height="\#(bottom - top)"/>"#)
        }.joined()
    }

    private func tip(_ sample: Sample) -> String {
        let span = "\(clock(sample.start)) – \(clock(sample.end))"
        let shares = [("KV cache", sample.kvUse), ("busy", sample.busy)].compactMap { name, share in
            share.map { "\(name) \(Decimal.fixed($0 * 100, places: 0)) %" }
        }
        let fleet =
            instanceLimit == nil
            ? []
            : [
                "ready \(Decimal.significant(sample.ready, digits: 3)) of "
                    + "\(Decimal.significant(sample.rented, digits: 3)) rented"
            ]
        return
            ([
                span, "arriving \(Decimal.significant(sample.arrivalRate, digits: 3))/s",
                "finished \(Decimal.significant(sample.completionRate, digits: 3))/s",
                "running \(Decimal.significant(sample.running, digits: 3))",
                "waiting \(Decimal.significant(sample.waiting, digits: 3))",
            ] + shares + fleet).joined(separator: "\n")
    }

    private func clock(_ seconds: Double) -> String {
        if (samples.last?.end ?? 0) < 120 { return Decimal.fixed(seconds, places: 1) + " s" }
        let total = Int(seconds.rounded())
        let minutes = total / 60 % 60
        return "\(total / 3_600):\(minutes < 10 ? "0" : "")\(minutes):\(total % 60 < 10 ? "0" : "")\(total % 60)"
    }
}
