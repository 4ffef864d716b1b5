package import Primitives
package import Workloads

/// Where requests come from, and how they are changed on the way.
package struct WorkloadSettings: Sendable {
    package indirect enum Source: Sendable {
        case trace(TraceSettings)
        case preset(Located<String>)
        case synthetic(SyntheticSettings)
        case mix([MixedSource])
    }

    package var position: SettingPosition
    package var source: Source
    package var scale: ScaleSettings

    static let sources = ["trace", "synthetic", "preset", "mix"]

    /// Decodes `workload`: a mapping with one source, or a list of sources to be mixed.
    package init(_ node: SettingNode) throws {
        position = node.position
        if case .list = node.content {
            source = .mix(try MixedSource.decode(node))
            scale = ScaleSettings()
            return
        }
        let map = try SettingMap(node, keys: Self.sources + ["scale"])
        source = try Self.source(in: map)
        scale = try map["scale"].map { try ScaleSettings($0) } ?? ScaleSettings()
        try map.finish()
    }

    fileprivate static func source(in map: SettingMap) throws -> Source {
        let (key, value) = try map.exactlyOne(of: sources)
        switch key {
        case "trace": return .trace(try TraceSettings(value))
        case "preset": return .preset(try value.name())
        case "synthetic": return .synthetic(try SyntheticSettings(value))
        default: return .mix(try MixedSource.decode(value))
        }
    }
}

/// One source of a mix, with its own scale and, if wanted, a class of its own.
package struct MixedSource: Sendable {
    package var settings: WorkloadSettings
    /// Puts all requests of the source into this class.
    package var requestClass: String?

    static func decode(_ node: SettingNode) throws -> [MixedSource] {
        try node.items().map { item in
            let map = try SettingMap(item, keys: WorkloadSettings.sources + ["scale", "class"])
            let source = try WorkloadSettings.source(in: map)
            let scale = try map["scale"].map { try ScaleSettings($0) } ?? ScaleSettings()
            let mixed = MixedSource(
                settings: WorkloadSettings(position: item.position, source: source, scale: scale),
                requestClass: try map["class"]?.string())
            try map.finish()
            return mixed
        }
    }
}

extension WorkloadSettings {
    fileprivate init(position: SettingPosition, source: Source, scale: ScaleSettings) {
        self.position = position
        self.source = source
        self.scale = scale
    }
}

/// A trace file or folder.
package struct TraceSettings: Sendable {
    package var path: Located<String>
    package var format: TraceFormat?
    package var origin: TraceOrigin?
    package var hashBlock: Int?
    package var zeroOutput: ZeroOutputPolicy?
    package var columns: TraceColumns?

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["path", "format", "origin", "hash-block", "zero-output", "columns"])
        path = try map.required("path").name()
        format = try map["format"]?.choice(of: TraceFormat.self)
        origin = try map["origin"]?.choice(of: TraceOrigin.self)
        zeroOutput = try map["zero-output"]?.choice(of: ZeroOutputPolicy.self)
        if format == nil || format == .mooncake { hashBlock = try map["hash-block"]?.integer(in: 1...1 << 20) }
        if format == nil || format == .csv { columns = try map["columns"].map(Self.columns) }
        if format == .csv, columns == nil {
            throw node.error(.missingKey, "the format `csv` needs `columns` (arrival, input, output)")
        }
        try map.finish(because: "with the format `\(format?.rawValue ?? "")`")
    }

    private static func columns(_ node: SettingNode) throws -> TraceColumns {
        let map = try SettingMap(
            node,
            keys: ["arrival", "arrival-unit", "input", "output", "class", "region", "priority", "session", "images"])
        let columns = TraceColumns(
            arrival: try map.required("arrival").string(),
            arrivalUnit: try map["arrival-unit"]?.choice(of: ArrivalUnit.self) ?? .seconds,
            input: try map.required("input").string(), output: try map.required("output").string(),
            requestClass: try map["class"]?.string(), region: try map["region"]?.string(),
            priority: try map["priority"]?.string(), session: try map["session"]?.string(),
            images: try map["images"]?.string())
        try map.finish()
        return columns
    }
}

/// Changes to a stream of requests, applied in this order: cut (`from`, `to`), time, rate, `limit`, `requests`.
package struct ScaleSettings: Sendable {
    /// Factor on the arrival rate: every request stays, closer together or further apart.
    package var rate: Double?
    /// Factor on all times: 2 makes an hour of the trace last two.
    package var time: Double?
    /// The first moment of the trace that is kept.
    package var from: SimulatedDuration?
    /// The first moment that is not.
    package var to: SimulatedDuration?
    /// New arrivals, with lengths drawn from the requests that are left.
    package var resample: WorkloadTransform.Resampling?
    /// Longest time replayed, after scaling.
    package var limit: SimulatedDuration?
    /// Most requests replayed.
    package var requests: Int?

    package init() {}

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["rate", "time", "limit", "from", "to", "resample", "requests"])
        rate = try map["rate"]?.positiveNumber()
        time = try map["time"]?.positiveNumber()
        from = try map["from"]?.duration()
        to = try map["to"]?.positiveDuration()
        limit = try map["limit"]?.positiveDuration()
        requests = try map["requests"]?.integer(in: 1...Int.max)
        resample = try map["resample"].map(Self.resampling)
        if let from, let to, to <= from, let node = map["to"] {
            throw node.error(.conflict, "`to` must be later than `from`")
        }
        try map.finish()
    }

    private static func resampling(_ node: SettingNode) throws -> WorkloadTransform.Resampling {
        let map = try SettingMap(node, keys: ["arrivals", "duration", "requests"])
        let resampling = WorkloadTransform.Resampling(
            arrivals: try ArrivalSettings.decode(try map.required("arrivals")),
            duration: try map["duration"]?.positiveDuration(),
            limit: (try map["requests"]?.integer(in: 1...Int.max)).map(UInt64.init))
        try map.finish()
        try node.checked { try WorkloadTransform.resample(resampling).validate() }
        return resampling
    }
}
