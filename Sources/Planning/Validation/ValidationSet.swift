/// Measurements of real serving engines that predictions are compared with.
public enum ValidationSet: String, Hashable, Sendable, CaseIterable {
    /// Per-request runs of vLLM 0.19 on RTX 4090 and RTX PRO 6000.
    case servingSim = "llmservingsim2-vllm019"
    /// Aggregates of vLLM 0.15.1 configurations on H100, A100 and L40S.
    case aggregates = "blis-agg-vllm0151"
    /// Closed-loop load points, aggregated serving of dense models.
    case loadPoints = "silicon-loadpoints"
    /// Overloaded runs of vLLM 0.15.1 on H100 whose clients give up.
    case overload = "blis-vllm0151-h100"
    /// Replayable runs of vLLM 0.6 on H100, 70B and 123B models at low load.
    case replicaRuns = "apex-vllm060-h100"

    /// The set called `name`, or one whose name begins so.
    /// - Throws: ``ValidationDataError/Kind/unknownSet`` with the names there are.
    public init(named name: String) throws(ValidationDataError) {
        let matches = Self.allCases.filter { $0.rawValue.hasPrefix(name.lowercased()) }
        guard matches.count == 1, !name.isEmpty else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationDataError(.unknownSet, "There is no validation set `\(name)`; there are \(names).")
        }
        self = matches[0]
    }

    /// What the set is, in a few words.
    public var title: String {
        switch self {
        case .servingSim: "vLLM 0.19.0, 300 ShareGPT requests at 10/s, per request"
        case .aggregates: "vLLM 0.15.1, Poisson arrivals over 20 minutes, aggregates"
        case .overload: "vLLM 0.15.1, 4 requests/s for 20 minutes, clients that give up after 300 s"
        case .replicaRuns: "vLLM 0.6.0, replicas of two to eight GPUs, means"
        case .loadPoints: "closed loop with a fixed number of users, mean TTFT and TPOT"
        }
    }

    /// Whether the source's licence lets its measurements be shown in documents; if not, errors alone are.
    var isPublishable: Bool { self != .aggregates && self != .overload }

    /// Simulates every configuration of the set that lies in `folder`.
    /// - Parameter quick: only a subset that takes well under a second.
    /// - Throws: ``ValidationDataError``.
    public func compare(in folder: String, quick: Bool = false) throws -> ValidationReport {
        let folder = try ValidationFolder(folder)
        guard folder.has(rawValue) else {
            throw ValidationDataError(.missing, "The folder `\(folder.path)` holds no set `\(rawValue)`.")
        }
        switch self {
        case .servingSim: return try ServingSimSet(folder: folder, quick: quick).report()
        case .aggregates: return try AggregateSet(folder: folder, quick: quick).report()
        case .overload: return try OverloadSet(folder: folder, quick: quick).report()
        case .replicaRuns: return try ReplicaRunSet(folder: folder, quick: quick).report()
        case .loadPoints: return try LoadPointSet(folder: folder, quick: quick).report()
        }
    }
}
