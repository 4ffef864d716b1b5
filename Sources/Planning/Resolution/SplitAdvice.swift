import PerformanceModel

extension ResolvedEngine {
    /// The end of a refusal for want of memory: the smallest number of tensor-parallel ranks above the refused one on
    /// which the same settings fit the same device, e.g. `; it fits with tensor-parallel: 4`. Empty where there is
    /// none, or where the replica is bound to one device.
    static func advice(_ settings: EngineSettings, _ replica: ReplicaShape) -> String {
        guard !replica.isBoundToOneDevice, let ranks = smallestTensorParallel(settings, replica) else { return "" }
        guard let accelerators = replica.acceleratorsPerInstance, ranks > accelerators else {
            return "; it fits with tensor-parallel: \(ranks)"
        }
        return "; it fits with tensor-parallel: \(ranks), on an instance with as many accelerators (this one has "
            + "\(accelerators))"
    }

    /// Tried one by one: every rank count that divides the model, up to one head each.
    private static func smallestTensorParallel(_ settings: EngineSettings, _ replica: ReplicaShape) -> Int? {
        let model = replica.architecture
        let tried = (replica.split.tensor + 1)...max(replica.split.tensor + 1, model.attention.heads)
        return tried.first { ranks in
            var shape = replica
            shape.split.tensor = ranks
            guard (try? model.validate(shape.split)) != nil, let plan = try? plan(settings, shape) else { return false }
            return plan.kvTokens >= settings.maxModelLength?.value ?? 0
        }
    }

    /// The memory of a replica under `settings`, noting nothing.
    private static func plan(_ settings: EngineSettings, _ replica: ReplicaShape) throws -> MemoryPlan {
        var unread = AssumptionLog()
        let steps = try StepLimits(settings, replica, log: &unread)
        return try memoryPlan(settings, steps, replica, log: &unread)
    }
}
