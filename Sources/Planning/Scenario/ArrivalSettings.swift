import Primitives
import Workloads

/// Decodes `arrivals`: the shape of the gaps (`process`), and the rate or how it changes.
enum ArrivalSettings {
    private static let processes = ["poisson", "gamma", "weibull", "constant"]
    private static let curves = ["rate", "steps", "linear", "diurnal", "spike", "ramp", "bursts"]

    static func decode(_ node: SettingNode) throws -> ArrivalProcess {
        let map = try SettingMap(node, keys: ["process", "cv", "shape", "period"] + curves)
        let process = try map["process"].map(Self.process) ?? "poisson"
        let gaps = try gaps(process, map)
        let (key, value) = try map.exactlyOne(of: curves)
        let rate = try curve(key, value, map)
        try map.finish(because: "with the process `\(process)` and `\(key)`")
        let arrivals = ArrivalProcess(gaps: gaps, rate: rate)
        try node.checked { try arrivals.validate() }
        return arrivals
    }

    private static func process(_ node: SettingNode) throws -> String {
        let name = try node.string()
        guard processes.contains(name) else {
            throw node.error(.unknownName, "`process` cannot be `\(name)`\(suggestion(for: name, among: processes))")
        }
        return name
    }

    private static func gaps(_ process: String, _ map: SettingMap) throws -> ArrivalProcess.Gaps {
        switch process {
        case "gamma": return .gamma(cv: try map.required("cv").number(in: 0.01...1_000))
        case "weibull":
            let (key, value) = try map.exactlyOne(of: ["cv", "shape"])
            return .weibull(
                shape: key == "cv"
                    ? Distribution.weibullShape(cv: try value.number(in: 0.01...1_000))
                    : try value.number(in: 0.05...200))
        case "constant": return .constant
        default: return .poisson
        }
    }

    private static func curve(_ key: String, _ node: SettingNode, _ map: SettingMap) throws -> RateCurve {
        switch key {
        case "rate": return .constant(try node.rate())
        case "steps": return .steps(try points(node), period: try map["period"]?.positiveDuration().seconds)
        case "linear": return .linear(try points(node), period: try map["period"]?.positiveDuration().seconds)
        case "diurnal": return try diurnal(node)
        case "spike": return try spike(node)
        case "ramp": return try ramp(node)
        default: return .bursts(try node.items().map(burst))
        }
    }

    private static func points(_ node: SettingNode) throws -> [RatePoint] {
        try node.items().map { item in
            let map = try SettingMap(item, keys: ["at", "rate"])
            return RatePoint(
                seconds: try map.required("at").duration().seconds, rate: try map.required("rate").rateOrZero())
        }
    }

    private static func burst(_ node: SettingNode) throws -> BurstState {
        let map = try SettingMap(node, keys: ["rate", "mean-stay"])
        return BurstState(
            rate: try map.required("rate").rateOrZero(),
            meanDwell: try map.required("mean-stay").positiveDuration().seconds)
    }

    private static func diurnal(_ node: SettingNode) throws -> RateCurve {
        let map = try SettingMap(node, keys: ["mean", "peak-to-trough", "period", "peak"])
        return .diurnal(
            mean: try map.required("mean").rate(), peakToTrough: try map.required("peak-to-trough").number(in: 1...1e6),
            period: try map["period"]?.positiveDuration().seconds ?? 86_400,
            peak: try map["peak"]?.duration().seconds ?? 50_400)
    }

    private static func spike(_ node: SettingNode) throws -> RateCurve {
        let map = try SettingMap(node, keys: ["base", "peak", "start", "duration"])
        return .spike(
            base: try map.required("base").rateOrZero(), peak: try map.required("peak").rate(),
            start: try map.required("start").duration().seconds,
            duration: try map.required("duration").positiveDuration().seconds)
    }

    private static func ramp(_ node: SettingNode) throws -> RateCurve {
        let map = try SettingMap(node, keys: ["from", "to", "duration"])
        return .ramp(
            from: try map.required("from").rateOrZero(), to: try map.required("to").rateOrZero(),
            duration: try map.required("duration").positiveDuration().seconds)
    }
}
