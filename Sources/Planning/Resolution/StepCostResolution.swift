import PerformanceModel
import Synchronization

extension ResolutionContext {
    /// What a step of `replica` costs, by the calibration that the pool names or by the catalogue's device.
    /// - Throws: ``ScenarioError`` at `position` where the split or the calibration does not cover the model.
    func stepCost(
        _ replica: ReplicaShape, profile: DeviceProfile?, maxBatchedTokens: Int, at position: SettingPosition,
        log: inout AssumptionLog
    ) throws -> any StepCostModel {
        if profile != nil, replica.split.devices > 1 {
            throw ScenarioError(
                .unsupported,
                "a device profile measures no links, so its pool serves from one device, not \(replica.split)",
                at: position)
        }
        // Larger steps than the table holds are computed when they occur.
        let tableSize = min(maxBatchedTokens, 65_536)
        do {
            let cost: TransformerStepCost
            if let profile {
                cost = try TransformerStepCost(
                    replica.architecture, replica.precision, profile: profile, maxBatchedTokens: tableSize)
            } else {
                cost = try costs.cost(of: replica, tableSize: tableSize)
            }
            log.note(stepTimes: cost.provenance.filter { cost.takesTime($0.part) }, of: replica)
            return cost
        } catch {
            throw ScenarioError(.conflict, "\(error)", at: position)
        }
    }
}

/// Step costs of one scenario's model on catalogue devices, each tabulated once: a search looks up the same few again
/// and again.
final class TabulatedCosts: Sendable {
    private struct Key: Hashable {
        var device: Device
        var precision: Precision
        var split: Parallelism
        var tableSize: Int
    }
    private let known = Mutex<[Key: TransformerStepCost]>([:])

    func cost(of replica: ReplicaShape, tableSize: Int) throws(ParallelismError) -> TransformerStepCost {
        let key = Key(
            device: replica.device, precision: replica.precision, split: replica.split, tableSize: tableSize)
        if let cost = known.withLock({ $0[key] }) { return cost }
        let cost = try TransformerStepCost(
            replica.architecture, replica.precision, device: replica.device, split: replica.split,
            maxBatchedTokens: tableSize)
        known.withLock { $0[key] = cost }
        return cost
    }
}

extension AssumptionLog {
    /// Notes where step times come from: parts with the same origin in one entry.
    fileprivate mutating func note(stepTimes provenance: [PartProvenance], of replica: ReplicaShape) {
        var groups: [(origin: PartProvenance, parts: [String])] = []
        for entry in provenance {
            let name = Self.words(entry.part)
            if let index = groups.firstIndex(where: { $0.origin.isSameOrigin(as: entry) }) {
                groups[index].parts.append(name)
            } else {
                groups.append((entry, [name]))
            }
        }
        for (origin, parts) in groups {
            add(
                Assumption(
                    subject: "step time of \(replica.architecture.name) in \(replica.precision) on \(replica.label)",
                    value: parts.joined(separator: ", "), source: "\(origin.source), \(origin.date)",
                    confidence: Confidence(origin.confidence),
                    error: origin.relativeError.map { "±\(number($0 * 100, digits: 1)) % (median)" }))
        }
    }

    /// `decodeAttention` as `decode attention`.
    private static func words(_ part: StepPart) -> String {
        part.rawValue.reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : String($1) }
    }
}

extension TransformerStepCost {
    /// Whether the model, split as it is, has the part at all: a dense model has no router, one device no all-reduce.
    fileprivate func takesTime(_ part: StepPart) -> Bool {
        var shape = StepShape()
        shape.addChunk(new: 256, cached: 256)
        shape.decodeSequences = 8
        shape.decodeContext = 8 * 512
        shape.sampledSequences = 8
        return breakdown(shape).contains { $0.part == part && $0.nanoseconds > 0 }
    }
}

extension PartProvenance {
    fileprivate func isSameOrigin(as other: PartProvenance) -> Bool {
        var copy = other
        copy.part = part
        return copy == self
    }
}
