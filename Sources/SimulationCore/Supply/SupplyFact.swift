/// A default about supply, with where it comes from.
public struct SupplyFact<Value: Sendable & Equatable>: Sendable, Equatable {
    /// In the unit that the function which returns it states.
    public let value: Value
    /// Publication or data with its date, and what to know before believing the value.
    public let source: String
    /// How well it is known.
    public let confidence: SupplyConfidence

    init(_ value: Value, _ confidence: SupplyConfidence, _ source: String) {
        self.value = value
        self.source = source
        self.confidence = confidence
    }
}

/// How well a ``SupplyFact`` is known, best first.
public enum SupplyConfidence: String, Sendable, Codable, CaseIterable {
    /// Computed from recorded data of the thing in question.
    case measured
    /// Stated by the provider or a dated publication.
    case published
    /// Computed from measured or published figures by a stated rule.
    case derived
    /// A stated assumption: nothing better was found.
    case assumed
}

/// One part of a ``HostMarketFact``, as a line for a reader.
public struct SupplyNote: Sendable, Equatable {
    /// The setting, in words.
    public let subject: String
    /// With its unit.
    public let value: String
    /// Where it comes from, with date.
    public let source: String
    /// How well it is known.
    public let confidence: SupplyConfidence

    init(_ subject: String, _ value: String, _ confidence: SupplyConfidence, _ source: String) {
        self.subject = subject
        self.value = value
        self.source = source
        self.confidence = confidence
    }
}

/// How scarce a region's spot capacity is.
public enum SpotTightness: String, Sendable, Codable, CaseIterable {
    /// As us-east-1 in the traces: up 42 % of the time.
    case scarce
    /// All zones of the traces pooled: 64 %.
    case typical
    /// As us-west-2 in the traces: 89 %.
    case ample
}

/// Who runs the machines of a pool.
public enum HostTier: String, Sendable, Codable, CaseIterable {
    /// One provider's own data centres.
    case hyperscale
    /// Data centres that rent out through a marketplace.
    case dataCentre = "data centre"
    /// Anybody.
    case community
}

/// What is known of the market for one accelerator.
public struct HostMarketFact: Sendable, Equatable {
    /// Machines of the asked number of accelerators.
    public let population: HostPopulation
    /// Unrented offers on a day, of any number of accelerators: 10th percentile, median, 90th percentile.
    public let offersPerDay: [Int]
    /// What each part of the population rests on.
    public let notes: [SupplyNote]
}
