public import Primitives

/// A workload described by distributions. With a seed it is a stream of requests, the same on every machine core.
///
/// Each arrival draws its class by weight, then what that class prescribes. Every draw is keyed by
/// (seed, purpose, arrival number), so changing lengths, prefixes or conversations never moves an arrival.
public struct SyntheticWorkload: Sendable, Hashable, Codable {
    /// When requests, or conversations, begin.
    public var arrivals: ArrivalProcess
    /// At least one; names all different.
    public var classes: [RequestClass]
    /// No request arrives at this time or later.
    public var duration: SimulatedDuration?
    /// No more requests than this.
    public var limit: UInt64?

    /// Several classes. Either `duration` or `limit` must be given before the workload can run.
    public init(
        arrivals: ArrivalProcess, classes: [RequestClass], duration: SimulatedDuration? = nil, limit: UInt64? = nil
    ) {
        self.arrivals = arrivals
        self.classes = classes
        self.duration = duration
        self.limit = limit
    }

    /// One class with the given lengths.
    public init(
        arrivals: ArrivalProcess, lengths: LengthModel, duration: SimulatedDuration? = nil, limit: UInt64? = nil
    ) {
        self.init(
            arrivals: arrivals, classes: [RequestClass(name: "default", lengths: lengths)], duration: duration,
            limit: limit)
    }

    /// Checks everything.
    /// - Throws: ``WorkloadError`` naming the first setting that is out of bounds.
    public func validate() throws(WorkloadError) {
        do { try arrivals.validate() } catch { throw error.within("arrivals") }
        guard !classes.isEmpty, classes.count <= 65_536 else {
            throw WorkloadError(setting: "classes", message: "a workload has 1 to 65,536 classes")
        }
        guard Set(classes.map(\.name)).count == classes.count else {
            throw WorkloadError(setting: "classes", message: "the classes' names are not all different")
        }
        guard Set(classes.flatMap(\.regions).map(\.name)).count <= 65_536 else {
            throw WorkloadError(setting: "classes", message: "there are at most 65,536 regions")
        }
        guard WeightedChoice(weights: classes.map(\.weight)) != nil else {
            throw WorkloadError(setting: "classes", message: "weights are at least 0 and not all 0")
        }
        for requestClass in classes {
            do { try requestClass.validate() } catch { throw error.within("classes.\(requestClass.name)") }
        }
        guard duration != nil || limit != nil else {
            throw WorkloadError(message: "a synthetic workload needs a duration or a limit of requests")
        }
        guard duration.map({ $0 > .zero && $0.seconds <= 4.6e9 }) ?? true else {
            throw WorkloadError(setting: "duration", message: "a duration lies above 0 and under 145 years")
        }
    }

    /// The stream of requests for a seed.
    /// - Throws: ``WorkloadError`` as ``validate()`` does.
    public func source(seed: UInt64) throws(WorkloadError) -> any RequestSource {
        try validate()
        return SyntheticSource(self, key: RandomKey(seed: seed).derived("workload"))
    }
}

/// A kind of request within a ``SyntheticWorkload``.
public struct RequestClass: Sendable, Hashable, Codable {
    /// The class's name in reports.
    public var name: String
    /// Share of arrivals, relative to the other classes' weights.
    public var weight: Double
    /// The new tokens of a prompt (after the shared prefix, beyond what the conversation has said) and the output.
    public var lengths: LengthModel
    /// Lower is served first.
    public var priority: Int32
    /// Where its users are; at least one.
    public var regions: [RegionShare]
    /// Prompts that start alike; `nil` if none do.
    public var prefixes: SharedPrefixes?
    /// Several turns per arrival; `nil` for single requests.
    public var conversation: Conversation?

    /// A class of single requests from one region that share nothing, unless said otherwise.
    public init(
        name: String, weight: Double = 1, lengths: LengthModel, priority: Int32 = 0,
        regions: [RegionShare] = [RegionShare(name: "default")], prefixes: SharedPrefixes? = nil,
        conversation: Conversation? = nil
    ) {
        self.name = name
        self.weight = weight
        self.lengths = lengths
        self.priority = priority
        self.regions = regions
        self.prefixes = prefixes
        self.conversation = conversation
    }

    /// Checks everything but the name.
    /// - Throws: ``WorkloadError`` naming the first setting that is out of bounds.
    public func validate() throws(WorkloadError) {
        do { try lengths.validate() } catch { throw error.within("lengths") }
        guard WeightedChoice(weights: regions.map(\.weight)) != nil else {
            throw WorkloadError(setting: "regions", message: "weights are at least 0 and not all 0")
        }
        do { try prefixes?.validate() } catch { throw error.within("prefixes") }
        do { try conversation?.validate() } catch { throw error.within("conversation") }
    }
}

/// A region's share of a class's users.
public struct RegionShare: Sendable, Hashable, Codable {
    /// The region's name.
    public var name: String
    /// Relative to the other regions' weights.
    public var weight: Double

    /// A region with its weight.
    public init(name: String, weight: Double = 1) {
        self.name = name
        self.weight = weight
    }
}

/// Groups of prompts that begin with the same tokens, such as a system prompt or a document.
public struct SharedPrefixes: Sendable, Hashable, Codable {
    /// How many different prefixes, 1 to 1,048,576.
    public var groups: Int
    /// Popularity falls with rank as 1 ÷ rank^exponent; 0 makes all alike.
    public var exponent: Double
    /// Length of each group's prefix, drawn once per group.
    public var tokens: LengthDistribution

    /// Prefix groups; popularity by Zipf's law with exponent 1 unless said otherwise.
    public init(groups: Int, exponent: Double = 1, tokens: LengthDistribution) {
        self.groups = groups
        self.exponent = exponent
        self.tokens = tokens
    }

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        guard (1...1 << 20).contains(groups) else {
            throw WorkloadError(setting: "groups", message: "there are 1 to 1,048,576 prefix groups")
        }
        guard exponent.isFinite, (0...100).contains(exponent) else {
            throw WorkloadError(setting: "exponent", message: "a Zipf exponent lies between 0 and 100")
        }
        do { try tokens.validate() } catch { throw error.within("tokens") }
    }
}

/// Multi-turn sessions. A turn's prompt is the previous prompt, the previous output, and the new tokens.
public struct Conversation: Sendable, Hashable, Codable {
    /// Turns per session.
    public var turns: LengthDistribution
    /// Seconds from one turn's arrival to the next's: the reply's duration is part of it, since a workload does not
    /// know how fast it will be served.
    public var thinkTime: Distribution
    /// A session ends before a turn whose prompt would be longer than this, in tokens.
    public var maximumContext: Int32

    /// Sessions; contexts up to 131,072 tokens unless said otherwise.
    public init(turns: LengthDistribution, thinkTime: Distribution, maximumContext: Int32 = 131_072) {
        self.turns = turns
        self.thinkTime = thinkTime
        self.maximumContext = maximumContext
    }

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        do { try turns.validate() } catch { throw error.within("turns") }
        guard thinkTime.isValid else {
            throw WorkloadError(setting: "thinkTime", message: "the distribution's parameters are out of bounds")
        }
        guard (1...LengthDistribution.longest).contains(maximumContext) else {
            throw WorkloadError(
                setting: "maximumContext", message: "a context is 1 to \(LengthDistribution.longest) tokens")
        }
    }
}
