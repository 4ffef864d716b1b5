/// Intervals from one long run: its observations, in order, cut into batches long enough to be nearly independent of one
/// another (Law, *Simulation Modeling and Analysis*, 9.5.3).
public enum BatchMeans {
    /// The fewest observations in a batch.
    static let leastPerBatch = 10

    /// The mean of `values` with the 95 % interval that the means of `batches` batches give (Student's t, batches − 1
    /// degrees of freedom). Without an interval where a batch would have fewer than ten values, or where the batches still
    /// depend on one another: then there is not enough evidence. `nil` for no values.
    /// - Precondition: `batches` ≥ 2.
    public static func mean(of values: [Double], batches: Int) -> Estimate? {
        guard !values.isEmpty else { return nil }
        let centre = average(values[...])
        return Estimate(mean: centre, half: half(about: centre, values, batches, least: leastPerBatch, average))
    }

    /// The quantile `q` of `values` by nearest rank, with the 95 % interval that the quantiles of the batches give around
    /// it (sectioning: centred on the whole run's, whose bias is smaller than a batch's). Besides the reasons of
    /// ``mean(of:batches:)``, without an interval where a batch has no value beyond the quantile to be expected.
    public static func quantile(_ q: Double, of values: [Double], batches: Int) -> Estimate? {
        guard !values.isEmpty else { return nil }
        let centre = nearestRank(q, values[...])
        let least = max(leastPerBatch, Int((1 / max(1 - q, 1e-9)).rounded(.up)))
        return Estimate(
            mean: centre, half: half(about: centre, values, batches, least: least) { nearestRank(q, $0) })
    }

    private static func half(
        about centre: Double, _ values: [Double], _ batches: Int, least: Int, _ figure: (ArraySlice<Double>) -> Double
    ) -> Double? {
        precondition(batches >= 2, "an interval needs two batches")
        guard values.count / batches >= least else { return nil }
        let figures = (0..<batches).map { index in
            figure(values[(index * values.count / batches)..<((index + 1) * values.count / batches)])
        }
        guard !areCorrelated(figures) else { return nil }
        let count = Double(batches)
        let squares = figures.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        let error = (squares / (count - 1) / count).squareRoot()
        return error == 0 ? 0 : StudentT.quantile(central: 0.95, degrees: batches - 1) * error
    }

    /// Whether neighbours are alike beyond what chance does to independent values once in a hundred.
    static func areCorrelated(_ values: [Double]) -> Bool {
        let centre = average(values[...])
        let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
        guard squares > 0, values.count > 2 else { return false }
        let products = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - centre) * ($1.1 - centre) }
        return products / squares > 2.326 / Double(values.count).squareRoot()
    }

    private static func average(_ values: ArraySlice<Double>) -> Double {
        let first = values.first ?? 0
        return first + values.reduce(0) { $0 + ($1 - first) } / Double(max(1, values.count))
    }

    private static func nearestRank(_ q: Double, _ values: ArraySlice<Double>) -> Double {
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, max(0, Int((q * Double(sorted.count)).rounded(.up)) - 1))]
    }
}
