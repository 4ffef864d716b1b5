import Primitives

/// Lengths of the runs of one alternating process, in seconds.
struct RunLengths: Sendable, Equatable {
    var up: Distribution
    var down: Distribution
}

extension AvailabilityProcess {
    /// Share of the time that a zone is up: mean up-run ÷ (mean up-run + mean down-run), penalty included.
    public var availability: Double {
        let up = upMean.seconds / max(1, sizePenalty)
        guard up > 0 else { return 0 }
        return up / (up + max(0, downMean.seconds))
    }

    /// The process of the region and that of a zone alone, of which a zone is up when both are; `nil` = always up.
    ///
    /// With availability a and correlation ρ (``regionalShare``): P(two zones up) = a_R · a_L² and a = a_R · a_L give
    /// ρ = a(1 − a_R) ÷ (a_R(1 − a)), so a_L = a + ρ(1 − a) and a_R = a ÷ a_L. Both have the same mean down-run d; a zone
    /// goes down with frequency f = f_R a_L + f_L a_R = 1 ÷ (U + D), so d = D(a_L + a_R − 2a) ÷ (1 − a). Availability, the
    /// two mean runs and the correlation are exact. The median of the parts' up-runs is the one that makes the zone's
    /// exact, where one does (see ``CompositeUpRun``). No formula is known for down-runs, which overlap: a median of the
    /// parts' of the zone's × (d ÷ D)^¼ was found by trial, and gives the zone's within 2 % for the fits in ``SupplyFacts``.
    var components: (regional: RunLengths?, local: RunLengths?) {
        let penalty = max(1, sizePenalty)
        let (mean, median) = (upMean.seconds / penalty, upMedian.seconds / penalty)
        let downSeconds = downMean.seconds
        guard mean > 0, downSeconds > 0 else { return (nil, nil) }
        let a = mean / (mean + downSeconds)
        let share = min(max(regionalShare, 0), 1)
        let local = a + share * (1 - a)
        let regional = a / local
        let down = downSeconds * (local + regional - 2 * a) / (1 - a)
        let fall = Self.logNormal(
            mean: down, median: downMedian.seconds * Mathematics.pow(down / downSeconds, 0.25))
        guard share > 0 else { return (nil, RunLengths(up: Self.logNormal(mean: mean, median: median), down: fall)) }
        guard share < 1 else { return (RunLengths(up: Self.logNormal(mean: mean, median: median), down: fall), nil) }
        let means = (down * regional / (1 - regional), down * local / (1 - local))
        let both = CompositeUpRun(means: means).medianOfParts(for: median)
        return (
            RunLengths(up: Self.logNormal(mean: means.0, median: both), down: fall),
            RunLengths(up: Self.logNormal(mean: means.1, median: both), down: fall)
        )
    }

    /// A median that is not positive or exceeds the mean counts as the mean: runs of one length.
    static func logNormal(mean: Double, median: Double) -> Distribution {
        let ratio = median > 0 && median < mean ? mean / median : 1
        return .logNormal(median: mean / ratio, sigma: (2 * Mathematics.log(ratio)).squareRoot())
    }
}

/// The time that two independent stationary processes with log-normal up-runs are up together.
struct CompositeUpRun {
    /// Mean up-runs of the two.
    let means: (Double, Double)

    /// Chance that a common up-run exceeds `time` when both parts' up-runs have the median `median`.
    ///
    /// From a random common up moment both go on for t with probability G₁G₂, G the residual survival; common up-runs
    /// are its slope: P(T > t) ∝ S₁G₂ ÷ U₁ + G₁S₂ ÷ U₂.
    func survival(of time: Double, median: Double) -> Double {
        let (s1, g1) = Self.survivals(of: time, mean: means.0, median: median)
        let (s2, g2) = Self.survivals(of: time, mean: means.1, median: median)
        return (s1 * g2 / means.0 + g1 * s2 / means.1) / (1 / means.0 + 1 / means.1)
    }

    /// The median of both parts' up-runs that makes the common up-run's median `median`; the longest possible where even
    /// runs of one length are cut too short.
    func medianOfParts(for median: Double) -> Double {
        var (low, high) = (median / 16, min(means.0, means.1))
        guard low < high, median > 0 else { return high }
        guard survival(of: median, median: high) > 0.5 else { return high }
        for _ in 0..<60 {
            let middle = (low * high).squareRoot()
            if survival(of: median, median: middle) > 0.5 { high = middle } else { low = middle }
        }
        return (low * high).squareRoot()
    }

    /// Chance that an up-run exceeds `time`, and that what is left of one at a random up moment does.
    private static func survivals(of time: Double, mean: Double, median: Double) -> (Double, Double) {
        let sigma = (2 * Mathematics.log(max(1, mean / median))).squareRoot()
        guard sigma > 0 else { return (time < mean ? 1 : 0, max(0, 1 - time / mean)) }
        let z = Mathematics.log(time / median) / sigma
        let survival = 1 - normalProbability(below: z)
        return (survival, max(0, 1 - normalProbability(below: z - sigma) - time / mean * survival))
    }

    /// The inverse of the normal quantile, by bisection: it is needed a few hundred times per zone and no more.
    private static func normalProbability(below z: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<52 {
            let middle = (low + high) / 2
            if Mathematics.normalQuantile(middle) < z { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
