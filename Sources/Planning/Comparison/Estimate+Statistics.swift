extension Estimate {
    /// Mean and 95 % confidence interval of the mean of independent `values` (Student's t, n − 1 degrees of freedom);
    /// `nil` for no values. Equal values have a half-width of exactly 0.
    public init?(of values: [Double]) {
        guard let first = values.first else { return nil }
        let count = Double(values.count)
        // Deviations from the first value, so that equal values have exactly their own value as mean.
        let mean = first + values.reduce(0) { $0 + ($1 - first) } / count
        guard values.count > 1 else {
            self.init(mean: mean, half: nil)
            return
        }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares / (count - 1) / count).squareRoot()
        let half = error == 0 ? 0 : StudentT.quantile(central: 0.95, degrees: values.count - 1) * error
        self.init(mean: mean, half: half)
    }

    /// As above; `nil` also where any value is missing.
    init?(ofAll values: [Double?]) {
        let known = values.compactMap { $0 }
        guard known.count == values.count else { return nil }
        self.init(of: known)
    }

    /// Difference of the means of two independent samples, with Welch's 95 % interval, whose degrees of freedom are
    /// rounded down; no interval where a sample has fewer than two values, `nil` where one is empty.
    init?(of values: [Double], minus others: [Double]) {
        guard let mine = Estimate(of: values), let theirs = Estimate(of: others) else { return nil }
        guard values.count > 1, others.count > 1 else {
            self.init(mean: mine.mean - theirs.mean, half: nil)
            return
        }
        /// Variance of the mean, and what it adds to Welch's denominator.
        func spread(_ values: [Double], _ mean: Double) -> (variance: Double, term: Double) {
            let count = Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1) / count
            return (variance, variance * variance / (count - 1))
        }
        let (a, b) = (spread(values, mine.mean), spread(others, theirs.mean))
        let variance = a.variance + b.variance
        guard variance > 0 else {
            self.init(mean: mine.mean - theirs.mean, half: 0)
            return
        }
        // A whole number of degrees must not lose one to the last bit of the quotient.
        let degrees = max(1, Int(variance * variance / (a.term + b.term) * (1 + 1e-9)))
        self.init(
            mean: mine.mean - theirs.mean,
            half: StudentT.quantile(central: 0.95, degrees: degrees) * variance.squareRoot())
    }

    /// Whether the interval lies on one side of zero; `nil` where there is no interval.
    public var excludesZero: Bool? { half.map { abs(mean) > $0 } }
}
