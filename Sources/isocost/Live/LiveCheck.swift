import Foundation
import Kernels
import PerformanceModel
import Planning
import Primitives
import SimulationCore

/// A small model server over the real kernels against the simulator that has this machine's profile: the same requests,
/// in real time here and in simulated time there.
struct LiveCheck {
    /// A decoder whose weights exceed the caches of most processors and whose steps take some ten milliseconds.
    static let model = ModelArchitecture(
        name: "live-30m", hiddenSize: 512, layers: 8, vocabularySize: 8_192,
        attention: .grouped(GroupedAttention(heads: 8, kvHeads: 4, headDim: 64)),
        feedForward: FeedForward(intermediateSize: 1_536), contextLength: 512)
    static let limits = LiveLimits(batchedTokens: 256, sequences: 16, length: 256)
    /// Shares of what the simulator says the machine can serve.
    static let loads = [("light", 0.2), ("half", 0.5), ("90 %", 0.9)]

    let precision: Precision
    let profile: DeviceProfile
    let requests: Int
    let tries: Int

    /// One load served once, and its prediction.
    struct Trial {
        var load: String
        var number: Int
        var asked: [LiveRequest]
        var measured: [LiveAnswer]
        var predicted: [LiveAnswer]
    }

    /// Serves every load as often as asked for.
    /// - Parameter progress: called with the servings done and in all.
    func run(progress: (Int, Int) -> Void) throws -> LiveReport {
        let prediction = try LivePrediction(Self.model, precision, profile: profile, limits: Self.limits)
        let server = try LiveServer(
            try DecoderShape(Self.model), format: precision.weights, limits: Self.limits,
            threads: profile.machine.threads)
        let capacity = try capacity(prediction)
        // The first steps touch memory that nobody has touched.
        _ = server.serve(slice(rate: 1e6, key: RandomKey(seed: 0)).prefix(4).map { $0 })
        var trials: [Trial] = []
        for number in 1...tries {
            for (name, share) in Self.loads {
                let key = RandomKey(seed: UInt64(number)).derived("live check")
                let asked = slice(rate: share * capacity, key: key)
                trials.append(
                    Trial(
                        load: name, number: number, asked: asked, measured: server.serve(asked),
                        predicted: try prediction.serve(asked)))
                progress(trials.count, tries * Self.loads.count)
            }
        }
        return LiveReport(capacity: capacity, trials: trials)
    }

    /// Requests a second when all are there from the start, by the simulator.
    private func capacity(_ prediction: LivePrediction) throws -> Double {
        let crowd = slice(rate: 1e6, key: RandomKey(seed: 0).derived("live check"))
        let last = try prediction.serve(crowd).map(\.lastToken).max() ?? 1
        return Double(crowd.count) / last
    }

    /// Poisson arrivals; prompts of 16 … 128 tokens and answers of 8 … 48, uniform.
    private func slice(rate: Double, key: RandomKey) -> [LiveRequest] {
        let (gaps, inputs, outputs) = (key.derived("gaps"), key.derived("inputs"), key.derived("outputs"))
        var time = 0.0
        return (0..<UInt64(requests)).map { index in
            time -= log(gaps.uniform(index)) / rate
            return LiveRequest(
                arrival: time, inputTokens: 16 + Int(113 * inputs.uniform(index)),
                outputTokens: 8 + Int(41 * outputs.uniform(index)))
        }
    }
}
