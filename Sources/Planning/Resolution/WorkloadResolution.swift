import Primitives
import Workloads

extension ResolvedWorkload {
    /// Turns workload settings into a stream that can be opened at will, and opens it once to learn its classes.
    init(_ settings: WorkloadSettings, scenario: Scenario, log: inout AssumptionLog) throws {
        let plain = try settings.workload(folder: scenario.folder, log: &log)
        let spread = try Self.spread(plain, scenario)
        let workload = try spread?.applied(to: plain) ?? plain
        let priorities = Dictionary(
            scenario.classes.compactMap { entry in entry.priority.map { (entry.name.value, Int32($0)) } },
            uniquingKeysWith: { first, _ in first })
        let position = settings.position
        let open: @Sendable (UInt64) throws -> any RequestSource = { seed in
            do {
                let opened = try workload.open(seed: seed)
                let source = spread?.regional(opened, seed: seed) ?? opened
                return priorities.isEmpty ? source : ClassPrioritySource(source, priorities: priorities)
            } catch let error as WorkloadError {
                throw ScenarioError(.outOfRange, "the workload cannot be: \(error)", at: position)
            }
        }
        let first = try open(scenario.seed)
        dependsOnSeed = settings.dependsOnSeed(folder: scenario.folder) || spread?.dependsOnSeed ?? false
        summary = ([settings.summary] + (spread.map { [$0.summary] } ?? [])).joined(separator: ", ")
        classes = first.classes
        regions = first.regions
        expectedRequests = settings.expectedRequests
        factory = open
        log.add(
            Assumption(
                subject: "workload", value: settings.summary, source: settings.provenance,
                confidence: settings.confidence))
        spread?.note(&log)
        if !first.sharesPrefixes {
            log.add(default: "shared prefixes", "none", source: "the workload does not say what prompts have in common")
        }
    }
}

extension ResolvedWorkload {
    /// How the scenario's users come into a workload that does not know them; `nil` = they do not.
    private static func spread(_ workload: Workload, _ scenario: Scenario) throws -> UserSpread? {
        guard !scenario.users.isEmpty else { return nil }
        do {
            return try UserSpread(scenario.users, over: try workload.open(seed: scenario.seed).regions)
        } catch let error as WorkloadError {
            throw ScenarioError(.outOfRange, "the workload cannot be: \(error)", at: scenario.workload.position)
        }
    }
}

extension WorkloadSettings {
    /// The workload as a value. Paths are checked for existence here, where their place is known.
    fileprivate func workload(folder: String, log: inout AssumptionLog) throws -> Workload {
        let workload: Workload
        switch source {
        case .trace(let trace): workload = try trace.workload(folder: folder)
        case .synthetic(let settings): workload = .synthetic(settings.workload)
        case .preset(let name): workload = .synthetic(try Self.preset(name).workload)
        case .mix(let parts):
            workload = .mix(
                try parts.map {
                    Workload.Part(
                        try $0.settings.workload(folder: folder, log: &log), className: $0.requestClass)
                })
        }
        let transforms = scale.transforms
        return transforms.isEmpty ? workload : .transformed(workload, transforms)
    }

    fileprivate static func preset(_ name: Located<String>) throws -> WorkloadPreset {
        if let preset = WorkloadPreset(rawValue: name.value) { return preset }
        let known = WorkloadPreset.allCases.map(\.rawValue)
        throw name.error(.unknownName, "there is no preset `\(name.value)`\(suggestion(for: name.value, among: known))")
    }

    /// ServeGen folders and resampled traces are drawn from, other traces are replayed.
    fileprivate func dependsOnSeed(folder: String) -> Bool {
        if scale.resample != nil { return true }
        switch source {
        case .synthetic, .preset: return true
        case .trace(let trace):
            return FileLocation.kind(of: FileLocation.resolved(trace.path.value, in: folder)) == .folder
        case .mix(let parts): return parts.contains { $0.settings.dependsOnSeed(folder: folder) }
        }
    }

    /// One line; scaling included.
    fileprivate var summary: String {
        let base =
            switch source {
            case .trace(let trace):
                "\(trace.path.value.split(separator: "/").last ?? "")"
                    + (trace.format.map { " (\($0.rawValue))" } ?? "")
            case .synthetic(let settings): settings.summary
            case .preset(let name): name.value
            case .mix(let parts): "a mix of " + parts.map(\.settings.summary).joined(separator: "; ")
            }
        return ([base] + scale.words).joined(separator: ", ")
    }

    fileprivate var provenance: String {
        switch source {
        case .trace(let trace): "trace \(trace.path.value), replayed"
        case .synthetic: "the scenario's distributions"
        case .preset(let name): WorkloadPreset(rawValue: name.value)?.citation ?? ""
        case .mix(let parts):
            parts.map(\.settings.provenance).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
                .joined(separator: "; ")
        }
    }

    fileprivate var confidence: Confidence {
        switch source {
        case .trace: scale.words.isEmpty ? .measured : .derived
        case .synthetic: .given
        case .preset: .derived
        case .mix: .derived
        }
    }

    /// The most requests there will be, where something says so.
    fileprivate var expectedRequests: UInt64? {
        var limits = [scale.requests.map(UInt64.init)]
        if let resample = scale.resample { return (limits + [resample.limit]).compactMap { $0 }.min() }
        switch source {
        case .synthetic(let settings): limits.append(settings.workload.limit)
        case .mix(let parts):
            let counts = parts.map(\.settings.expectedRequests)
            if !counts.contains(nil) { limits.append(counts.compactMap { $0 }.reduce(0, +)) }
        case .preset(let name) where !scale.cutsTime:
            // As many as its minutes hold on average.
            let preset = try? Self.preset(name)
            limits.append(preset.map { UInt64($0.meanRate * ($0.workload.duration?.seconds ?? 0)) })
        case .trace, .preset: break
        }
        return limits.compactMap { $0 }.min()
    }
}

extension TraceSettings {
    fileprivate func workload(folder: String) throws -> Workload {
        let file = try FileLocation.existing(path, in: folder, called: "trace")
        var options = TraceOptions(format: format, zeroOutput: zeroOutput, columns: columns)
        if let origin { options.origin = origin }
        if let hashBlock { options.hashBlockTokens = Int32(hashBlock) }
        return .trace(path: file, options: options)
    }
}

extension SyntheticSettings {
    fileprivate var summary: String {
        let gaps =
            switch workload.arrivals.gaps {
            case .poisson: "Poisson"
            case .gamma(let cv): "gamma (CV \(cv))"
            case .weibull: "Weibull"
            case .constant: "evenly spaced"
            }
        if case .constant(let rate) = workload.arrivals.rate {
            return "synthetic \(gaps) arrivals at \(number(rate, digits: 2)) /s"
        }
        return "synthetic \(gaps) arrivals at a changing rate"
    }
}

extension ScaleSettings {
    /// Whether only part of the workload's time is replayed: how much arrives in it is not known beforehand.
    fileprivate var cutsTime: Bool { from != nil || to != nil || limit != nil }

    /// In the documented order.
    fileprivate var transforms: [WorkloadTransform] {
        var transforms: [WorkloadTransform] = []
        if from != nil || to != nil {
            transforms.append(.slice(from: .start + (from ?? .zero), to: to.map { .start + $0 }))
        }
        if let resample { transforms.append(.resample(resample)) }
        if let time { transforms.append(.stretch(time)) }
        if let rate { transforms.append(.rate(rate)) }
        if let limit { transforms.append(.limitDuration(limit)) }
        if let requests { transforms.append(.limitRequests(UInt64(requests))) }
        return transforms
    }

    fileprivate var words: [String] {
        let parts: [String?] = [
            from.map { "from \(durationText($0))" }, to.map { "to \(durationText($0))" },
            resample.map { _ in "resampled" }, time.map { "time × \($0)" },
            rate.map { "rate × \($0)" }, limit.map { "first \(durationText($0))" },
            requests.map { "first \(grouped(UInt64($0))) requests" },
        ]
        return parts.compactMap { $0 }
    }
}

/// Gives requests the priority of their class; classes that are not named keep what the workload says.
final class ClassPrioritySource: RequestSource {
    private let inner: any RequestSource
    private let priorities: [Int32?]

    init(_ inner: any RequestSource, priorities: [String: Int32]) {
        self.inner = inner
        self.priorities = inner.classes.map { priorities[$0] }
    }

    var classes: [String] { inner.classes }
    var regions: [String] { inner.regions }
    var contents: PromptContentStore { inner.contents }
    var sharesPrefixes: Bool { inner.sharesPrefixes }
    var skipped: [SkippedRows] { inner.skipped }
    var shareRead: Double? { inner.shareRead }

    func read(into batch: inout [Request], limit: Int) throws {
        let first = batch.count
        try inner.read(into: &batch, limit: limit)
        for index in first..<batch.count {
            if let priority = priorities[Int(batch[index].classIndex)] { batch[index].priority = priority }
        }
    }
}
