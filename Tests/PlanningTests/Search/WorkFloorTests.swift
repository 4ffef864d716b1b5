import PerformanceModel
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The plane lies under every step that an engine can make.
@Suite struct WorkFloorTests {
    static let devices = ["L40S", "H100-SXM", "A100-80GB", "RTX-4090", "L4"]

    private func random(_ key: RandomKey, _ counter: inout UInt64, upTo limit: Int) -> Int {
        counter += 1
        // As many small values as large ones.
        let share = Double(key.bits(counter) >> 11) * 0x1p-53
        return Int((Double(limit + 1).squareRoot() * share) * (Double(limit + 1).squareRoot() * share))
    }

    @Test(arguments: ["llama-3.1-8b", "mistral-7b-v0.1", "qwen2.5-32b"])
    func noStepIsBelowIt(model: String) throws {
        guard let architecture = try? ModelCatalogue.model(named: model) else { return }
        for name in Self.devices {
            guard let device = try? Device.named(name) else { continue }
            let cost = try TransformerStepCost(architecture, try Precision(named: "bf16"), device: device)
            let engine = EngineConfiguration(maxBatchedTokens: 2_048, maxSequences: 256, kvBlocks: 20_000)
            for demand in [(1_000.0, 100.0), (100.0, 1_000.0)] {
                let floor = WorkFloor(cost, engine: engine, demand: (prompt: demand.0, decode: demand.1))
                #expect(floor.prompt >= 0 && floor.decode >= 0 && floor.context >= 0)
                let key = RandomKey(seed: UInt64(name.utf8.count) * 31 + UInt64(name.utf8.first ?? 0))
                var counter: UInt64 = 0
                for _ in 0..<3_000 {
                    let shape = step(key, &counter, engine)
                    let least = floor.work(
                        prompt: Double(shape.prefillTokens), steps: Double(shape.decodeSequences),
                        context: Double(shape.decodeContext))
                    #expect(cost.stepTime(shape) >= least * (1 - 1e-9), "\(model) on \(name): \(shape)")
                }
            }
        }
    }

    private func step(_ key: RandomKey, _ counter: inout UInt64, _ engine: EngineConfiguration) -> StepShape {
        var shape = StepShape()
        shape.decodeSequences = random(key, &counter, upTo: engine.maxSequences)
        let most = engine.kvBlocks * engine.blockSize
        shape.decodeContext =
            shape.decodeSequences == 0
            ? 0 : min(most, shape.decodeSequences * (1 + random(key, &counter, upTo: 8_000)))
        var room = engine.maxBatchedTokens - shape.decodeSequences
        while room > 0, random(key, &counter, upTo: 3) > 0 {
            let new = 1 + random(key, &counter, upTo: room - 1)
            shape.addChunk(new: new, cached: random(key, &counter, upTo: 4_000))
            room -= new
        }
        shape.sampledSequences = shape.decodeSequences + random(key, &counter, upTo: shape.prefillSequences)
        if shape.tokens == 0 { shape.addChunk(new: 1, cached: 0) }
        return shape
    }

    /// Of a cost that is a plane beside a constant, it finds the plane that shares the constant over the largest step.
    @Test func aLinearCostIsBoundedByItsBestStep() {
        let cost = LinearStepCost(perStep: 1_000, perPrefillToken: 10, perDecodeSequence: 20, perContextToken: 0.5)
        let engine = EngineConfiguration(maxBatchedTokens: 1_000, maxSequences: 100, kvBlocks: 10_000)
        let floor = WorkFloor(cost, engine: engine, demand: (prompt: 1_000, decode: 1))
        #expect(abs(floor.context - 0.5) < 1e-9)
        #expect(floor.prompt <= 11 && floor.prompt >= 10.5)
        let other = WorkFloor(cost, engine: engine, demand: (prompt: 1, decode: 1_000))
        #expect(other.decode <= 30 && other.decode >= 28)
    }

    @Test func theLargestWorksAreNeverUnderestimated() {
        var tail = WorkTail()
        let works = (1...1_000).map { Double($0 * $0) * 1_000 }
        for work in works { tail.add(work) }
        for count in [1, 10, 100, 1_000] {
            let exact = works.sorted(by: >).prefix(count).reduce(0, +)
            #expect(tail.largest(UInt64(count)) >= exact)
        }
        #expect(tail.largest(0) == 0)
        #expect(tail.largest(1_000_000) == works.reduce(0, +))
    }
}
