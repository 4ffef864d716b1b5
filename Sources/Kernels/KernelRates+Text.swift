import PerformanceModel

extension KernelRates {
    /// A line for each limit and a table with a row for each kernel, each line ended by a line feed.
    public var text: String {
        var table = TextTable([
            ("kernel", .left), ("format", .left), ("rate", .right), ("", .left), ("share", .right), ("of", .left),
            ("least", .right), ("most", .right), ("bar", .right), ("", .left),
        ])
        for rate in rates {
            table.add([
                rate.kernel, rate.format.rawValue, decimal(rate.rate / 1e9, places: 1),
                rate.limit == .product ? "GFLOP/s" : "GB/s", Self.percent(rate.share), rate.limit.rawValue,
                Self.percent(rate.shares[0]), Self.percent(rate.shares[rate.shares.count - 1]),
                rate.bar.map(Self.percent) ?? "", rate.bar == nil ? "" : rate.isReached ? "reached" : "missed",
            ])
        }
        return """
            GEMM rate \(decimal(limits.gemmOperationsPerSecond / 1e9, places: 1)) GFLOP/s, copy bandwidth \
            \(decimal(limits.copyBytesPerSecond / 1e9, places: 1)) GB/s, reading \
            \(decimal(limits.readBytesPerSecond / 1e9, places: 1)) GB/s; middle shares of \
            \(rates.first?.shares.count ?? 0) rounds, each against the limits of its round

            """ + table.text
    }

    private static func percent(_ share: Double) -> String { decimal(share * 100) + " %" }
}
