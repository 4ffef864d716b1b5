import PerformanceModel
import SimulationCore

/// The least time a replica can spend on a token, whatever it does beside it: a plane under the cost of every step.
///
/// For every step that the engine can make, with P prompt tokens, B decoding sequences and C tokens of their context,
/// `stepTime ≥ prompt·P + decode·B + context·C`. So the busy time of a replica is at least the plane's value at the sums
/// of what it computed: no schedule, batch or luck makes it less.
///
/// The plane is found on a grid of steps and holds between its points because a step never gets faster by having more
/// to do: each cell's least cost, at its lower corner, carries the plane at its upper corner. With a grid 3 % apart
/// the plane lies at most about 3 % too low. Prompt attention counts each new token once, as if prompts had no past.
struct WorkFloor: Sendable, Equatable {
    /// Nanoseconds per prompt token.
    var prompt: Double
    /// Nanoseconds per decoding sequence and step.
    var decode: Double
    /// Nanoseconds per token of decoding context and step.
    var context: Double
    /// Requests longer than this are refused.
    var maxModelLength: Int

    /// Of all planes under the steps' costs one that is high where the workload is: `demand` decides between prompt and
    /// decode tokens.
    init(_ cost: any StepCostModel, engine: EngineConfiguration, demand: (prompt: Double, decode: Double)) {
        maxModelLength = engine.maxModelLength
        let grid = StepGrid(cost, engine)
        context = grid.contextSlope
        let cells = grid.cells
        let alone = cells.filter { $0.sequences == 0 }.map { $0.time / Double($0.tokens) }
        let highest = alone.min() ?? 0
        func decodeFloor(_ prompt: Double) -> Double {
            cells.reduce(Double.infinity) { least, cell in
                cell.sequences == 0
                    ? least : min(least, (cell.time - prompt * Double(cell.tokens)) / Double(cell.sequences))
            }
        }
        // What the plane says of the whole demand is concave in its slope: golden section.
        func value(_ prompt: Double) -> Double {
            let decode = decodeFloor(prompt)
            return decode < 0 ? -.infinity : prompt * demand.prompt + decode * demand.decode
        }
        var (low, high) = (0.0, highest)
        for _ in 0..<40 {
            let (a, b) = (high - (high - low) * 0.618, low + (high - low) * 0.618)
            if value(a) < value(b) { low = a } else { high = b }
        }
        prompt = low
        decode = max(0, decodeFloor(low))
    }

    /// Nanoseconds of a request that nobody refuses; its first token comes with its prompt.
    @inline(__always)
    func work(prompt tokens: Double, steps: Double, context sum: Double) -> Double {
        prompt * tokens + decode * steps + context * sum
    }
}

/// Steps of an engine, about 3 % apart, with what they cost at least.
private struct StepGrid {
    /// Steps with more than the cell before and up to these tokens and sequences take at least `time`, without context.
    struct Cell {
        var tokens: Int
        var sequences: Int
        var time: Double
    }
    private(set) var cells: [Cell] = []
    private(set) var contextSlope = 0.0

    init(_ cost: any StepCostModel, _ engine: EngineConfiguration) {
        let cache = engine.kvBlocks * engine.blockSize
        let most = engine.maxBatchedTokens
        let sequences = Self.ladder(to: min(engine.maxSequences, most))
        let tokens = Self.ladder(to: most)
        func time(_ tokens: Int, _ sequences: Int, _ context: Int) -> Double {
            var shape = StepShape()
            shape.prefillTokens = tokens
            shape.prefillSequences = tokens > 0 ? 1 : 0
            shape.prefillPairs = Double(tokens)
            shape.prefillContext = tokens
            shape.decodeSequences = sequences
            shape.decodeContext = context
            shape.sampledSequences = sequences
            return cost.stepTime(shape)
        }
        // Windows make attention cheaper at long contexts, never dearer: the flattest chord lies under all.
        var slope = Double.infinity
        for count in sequences.dropFirst() where count < cache {
            for prompt in [0, min(512, most)] {
                let rise = time(prompt, count, cache) - time(prompt, count, count)
                slope = min(slope, rise / Double(cache - count))
            }
        }
        contextSlope = slope.isFinite ? max(0, slope) : 0
        for (below, count) in zip([0] + sequences, sequences) {
            let least = count == 0 ? 0 : below + 1
            for (under, size) in zip([0] + tokens, tokens) where !(count == 0 && size == 0) && under + least <= most {
                let lower = size == 0 ? 0 : under + 1
                let floor = Self.contexts(least, cache).reduce(Double.infinity) { floor, context in
                    min(floor, time(lower, least, context) - contextSlope * Double(context))
                }
                cells.append(Cell(tokens: size, sequences: count, time: floor))
            }
        }
    }

    /// Contexts at which the distance to the plane is looked at.
    private static func contexts(_ sequences: Int, _ cache: Int) -> [Int] {
        guard sequences > 0 else { return [0] }
        return [sequences, sequences * 64, sequences * 1_024, cache / 2, cache].filter {
            $0 >= sequences && $0 <= cache
        }
    }

    /// 0, 1, 2 … and then 3 % apart up to `last`.
    private static func ladder(to last: Int) -> [Int] {
        var steps = [0]
        while let step = steps.last, step < last { steps.append(min(last, max(step + 1, step * 103 / 100))) }
        return steps
    }
}
