import Primitives
import Workloads

/// How users by region change a workload that does not know regions of its own.
struct UserSpread {
    private let users: [UserSettings]
    private let shares: [Double]

    /// `nil` where there are no users, or where the workload says where its requests come from.
    /// - Parameter regions: the workload's.
    /// - Throws: ``ScenarioError`` where both say it, or users are of a region that the workload does not have.
    init?(_ users: [UserSettings], over regions: [String]) throws {
        guard !users.isEmpty else { return nil }
        guard regions.isEmpty || regions == ["default"] else {
            try Self.check(users, against: regions)
            return nil
        }
        self.users = users
        let given = users.compactMap(\.share)
        if let share = given.first, given.count < users.count {
            throw share.error(.missingKey, "give every region a `share`, or none of them")
        }
        let total = given.reduce(0) { $0 + $1.value }
        shares = users.map { ($0.share?.value).map { $0 / total } ?? 1 / Double(users.count) }
    }

    private static func check(_ users: [UserSettings], against regions: [String]) throws {
        for user in users {
            let name = user.region.value
            guard regions.contains(name) else {
                throw user.region.error(
                    .unknownName, "the workload has no users in `\(name)`\(suggestion(for: name, among: regions))")
            }
            let why = "the workload itself says which request comes from where, and when"
            if let share = user.share { throw share.error(.conflict, "`share` has no effect: \(why)") }
            if let curve = user.curve {
                throw ScenarioError(.conflict, "`curve` has no effect: \(why)", at: curve.position)
            }
        }
    }

    /// Notes shares and curves that were filled in.
    func note(_ log: inout AssumptionLog) {
        if users.allSatisfy({ $0.share == nil }), users.count > 1 {
            log.add(default: "share of users", "equal", source: "no region has a `share`")
        }
        for user in users {
            if let curve = user.curve { log.note(curve.defaults, of: "curve of \(user.region.value)") }
        }
        if users.contains(where: { $0.curve != nil }) {
            log.add(default: "the run's clock", "begins at midnight UTC", source: "`curve` is in local time")
        }
    }

    /// Whether regions' rates move over the day.
    private var firstCurve: DailyCurve? { users.lazy.compactMap(\.curve).first }

    /// The workload with every region's own arrivals, where regions have days of their own.
    func applied(to workload: Workload) throws -> Workload {
        guard let curve = firstCurve else { return workload }
        switch workload {
        case .synthetic(let synthetic): return try spread(synthetic, curve)
        case .transformed(let inner, let transforms): return .transformed(try applied(to: inner), transforms)
        case .trace, .mix:
            throw ScenarioError(
                .conflict,
                "`curve` shapes arrivals that are made at a constant `rate`; this workload has times of its own",
                at: curve.position)
        }
    }

    private func spread(_ workload: SyntheticWorkload, _ curve: DailyCurve) throws -> Workload {
        guard case .constant(let rate) = workload.arrivals.rate else {
            throw ScenarioError(
                .conflict, "`curve` shapes arrivals of a constant `rate`; these have a curve of their own",
                at: curve.position)
        }
        let parts = zip(users, shares).map { user, share in
            var part = workload
            part.arrivals.rate = Self.rate(rate * share, user.curve)
            for index in part.classes.indices { part.classes[index].regions = [RegionShare(name: user.region.value)] }
            return Workload.Part(.synthetic(part))
        }
        let mix = Workload.mix(parts)
        return workload.limit.map { .transformed(mix, [.limitRequests($0)]) } ?? mix
    }

    private static func rate(_ mean: Double, _ curve: DailyCurve?) -> RateCurve {
        guard let curve else { return .constant(mean) }
        return .diurnal(mean: mean, peakToTrough: 1 / curve.trough, peak: curve.peakSeconds)
    }

    /// The stream with a region for every request, where the workload has not been split by region.
    func regional(_ source: any RequestSource, seed: UInt64) -> any RequestSource {
        guard firstCurve == nil else { return source }
        return RegionalSource(source, names: users.map(\.region.value), shares: shares, seed: seed)
    }

    /// For the workload's line in reports.
    var summary: String { "users in \(users.count) region\(users.count == 1 ? "" : "s")" }
    /// Whether another seed sends other requests from other places.
    var dependsOnSeed: Bool { users.count > 1 }
}

/// Gives every request a region by share; the turns of a session stay in one.
final class RegionalSource: RequestSource {
    private let inner: any RequestSource
    private let names: [String]
    /// Upper ends of the shares, ascending to 1.
    private let bounds: [Double]
    private let key: RandomKey

    init(_ inner: any RequestSource, names: [String], shares: [Double], seed: UInt64) {
        self.inner = inner
        self.names = names
        var sum = 0.0
        bounds = shares.map { share in
            sum += share
            return sum
        }
        key = RandomKey(seed: seed).derived("user region")
    }

    var classes: [String] { inner.classes }
    var regions: [String] { names }
    var contents: PromptContentStore { inner.contents }
    var sharesPrefixes: Bool { inner.sharesPrefixes }
    var skipped: [SkippedRows] { inner.skipped }
    var shareRead: Double? { inner.shareRead }

    func read(into batch: inout [Request], limit: Int) throws {
        let first = batch.count
        try inner.read(into: &batch, limit: limit)
        for index in first..<batch.count {
            let request = batch[index]
            let draw = key.uniform(request.session == 0 ? request.id << 1 : UInt64(request.session) << 1 | 1)
            batch[index].regionIndex = UInt16(bounds.firstIndex { draw < $0 } ?? bounds.count - 1)
        }
    }
}
