/// What a catalogue file does not say about itself.
public struct CatalogueSource: Sendable, Equatable {
    /// What becomes of rows that differ by availability zone alone.
    public enum Zones: Sendable, Equatable {
        /// One offer per type and region, at the lowest price of any zone: where a planner would place it.
        case merged
        /// One offer per zone, with the zone as a fourth part of its id: `aws/g6e.xlarge/us-east-1/use1-az1`.
        case separate
    }

    /// As in offer ids, e.g. `vast`. A `Cloud` column takes precedence row by row.
    public var provider: String
    /// Name of the file, for errors.
    public var file: String
    /// What ``Offer/source`` shall say.
    public var source: String
    /// Date of the prices. An `Observed` column takes precedence row by row.
    public var observed: String
    /// What becomes of zones.
    public var zones: Zones

    /// Facts about the file; the provider is taken in lower case.
    public init(
        provider: String, file: String, source: String? = nil, observed: String = "undated", zones: Zones = .merged
    ) {
        self.provider = provider.lowercased()
        self.file = file
        self.source = source ?? "imported from \(file)"
        self.observed = observed
        self.zones = zones
    }

    func error(at field: CSVField, _ problem: String) -> CatalogueError {
        CatalogueError(file: file, line: field.line, column: field.column, problem, text: field.text)
    }
}

extension Market {
    /// Hyperscale for the five largest list-price clouds, distributed for everyone else.
    static func of(provider: String) -> Market {
        ["aws", "gcp", "azure", "oci", "ibm"].contains(provider) ? .hyperscale : .distributed
    }
}
