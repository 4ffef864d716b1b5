import Primitives

/// How sure a comparison is to be: the part of `compare` that says so.
package struct EvidenceSettings: Sendable {
    /// What is left out of latencies; `nil` = nothing.
    package var warmUp: Located<WarmUp>?
    /// Batches of one long run that intervals come from; `nil` = replications give them.
    package var batches: Located<Int>?
    /// Whether step times are drawn, per replication, within their stated error.
    package var modelError: Located<Bool>?

    package init() {}

    /// Reads the keys of a mapping that declares them all.
    /// - Parameter replications: as given.
    init(_ map: SettingMap, replications: Int?) throws {
        warmUp = try map["warmup"].map { node in
            if case .scalar("mser-5", _) = node.content { return node.located(.mser5) }
            return node.located(.fixed(try node.positiveDuration()))
        }
        batches = try map["batches"].map { $0.located(try $0.integer(in: 5...1_000)) }
        modelError = try map["model-error"].map { $0.located(try $0.boolean()) }
        if let batches, let replications, replications > 1 {
            throw batches.error(
                .conflict, "`batches` divides one run; with \(replications) replications those give the intervals")
        }
    }

    /// For commands that judge whole runs, as they are.
    /// - Throws: ``ScenarioError`` at the first setting that would be accepted and ignored.
    func refuse(for command: String) throws {
        let settings: [(String, SettingPosition?)] = [
            ("warmup", warmUp?.position), ("batches", batches?.position),
            ("model-error", modelError.flatMap { $0.value ? $0.position : nil }),
        ]
        for case (let key, let position?) in settings {
            throw ScenarioError(
                .unsupported, "`isocost \(command)` judges whole runs by the model's own times: leave `\(key)` out",
                at: position)
        }
    }

    /// Whether runs have to keep what became of each request.
    var needsOutcomes: Bool { warmUp != nil || batches != nil }
}
