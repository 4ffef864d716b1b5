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

    /// Whether the interval lies on one side of zero; `nil` where there is no interval.
    public var excludesZero: Bool? { half.map { abs(mean) > $0 } }
}
