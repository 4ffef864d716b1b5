public import Pricing
public import Primitives
public import SimulationCore

/// How well an input is known, best first.
public enum Confidence: String, Sendable, Codable, CaseIterable {
    /// Measured on real hardware or read from a real trace.
    case measured
    /// A published, dated price or figure.
    case published
    /// Computed from published figures by a stated rule.
    case derived
    /// Set by the user in the scenario.
    case given
    /// A default of Isocost.
    case assumed
}

/// One input that the answer rests on.
public struct Assumption: Sendable, Equatable, Codable {
    /// What it is about, e.g. `price of aws/g6e.xlarge/us-east-1` or `decode step time on L40S`.
    public var subject: String
    /// Its value with unit, e.g. `1.861 $/h`.
    public var value: String
    /// Where it comes from, with date.
    public var source: String
    /// How well it is known.
    public var confidence: Confidence
    /// Stated error, e.g. `±12 %`; `nil` where exact or unknown (then `source` says so).
    public var error: String?

    /// An input with its origin.
    public init(subject: String, value: String, source: String, confidence: Confidence, error: String? = nil) {
        self.subject = subject
        self.value = value
        self.source = source
        self.confidence = confidence
        self.error = error
    }
}

/// One strategy, one seed.
public struct StrategyRun: Sendable, Equatable {
    /// The flat numbers.
    public var metrics: RunMetrics
    /// Everything measured, the ledger as billed.
    public var record: RunRecord
    /// The bill of the ledger.
    public var invoice: Invoice
    /// A finished run.
    public init(metrics: RunMetrics, record: RunRecord, invoice: Invoice) {
        self.metrics = metrics
        self.record = record
        self.invoice = invoice
    }
}

/// A mean with its 95 % confidence interval over replications (Student's t); `half` is `nil` for one replication.
public struct Estimate: Sendable, Equatable, Codable {
    /// The mean over replications.
    public var mean: Double
    /// Half-width of the interval.
    public var half: Double?
    /// An estimate from its parts.
    public init(mean: Double, half: Double?) {
        self.mean = mean
        self.half = half
    }
}

/// A strategy over all replications, and beside the baseline: one row of `comparison.csv`.
public struct StrategyComparison: Sendable, Equatable, Codable {
    /// The strategy's name.
    public var strategy: String
    /// Whether the others are compared with it.
    public var isBaseline: Bool
    /// Number of runs.
    public var replications: Int
    /// Named metrics: ``ComparedFigure/common`` in its order, attainment by class, the splits of cost and latency, the
    /// break-even price ratio.
    public var metrics: [Metric]
    /// Meets every bound of the SLO in every replication.
    public var meetsSLO: Bool
    /// Another strategy is at least as cheap and at least as good, and better in one.
    public var dominated: Bool
    /// The worst of its runs.
    public var verdict: LoadVerdict

    /// One compared metric.
    public struct Metric: Sendable, Equatable, Codable {
        /// As in the files, with its unit.
        public var name: String
        /// Mean and interval; `nil` where a run lacks the metric.
        public var value: Estimate?
        /// Paired difference to the baseline over equal seeds; `nil` for the baseline.
        public var difference: Estimate?
        /// A value from its parts.
        public init(name: String, value: Estimate?, difference: Estimate?) {
            self.name = name
            self.value = value
            self.difference = difference
        }
    }

    /// A value from its parts.
    public init(
        strategy: String, isBaseline: Bool, replications: Int, metrics: [Metric], meetsSLO: Bool, dominated: Bool,
        verdict: LoadVerdict
    ) {
        self.strategy = strategy
        self.isBaseline = isBaseline
        self.replications = replications
        self.metrics = metrics
        self.meetsSLO = meetsSLO
        self.dominated = dominated
        self.verdict = verdict
    }
}

/// One bound of the SLO, e.g. p99 of TTFT ≤ 2 s.
public struct ServiceObjective: Sendable, Equatable, Codable {
    /// What is bounded.
    public enum Quantity: String, Sendable, Codable, CaseIterable { case ttft, tpot, e2e }
    /// The bounded latency.
    public var quantity: Quantity
    /// In (0, 1), e.g. 0.99.
    public var quantile: Double
    /// The largest value allowed.
    public var bound: SimulatedDuration
    /// The request class it holds for; `nil` = all classes that set no bound on this quantity themselves.
    public var requestClass: String?

    /// A bound on a percentile.
    public init(quantity: Quantity, quantile: Double, bound: SimulatedDuration, requestClass: String? = nil) {
        self.quantity = quantity
        self.quantile = quantile
        self.bound = bound
        self.requestClass = requestClass
    }
}

/// How a pool's size follows its load, in words for a report.
public struct ScalingSummary: Sendable, Equatable, Codable {
    /// Kind of the autoscaler, as in a scenario.
    public var autoscaler: String
    /// Fewest replicas; the most are ``PoolSummary/replicas``.
    public var minimum: Int
    /// Replicas that serve from the start.
    public var initial: Int
    /// What a started replica goes through before it serves.
    public var startup: StartupStages
    /// Rented instances behind one replica.
    public var instancesPerReplica: Int
    /// A value from its parts.
    public init(
        autoscaler: String, minimum: Int, initial: Int, startup: StartupStages, instancesPerReplica: Int
    ) {
        self.autoscaler = autoscaler
        self.minimum = minimum
        self.initial = initial
        self.startup = startup
        self.instancesPerReplica = instancesPerReplica
    }
}

/// What a pool of a strategy is, in words for a report.
public struct PoolSummary: Sendable, Equatable, Codable {
    /// The pool's name, as on the invoice.
    public var name: String
    /// The offer's id in the price book.
    public var offerID: String
    /// Who rents it out.
    public var provider: String
    /// Where.
    public var region: String
    /// Kind of supply.
    public var market: Market
    /// How it is rented.
    public var terms: PurchaseTerms
    /// Canonical device name.
    public var device: String
    /// Model servers; the most there may be where the number follows the load.
    public var replicas: Int
    /// Devices that share each layer.
    public var tensorParallel: Int
    /// Stages of layers.
    public var pipelineParallel: Int
    /// As charged.
    public var pricePerInstanceHour: Money
    /// Where the price was read.
    public var priceSource: String
    /// When the price was read.
    public var priceObserved: String
    /// Cache blocks of one replica.
    public var kvBlocks: Int
    /// How the number of replicas follows the load; `nil` = it is fixed.
    public var scaling: ScalingSummary?
    /// A value from its parts.
    public init(
        name: String, offerID: String, provider: String, region: String, market: Market, terms: PurchaseTerms,
        device: String, replicas: Int, tensorParallel: Int, pipelineParallel: Int, pricePerInstanceHour: Money,
        priceSource: String, priceObserved: String, kvBlocks: Int, scaling: ScalingSummary? = nil
    ) {
        self.name = name
        self.offerID = offerID
        self.provider = provider
        self.region = region
        self.market = market
        self.terms = terms
        self.device = device
        self.replicas = replicas
        self.tensorParallel = tensorParallel
        self.pipelineParallel = pipelineParallel
        self.pricePerInstanceHour = pricePerInstanceHour
        self.priceSource = priceSource
        self.priceObserved = priceObserved
        self.kvBlocks = kvBlocks
        self.scaling = scaling
    }
    /// `6`, or `0–8` where the number follows the load.
    public var replicasText: String {
        guard let scaling, scaling.minimum < replicas else { return "\(replicas)" }
        return "\(scaling.minimum)–\(replicas)"
    }
}

/// A strategy's configuration in words, and its runs in order of replication.
public struct StrategyResult: Sendable, Equatable {
    /// The strategy's name.
    public var name: String
    /// How requests find a replica.
    public var router: RouterPolicy
    /// In order.
    public var pools: [PoolSummary]
    /// In order of replication.
    public var runs: [StrategyRun]
    /// A value from its parts.
    public init(name: String, router: RouterPolicy, pools: [PoolSummary], runs: [StrategyRun]) {
        self.name = name
        self.router = router
        self.pools = pools
        self.runs = runs
    }
}

/// Everything a report is rendered from: values only, no queries.
public struct ScenarioResult: Sendable, Equatable {
    /// The scenario's name, which is its folder's.
    public var name: String
    /// The scenario file's text, as run (after `--set`).
    public var text: String
    /// One line on the workload, e.g. `19,366 requests over 58.4 min from azure-2023-conv.csv`.
    public var workload: String
    /// The model's name.
    public var model: String
    /// Precisions in use, first pool first.
    public var precision: String
    /// The SLO; empty = none.
    public var objectives: [ServiceObjective]
    /// In the order of the scenario.
    public var strategies: [StrategyResult]
    /// One row per strategy.
    public var comparison: [StrategyComparison]
    /// What the answer rests on.
    public var assumptions: [Assumption]
    /// What the reader must know before using the numbers: skipped rows, overload, price dates.
    public var warnings: [String]
    /// Version of Isocost that made it.
    public var version: String
    /// Strategies with a policy that reads prices, so that other prices would change more than costs; `nil` = not known.
    public var priceReaders: [String]?
    /// A value from its parts.
    public init(
        name: String, text: String, workload: String, model: String, precision: String,
        objectives: [ServiceObjective], strategies: [StrategyResult], comparison: [StrategyComparison],
        assumptions: [Assumption], warnings: [String], version: String, priceReaders: [String]? = nil
    ) {
        self.name = name
        self.text = text
        self.workload = workload
        self.model = model
        self.precision = precision
        self.objectives = objectives
        self.strategies = strategies
        self.comparison = comparison
        self.assumptions = assumptions
        self.warnings = warnings
        self.version = version
        self.priceReaders = priceReaders
    }
}
