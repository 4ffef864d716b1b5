import PerformanceModel
import Pricing
import Primitives
import SimulationCore

extension Scenario {
    private static let keys = [
        "version", "name", "description", "seed", "workload", "model", "precision", "kv-precision", "tensor-parallel",
        "pipeline-parallel", "slo", "classes", "engine", "prices", "users", "regions", "rtt", "clients", "outages",
        "strategies", "compare", "plan", "sweep",
    ]

    /// Decodes a scenario's tree.
    /// - Parameters:
    ///   - text: what ``text`` is to say.
    ///   - folder: what relative paths are resolved against.
    package init(_ root: SettingNode, text: String, folder: String) throws {
        guard !root.isEmpty else { throw root.error(.missingKey, "the scenario is empty") }
        let map = try SettingMap(root, keys: Self.keys)
        try Self.checkVersion(try map.required("version"))
        name = try Self.folderName(try map.required("name"))
        description = try map["description"]?.string()
        seed = try map["seed"]?.seed() ?? 1
        workload = try WorkloadSettings(try map.required("workload"))
        model = try map.required("model").name()
        serving = try ServingSettings(map)
        classes = try map["classes"].map(ClassSettings.decode) ?? []
        objectives = try ObjectiveSettings.decode(map["slo"]) + classes.flatMap(\.objectives)
        prices = try map["prices"].map(PriceSettings.decode) ?? []
        users = try map["users"].map(UserSettings.decode) ?? []
        regions = try map["regions"].map(RegionSettings.decode) ?? []
        roundTrips = try map["rtt"].map { try RoundTripSettings($0) }
        clients = try map["clients"].map { try ClientSettings($0) }
        outages = try map["outages"].map(OutageSettings.decode) ?? []
        plan = try map["plan"].map { try PlanSettings($0, in: folder) }
        let given = plan == nil ? try map.required("strategies") : map["strategies"]
        strategies = try given.map { try StrategySettings.decode($0, in: folder) } ?? []
        for strategy in strategies { try strategy.checkScaling(mayFail: !outages.isEmpty) }
        // What is inherited must go with what is said.
        for scope in [clients] + strategies.map(\.clients) {
            let wide = try scope?.over(clients)
            for settings in classes { _ = try settings.clients?.over(wide) }
        }
        (baseline, replications, evidence) = try Self.comparison(map["compare"], strategies: strategies)
        sweep = try map["sweep"].map { try SweepSettings($0) }
        self.text = text
        self.folder = folder
        path = root.position.source.name
        position = root.position
        tree = root
        try map.finish()
    }

    private static func checkVersion(_ node: SettingNode) throws {
        guard try node.integer(in: 0...Int.max) == 1 else {
            throw node.error(.unsupported, "this version reads scenarios of version 1, not \(node.shown)")
        }
    }

    private static func folderName(_ node: SettingNode) throws -> String {
        let name = try node.string()
        let isForbidden = name.unicodeScalars.contains { "/\\".unicodeScalars.contains($0) || $0.value < 0x20 }
        guard !isForbidden, !name.hasPrefix("."), name.utf8.count <= 120 else {
            throw node.error(
                .outOfRange, "`name` names a folder: no slashes, no leading dot, at most 120 bytes; not \(node.shown)")
        }
        return name
    }

    private static func comparison(
        _ node: SettingNode?, strategies: [StrategySettings]
    ) throws -> (Located<String>?, Int?, EvidenceSettings) {
        guard let node else { return (nil, nil, EvidenceSettings()) }
        let map = try SettingMap(node, keys: ["baseline", "replications", "warmup", "batches", "model-error"])
        let baseline = try map["baseline"]?.name()
        let names = strategies.map(\.name.value)
        if let baseline, !names.contains(baseline.value) {
            throw baseline.error(
                .unknownName, "there is no strategy `\(baseline.value)`\(suggestion(for: baseline.value, among: names))"
            )
        }
        let replications = try map["replications"]?.integer(in: 1...1_000)
        let evidence = try EvidenceSettings(map, replications: replications)
        try map.finish()
        return (baseline, replications, evidence)
    }
}

extension ServingSettings {
    /// Reads the serving keys of a mapping that declares them all.
    init(_ map: SettingMap) throws {
        precision = try map["precision"]?.name()
        kvPrecision = try map["kv-precision"]?.choice(of: NumberFormat.self)
        tensorParallel = try map["tensor-parallel"]?.integer(in: 1...1_024)
        pipelineParallel = try map["pipeline-parallel"]?.integer(in: 1...1_024)
        engine = try EngineSettings(map["engine"])
    }

    /// These settings, and `wider` where they are silent; `engine` in between.
    func over(_ engine: EngineSettings, _ wider: ServingSettings) -> ServingSettings {
        ServingSettings(
            precision: precision ?? wider.precision, kvPrecision: kvPrecision ?? wider.kvPrecision,
            tensorParallel: tensorParallel ?? wider.tensorParallel,
            pipelineParallel: pipelineParallel ?? wider.pipelineParallel,
            engine: self.engine.over(engine).over(wider.engine))
    }
}

extension ClassSettings {
    /// Decodes `classes`, a mapping from class names.
    static func decode(_ node: SettingNode) throws -> [ClassSettings] {
        try node.namedEntries().map { entry in
            let map = try SettingMap(entry.value, keys: ["slo", "network-delay", "priority", "clients"])
            let settings = ClassSettings(
                name: Located(entry.key, at: entry.keyPosition),
                objectives: try ObjectiveSettings.decode(map["slo"], requestClass: entry.key),
                networkDelay: try map["network-delay"]?.networkDelay(),
                priority: try map["priority"]?.integer(in: -1_000_000...1_000_000),
                clients: try map["clients"].map { try ClientSettings($0) })
            try map.finish()
            return settings
        }
    }
}

extension StrategySettings {
    private static let refused = ["terms": "belongs in the pool: each pool is bought on terms of its own"]

    /// Decodes `strategies`, a list of mappings with distinct names.
    /// - Parameter folder: what manifests' paths are relative to.
    static func decode(_ node: SettingNode, in folder: String) throws -> [StrategySettings] {
        var strategies: [StrategySettings] = []
        for item in try node.items() {
            let strategy = try StrategySettings(item, in: folder)
            if strategies.contains(where: { $0.name.value == strategy.name.value }) {
                throw strategy.name.error(.duplicateKey, "there is already a strategy `\(strategy.name.value)`")
            }
            strategies.append(strategy)
        }
        return strategies
    }

    init(_ node: SettingNode, in folder: String) throws {
        let map = try SettingMap(
            node,
            keys: [
                "name", "pools", "router", "routing", "engine", "autoscaler", "start", "kept", "drain", "clients",
            ],
            refused: Self.refused)
        name = try map.required("name").name()
        autoscaler = try map["autoscaler"].map { try AutoscalerSettings($0, in: folder) }
        let scope = PoolSettings.Scope(folder: folder, bounds: autoscaler?.manifest?.bounds)
        pools = try map.required("pools").items().map { try PoolSettings($0, in: scope) }
        router = try map["router"]?.choice(of: RouterPolicy.self)
        engine = try EngineSettings(map["engine"])
        start = try map["start"].map { try StartSettings($0) }
        kept = try map["kept"].map { try KeptSettings($0) }
        drain = try map["drain"].map { try DrainSettings($0) }
        routing = try map["routing"].map { try RoutingSettings($0) }
        clients = try map["clients"].map { try ClientSettings($0) }
        try map.finish()
        try nameFallbacks()
    }
}
