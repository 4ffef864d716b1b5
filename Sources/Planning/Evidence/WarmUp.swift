public import Primitives

/// What of a run is not yet its steady state, and is left out of its latencies.
public enum WarmUp: Sendable, Equatable {
    /// Requests that arrive before this long after the run's start.
    case fixed(SimulatedDuration)
    /// As many as MSER-5 finds, by E2E in order of arrival.
    case mser5

    /// How many of the first `values` MSER-5 leaves out (White, *Simulation* 69(6), 1997): of the means of every five
    /// values, as many as make the standard error of the others' mean the smallest. `nil` where that would be more than
    /// half: the run never settled, as far as it tells. Complexity: linear.
    public static func mser5(_ values: [Double]) -> Int? {
        let means = stride(from: 0, to: values.count - values.count % 5, by: 5).map { start in
            values[start..<(start + 5)].reduce(0, +) / 5
        }
        guard means.count >= 4 else { return nil }
        let centre = means.reduce(0, +) / Double(means.count)
        var (sum, squares, best) = (0.0, 0.0, (count: 0, value: Double.infinity))
        // From the end: the sums over what is kept grow by one value at a time. The last few say nothing.
        for cut in stride(from: means.count - 1, through: 0, by: -1) {
            let value = means[cut] - centre
            sum += value
            squares += value * value
            let kept = Double(means.count - cut)
            guard means.count - cut >= 5 || cut == 0 else { continue }
            let error = max(0, squares - sum * sum / kept) / (kept * kept)
            if error <= best.value { best = (cut, error) }
        }
        return best.count * 2 > means.count ? nil : best.count * 5
    }
}
