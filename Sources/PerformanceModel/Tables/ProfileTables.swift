extension DeviceProfile {
    /// What was measured where and when, and how well the fit predicts shapes it was not fitted to: a few lines and a
    /// table with a row per kernel, each line ended by a line feed.
    public var summary: String {
        var table = TextTable([
            ("kernel", .left), ("format", .left), ("shapes", .right), ("held out", .right), ("median", .right),
            ("mean", .right), ("worst", .right),
        ])
        for fit in fits {
            let error = fit.heldOut
            table.add([
                fit.kernel.rawValue, fit.format.rawValue, "\(fit.fitted.count + (error?.count ?? 0))",
                error.map { "\($0.count)" } ?? "none", percent(error?.median), percent(error?.mean),
                percent(error?.maximum),
            ])
        }
        let head = [
            "\(name): \(machine.processor), \(machine.cores) cores, \(machine.threads) threads, "
                + "\(decimal(Double(machine.memoryBytes) / 1_073_741_824, places: 1)) GiB",
            "measured \(date) with \(library)",
            "product rate \(decimal(machine.peakOperationsPerSecond / 1e9, places: 1)) GFLOP/s, copy bandwidth "
                + "\(decimal(machine.copyBytesPerSecond / 1e9, places: 1)) GB/s",
            "error of the predicted time on shapes kept out of the fit:",
        ]
        return head.map { $0 + "\n" }.joined() + table.text
    }

    /// How far the profile is from `other`, a row per kernel and format, each line ended by a line feed.
    public func agreementTable(with other: DeviceProfile) -> String {
        var table = TextTable([
            ("kernel", .left), ("format", .left), ("apart", .right), ("stated", .right), ("", .left),
        ])
        for one in agreement(with: other) {
            table.add([
                one.kernel.rawValue, one.format.rawValue, percent(one.difference), percent(one.stated),
                one.isWithin ? "within" : "beyond",
            ])
        }
        return "against the profile of \(other.date) that was here: middle difference of the predicted times, and the\n"
            + "sum of both profiles' errors and spreads:\n" + table.text
    }

    private func percent(_ share: Double?) -> String {
        share.map { decimal($0 * 100, places: 1) + " %" } ?? "-"
    }
}
