/// Why a row of a catalogue became no offer.
public enum ImportSkip: String, Sendable, CaseIterable {
    case noPrice = "no usable price on any terms"
    case fractionalAccelerator = "a fraction of an accelerator"
    case noInstanceType = "neither an instance type nor an accelerator"
    case acceleratorWithoutMachine = "accelerator that no machine of the file comes with"
    case machineWithoutAccelerator = "machine whose accelerator has no price in its zone"
}

/// What had to be corrected or assumed in a row that was used.
public enum ImportWarning: String, Sendable, CaseIterable {
    case spotZero = "spot price of 0 read as none"
    case spotEqualsOnDemand = "spot price equal to on-demand read as no spot offered"
    case spotAboveOnDemand = "spot price above on-demand: the implausible one of the two dropped"
    case notOnDemandPrice = "price marked as not on-demand: dropped"
    case auctionReserve = "reserve price of an auction read as spot, not on-demand"
    case unreadableShape = "vCPUs or host memory not a number: read as unknown"
    case memoryInGigabytes = "accelerator memory in GB under a name that says MiB"
    case hostMemoryIsAccelerators = "host memory repeats the accelerator's: read as unknown"
    case accelerator = "form factor or memory of the accelerator assumed"
    case acceleratorScaled = "price of one accelerator multiplied by the machine's count"
    case noRegion = "no region: read as global"
    case zonesMerged = "zones merged at the lowest price"
    case duplicate = "offer listed twice: newest, then lowest price kept"
}

/// How often each reason occurred, and where first.
public struct ImportTally<Reason: RawRepresentable<String> & CaseIterable & Hashable & Sendable>: Sendable, Equatable {
    private var counts: [Reason: Int] = [:]
    private var lines: [Reason: Int] = [:]

    mutating func add(_ reason: Reason, line: Int) {
        counts[reason, default: 0] += 1
        if lines[reason] == nil { lines[reason] = line }
    }

    /// How often `reason` occurred.
    public subscript(reason: Reason) -> Int { counts[reason] ?? 0 }
    /// Line of the file on which `reason` first occurred.
    public func firstLine(of reason: Reason) -> Int? { lines[reason] }
    /// Occurrences of all reasons.
    public var total: Int { counts.values.reduce(0, +) }
    /// One sentence per reason that occurred, in a fixed order: `12 × spot price of 0 read as none (first on line 4)`.
    public var descriptions: [String] {
        Reason.allCases.filter { self[$0] > 0 }.map { reason in
            "\(self[reason]) × \(reason.rawValue) (first on line \(lines[reason] ?? 0))"
        }
    }
}
