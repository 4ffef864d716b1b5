/// A continuous distribution with a density, as a value. Sampling draws from a ``KeyedGenerator``, so a sample is a
/// pure function of the key.
public enum Distribution: Sendable, Hashable, Codable {
    /// Always `value`.
    case constant(Double)
    /// Uniform between two bounds, `low` < `high`.
    case uniform(low: Double, high: Double)
    /// Exponential with the given mean > 0.
    case exponential(mean: Double)
    /// Gamma, density ∝ x^(shape−1)·e^(−x/scale); both > 0.
    case gamma(shape: Double, scale: Double)
    /// Weibull, P(X > x) = exp(−(x/scale)^shape); both > 0.
    case weibull(shape: Double, scale: Double)
    /// e to the power of a normal variable with mean `mu` and standard deviation `sigma` ≥ 0.
    case logNormal(mu: Double, sigma: Double)
    /// Normal; `standardDeviation` ≥ 0.
    case normal(mean: Double, standardDeviation: Double)

    /// A gamma variable with the given mean and coefficient of variation, both > 0.
    public static func gamma(mean: Double, cv: Double) -> Self {
        .gamma(shape: 1 / (cv * cv), scale: mean * cv * cv)
    }

    /// A Weibull variable with the given mean and shape, both > 0.
    public static func weibull(mean: Double, shape: Double) -> Self {
        .weibull(shape: shape, scale: mean / Mathematics.exp(Mathematics.logGamma(1 + 1 / shape)))
    }

    /// A Weibull variable with the given mean > 0 and coefficient of variation, 0.01 ≤ cv ≤ 1,000.
    public static func weibull(mean: Double, cv: Double) -> Self {
        .weibull(mean: mean, shape: weibullShape(cv: cv))
    }

    /// A log-normal variable with the given median > 0 and `sigma` ≥ 0.
    public static func logNormal(median: Double, sigma: Double) -> Self {
        .logNormal(mu: Mathematics.log(median), sigma: sigma)
    }

    /// The Weibull shape whose coefficient of variation is `cv`, by bisection on the (falling) function
    /// cv² = Γ(1 + 2/k) ÷ Γ(1 + 1/k)² − 1; exact to about 1e-14. Outside 0.01…1,000 the nearer bound is used.
    public static func weibullShape(cv: Double) -> Double {
        let wanted = Mathematics.log(1 + min(max(cv, 0.01), 1_000) * min(max(cv, 0.01), 1_000))
        var low = 0.05
        var high = 200.0
        for _ in 0..<200 where high - low > 1e-15 * high {
            let middle = (low + high) / 2
            let value = Mathematics.logGamma(1 + 2 / middle) - 2 * Mathematics.logGamma(1 + 1 / middle)
            if value > wanted { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// Whether the parameters are finite and within the bounds each case states.
    public var isValid: Bool {
        switch self {
        case .constant(let value): value.isFinite
        case .uniform(let low, let high): low.isFinite && high.isFinite && low < high
        case .exponential(let mean): mean.isFinite && mean > 0
        case .gamma(let shape, let scale), .weibull(let shape, let scale):
            shape.isFinite && scale.isFinite && shape > 0 && scale > 0
        case .logNormal(let centre, let spread), .normal(let centre, let spread):
            centre.isFinite && spread.isFinite && spread >= 0
        }
    }
}

extension Distribution {
    /// The expected value.
    public var mean: Double {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): (low + high) / 2
        case .exponential(let mean): mean
        case .gamma(let shape, let scale): shape * scale
        case .weibull(let shape, let scale): scale * Mathematics.exp(Mathematics.logGamma(1 + 1 / shape))
        case .logNormal(let mu, let sigma): Mathematics.exp(mu + sigma * sigma / 2)
        case .normal(let mean, _): mean
        }
    }

    /// The variance.
    public var variance: Double {
        switch self {
        case .constant: 0
        case .uniform(let low, let high): (high - low) * (high - low) / 12
        case .exponential(let mean): mean * mean
        case .gamma(let shape, let scale): shape * scale * scale
        case .weibull(let shape, let scale):
            scale * scale * Mathematics.exp(Mathematics.logGamma(1 + 2 / shape)) - mean * mean
        case .logNormal(_, let sigma): mean * mean * (Mathematics.exp(sigma * sigma) - 1)
        case .normal(_, let deviation): deviation * deviation
        }
    }

    /// One sample. Consumes one draw, except gamma (a varying number, on average under 3).
    /// - Precondition: ``isValid``.
    public func sample(using generator: inout KeyedGenerator) -> Double {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): low + (high - low) * generator.uniform()
        case .exponential(let mean): -mean * Mathematics.log(generator.uniform())
        case .gamma(let shape, let scale): scale * Self.standardGamma(shape: shape, using: &generator)
        case .weibull(let shape, let scale):
            scale * Mathematics.pow(-Mathematics.log(generator.uniform()), 1 / shape)
        case .logNormal(let mu, let sigma):
            Mathematics.exp(mu + sigma * Mathematics.normalQuantile(generator.uniform()))
        case .normal(let mean, let deviation):
            mean + deviation * Mathematics.normalQuantile(generator.uniform())
        }
    }

    /// One sample of the time from a random moment to the next event of a renewal process whose gaps have this
    /// distribution: a uniform share of a length-biased gap. A process that starts with it is stationary, so its
    /// expected count is exactly rate × time. Defined for non-negative distributions.
    /// - Precondition: ``isValid``, and not `normal`.
    public func sampleResidual(using generator: inout KeyedGenerator) -> Double {
        let share = generator.uniform()
        return share * sampleLengthBiased(using: &generator)
    }

    private func sampleLengthBiased(using generator: inout KeyedGenerator) -> Double {
        switch self {
        case .constant(let value): return value
        case .uniform(let low, let high):
            return (low * low + (high * high - low * low) * generator.uniform()).squareRoot()
        case .exponential(let mean): return mean * Self.standardGamma(shape: 2, using: &generator)
        case .gamma(let shape, let scale): return scale * Self.standardGamma(shape: shape + 1, using: &generator)
        case .weibull(let shape, let scale):
            let powered = Self.standardGamma(shape: 1 + 1 / shape, using: &generator)
            return scale * Mathematics.pow(powered, 1 / shape)
        case .logNormal(let mu, let sigma):
            return Distribution.logNormal(mu: mu + sigma * sigma, sigma: sigma).sample(using: &generator)
        case .normal: preconditionFailure("a normal variable can be negative and is no gap")
        }
    }

    /// Marsaglia and Tsang (2000); below shape 1 through Gamma(shape + 1)·U^(1/shape).
    private static func standardGamma(shape: Double, using generator: inout KeyedGenerator) -> Double {
        guard shape >= 1 else {
            let boost = Mathematics.pow(generator.uniform(), 1 / shape)
            return boost * standardGamma(shape: shape + 1, using: &generator)
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let normal = Mathematics.normalQuantile(generator.uniform())
            let root = 1 + c * normal
            guard root > 0 else { continue }
            let v = root * root * root
            let logUniform = Mathematics.log(generator.uniform())
            if logUniform < 0.5 * normal * normal + d - d * v + d * Mathematics.log(v) { return d * v }
        }
    }
}
