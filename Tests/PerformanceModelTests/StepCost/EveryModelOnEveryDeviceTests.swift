import PerformanceModel
import Primitives
import Testing

/// Properties that must hold for every pair of the catalogues, not only for the ones served in examples.
@Suite struct EveryModelOnEveryDeviceTests {
    private static let devices = Device.all

    @Test(arguments: ModelCatalogue.all)
    func everyStepIsPositiveFiniteAndALine(entry: CatalogueModel) throws {
        for device in Self.devices {
            for precision in [Precision.bf16, .fp8, .int4] {
                let cost = try TransformerStepCost(entry.architecture, precision, device: device, maxBatchedTokens: 4)
                for (sequences, context) in [(1, 1), (3, 700), (9, 100_000)] {
                    let line = cost.decodeLine(sequences: sequences, context: context)
                    let time = cost.stepTime(decodeShape(sequences, context: context))
                    #expect(time == line.fixed + line.perContextToken * Double(context))
                    #expect(time.isFinite && line.fixed > 0 && line.perContextToken > 0)
                }
                let prefill = cost.stepTime(prefillShape([(300, 20)], decodes: 2, context: 90))
                #expect(prefill.isFinite && prefill > cost.stepTime(decodeShape(2, context: 90)))
            }
        }
    }

    /// No decode step may beat the time its weights and cache take at the sheet's bandwidth (L40S products reach
    /// 80 % of it, experts of H200 all of it): a floor of 90 % of that time, caches included.
    @Test(arguments: ModelCatalogue.all)
    func noStepBeatsItsBandwidth(entry: CatalogueModel) throws {
        for device in Self.devices {
            let cost = try TransformerStepCost(entry.architecture, .bf16, device: device, maxBatchedTokens: 4)
            let time = cost.stepTime(decodeShape(1, context: 1))
            let ideal = 2 * Double(entry.architecture.activeParameterCount) / device.bandwidth.value * 1e9
            #expect(time > 0.9 * ideal, "\(entry.name) on \(device.name)")
        }
    }

    /// No prefill may beat the sheet's rate; the 4090 and 3090 exceed theirs by their boost clocks.
    @Test(arguments: ModelCatalogue.all)
    func noStepBeatsItsRate(entry: CatalogueModel) throws {
        for device in Self.devices {
            let cost = try TransformerStepCost(entry.architecture, .bf16, device: device, maxBatchedTokens: 4)
            var shape = prefillShape([(4_096, 0)])
            shape.sampledSequences = 0
            let active = Double(entry.architecture.activeParameterCount - entry.architecture.embeddingParameters)
            let ideal = 2 * 4_096 * active / device.compute.rate(.bf16).value * 1e9
            #expect(cost.stepTime(shape) > 0.88 * ideal, "\(entry.name) on \(device.name)")
        }
    }

    /// Chunking a prompt never makes its total cheaper: weights are read once per chunk.
    @Test(arguments: ModelCatalogue.all)
    func chunkingIsNeverCheaper(entry: CatalogueModel) throws {
        let cost = try TransformerStepCost(entry.architecture, .bf16, device: Device.named("H100-SXM"))
        let whole = cost.stepTime(prefillShape([(1_024, 0)]))
        let chunks = cost.stepTime(prefillShape([(512, 0)])) + cost.stepTime(prefillShape([(512, 512)]))
        #expect(chunks > whole)
    }

    /// Two sequences in one step are cheaper than one after the other, and dearer than one.
    @Test(arguments: ModelCatalogue.all)
    func batchingPays(entry: CatalogueModel) throws {
        let cost = try TransformerStepCost(entry.architecture, .bf16, device: Device.named("A100-80GB"))
        let one = cost.stepTime(decodeShape(1, context: 500))
        let two = cost.stepTime(decodeShape(2, context: 1_000))
        #expect(two > one && two < 2 * one)
    }

    /// Every valid split of every model: more ranks, less product time on each.
    @Test(arguments: ModelCatalogue.all)
    func ranksShareTheProducts(entry: CatalogueModel) throws {
        let device = try Device.named("H100-SXM")
        var last = Double.infinity
        for tensor in [1, 2, 4, 8] where (try? entry.architecture.validate(Parallelism(tensor: tensor))) != nil {
            let cost = try TransformerStepCost(
                entry.architecture, .bf16, device: device, split: Parallelism(tensor: tensor), maxBatchedTokens: 4)
            let products = cost.breakdown(decodeShape(4, context: 4_000)).filter {
                [.attentionProjections, .feedForward, .experts, .outputProjection].contains($0.part)
            }.reduce(0) { $0 + $1.nanoseconds }
            // Gathering logits grows with the ranks; it is part of the output projection.
            #expect(products < last * 1.02, "tp\(tensor)")
            last = products
        }
    }

    /// Narrower weights never make a decode step slower, and never take more memory.
    @Test(arguments: ModelCatalogue.all)
    func narrowerWeightsAreNeverWorse(entry: CatalogueModel) throws {
        let model = entry.architecture
        let device = try Device.named("L40S")
        let times = try [Precision.fp32, .bf16, .int8, .int4].map {
            try TransformerStepCost(model, $0, device: device, maxBatchedTokens: 4).stepTime(
                decodeShape(1, context: 64))
        }
        #expect(times == times.sorted(by: >))
        let bytes = [Precision.fp32, .bf16, .int8, .int4].map { model.weightBytes($0) }
        #expect(bytes == bytes.sorted(by: >))
    }

    /// A plan either has blocks for at least one token or says by how much it fails; never both.
    @Test(arguments: ModelCatalogue.all)
    func plansAreWholeOrRefused(entry: CatalogueModel) {
        for device in Self.devices {
            do {
                let plan = try MemoryPlan(entry.architecture, .bf16, device: device)
                let used = plan.weights + plan.activations + plan.reserve + plan.kvTokens * plan.kvBytesPerToken
                #expect(plan.kvBlocks > 0 && used <= plan.budget)
                #expect(plan.budget - used < plan.kvBytesPerToken * plan.blockTokens)
            } catch {
                #expect(error.missing.bytes > 0 && error.device == device.name)
            }
        }
    }
}
