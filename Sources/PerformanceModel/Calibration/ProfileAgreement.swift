/// How far two profiles of one machine are apart, beside what they say of themselves.
public struct ProfileAgreement: Hashable, Sendable {
    /// Which kernel.
    public var kernel: Kernel
    /// In which format.
    public var format: NumberFormat
    /// Middle |a ÷ b − 1| over the shapes that either profile measured, a and b being their fits' times.
    public var difference: Double
    /// What the two state together: the middle error of each fit on shapes it never saw, and the middle spread of the
    /// times that each was fitted to.
    public var stated: Double

    /// Whether the profiles agree within what they state.
    public var isWithin: Bool { difference <= stated }
}

extension DeviceProfile {
    /// The agreement of this profile with `other`, for each kernel and format that both have fits of.
    public func agreement(with other: DeviceProfile) -> [ProfileAgreement] {
        fits.compactMap { fit in
            guard let theirs = other.fit(fit.kernel, fit.format) else { return nil }
            let rows = (measurements + other.measurements).filter {
                $0.shape.kernel == fit.kernel && $0.format == fit.format
            }
            let apart = rows.map { abs(fit.time($0.work) / theirs.time($0.work) - 1) }
            guard let difference = ErrorSummary(apart)?.median else { return nil }
            return ProfileAgreement(
                kernel: fit.kernel, format: fit.format, difference: difference,
                stated: statedError(of: fit) + other.statedError(of: theirs))
        }
    }

    /// The middle error of `fit` on shapes kept out of it, or where there are none on its own, and the middle spread of
    /// its times.
    func statedError(of fit: KernelFit) -> Double {
        let spreads = measurements.filter { $0.shape.kernel == fit.kernel && $0.format == fit.format }
            .compactMap(\.spread)
        return (fit.heldOut ?? fit.fitted).median + (ErrorSummary(spreads)?.median ?? 0)
    }
}
