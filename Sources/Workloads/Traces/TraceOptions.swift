/// The trace formats that are read.
public enum TraceFormat: String, Sendable, Codable, CaseIterable {
    /// Azure LLM inference traces 2023 and 2024: `TIMESTAMP,ContextTokens,GeneratedTokens`.
    case azureLLM = "azure-llm"
    /// Azure multimodal trace 2025: `TIMESTAMP,NumImages,ContextTokens,GeneratedTokens`.
    case azureMultimodal = "azure-multimodal"
    /// BurstGPT, six or eight columns; a response of zero tokens marks a failed request.
    case burstGPT = "burstgpt"
    /// Mooncake: one JSON object per line with `timestamp` (ms), `input_length`, `output_length`, `hash_ids`.
    case mooncake
    /// A ServeGen folder: `chunk-N-trace.csv` (rate windows) with `chunk-N-dataset.json` (length distributions).
    case serveGen = "servegen"
    /// Vidur: `arrived_at` (s), `num_prefill_tokens`, `num_decode_tokens`.
    case vidur
    /// Any CSV with a header, through ``TraceOptions/columns``.
    case csv
    /// What Isocost itself writes.
    case isocost
}

/// Which moment becomes time zero.
public enum TraceOrigin: String, Sendable, Codable, CaseIterable {
    /// The first request's arrival.
    case firstArrival = "first-arrival"
    /// The file's own zero; for calendar timestamps, midnight (UTC) of the first row's day.
    case file
}

/// What happens to rows whose output is zero tokens.
public enum ZeroOutputPolicy: String, Sendable, Codable, CaseIterable {
    /// An error at the row.
    case refuse
    /// Left out and counted in ``RequestSource/skipped``.
    case skip
    /// Replayed as a request for one token.
    case keepAsOneToken = "keep-as-one-token"
}

/// How a generic CSV's arrival column counts time.
public enum ArrivalUnit: String, Sendable, Codable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"
    /// `YYYY-MM-DD HH:MM:SS[.fraction][zone]`, `T` allowed between date and time; no zone means UTC.
    case timestamp

    /// Nanoseconds per unit as a power of ten.
    var exponent: Int {
        switch self {
        case .seconds: 9
        case .milliseconds: 6
        case .microseconds: 3
        case .nanoseconds, .timestamp: 0
        }
    }
}

/// Names of a generic CSV's columns.
public struct TraceColumns: Sendable, Equatable, Codable {
    /// The arrival, counted in ``arrivalUnit``.
    public var arrival: String
    /// How the arrival column counts time; seconds by default.
    public var arrivalUnit: ArrivalUnit
    /// Prompt tokens.
    public var input: String
    /// Generated tokens.
    public var output: String
    /// Request class; the names found become ``RequestSource/classes`` (the file is read once ahead for them).
    public var requestClass: String?
    /// User region; the names found become ``RequestSource/regions``.
    public var region: String?
    /// A whole number; lower is served first.
    public var priority: String?
    /// Conversation: a number or any text.
    public var session: String?
    /// Images in the prompt.
    public var images: String?

    /// Names of the columns; those left out are not read.
    public init(
        arrival: String, arrivalUnit: ArrivalUnit = .seconds, input: String, output: String,
        requestClass: String? = nil, region: String? = nil, priority: String? = nil, session: String? = nil,
        images: String? = nil
    ) {
        self.arrival = arrival
        self.arrivalUnit = arrivalUnit
        self.input = input
        self.output = output
        self.requestClass = requestClass
        self.region = region
        self.priority = priority
        self.session = session
        self.images = images
    }
}

/// How a trace is read.
public struct TraceOptions: Sendable, Equatable {
    /// `nil`: recognised from the header or the first line.
    public var format: TraceFormat?
    /// Which moment becomes time zero. `nil`: the file's own zero in Isocost's format, the first arrival elsewhere.
    public var origin: TraceOrigin?
    /// Prompt tokens per entry of `hash_ids`, refused for every format but Mooncake. `nil`: 512 as in Mooncake's own
    /// traces; it is 16 in Bailian's, 64 in WEKA's.
    public var hashBlockTokens: Int32?
    /// `nil`: `skip` for BurstGPT and ServeGen, where zero marks a failed or empty request, `refuse` elsewhere.
    public var zeroOutput: ZeroOutputPolicy?
    /// Needed for ``TraceFormat/csv``, refused for every other format.
    public var columns: TraceColumns?
    /// The one class of a trace that names none.
    public var className: String
    /// The one region of a trace that names none.
    public var regionName: String
    /// Seeds the draws of a ServeGen folder; other formats draw nothing.
    public var seed: UInt64

    /// Options with the defaults stated at each.
    public init(
        format: TraceFormat? = nil, origin: TraceOrigin? = nil, hashBlockTokens: Int32? = nil,
        zeroOutput: ZeroOutputPolicy? = nil, columns: TraceColumns? = nil, className: String = "default",
        regionName: String = "default", seed: UInt64 = 0
    ) {
        self.format = format
        self.origin = origin
        self.hashBlockTokens = hashBlockTokens
        self.zeroOutput = zeroOutput
        self.columns = columns
        self.className = className
        self.regionName = regionName
        self.seed = seed
    }
}
