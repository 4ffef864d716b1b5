import Pricing
import Primitives
import SimulationCore

extension RunMetrics {
    /// The flat numbers of a run, from its record (with the ledger as billed) and its invoice.
    /// - Parameter account: of the same record and bill, where one is wanted.
    init(_ identity: RunIdentity, record: RunRecord, invoice: Invoice, account: RunAccount? = nil) {
        scenario = identity.scenario
        strategy = identity.strategy
        replication = identity.replication
        seed = identity.seed
        requestsOffered = record.offered
        requestsCompleted = record.completed
        requestsFailed = record.failed
        sloAttainment = record.offered > 0 ? Double(record.good) / Double(record.offered) : 0
        ttft = LatencyStatistics(record.latency.ttft)
        tpot = LatencyStatistics(record.latency.tpot)
        itl = LatencyStatistics(record.latency.itl)
        e2e = LatencyStatistics(record.latency.e2e)
        queue = LatencyStatistics(record.latency.queue)
        coldStarts = record.coldStarts
        interruptions = record.interruptions
        preemptions = record.preemptions
        verdict = record.verdict
        verdictReason = record.verdictReason
        fingerprint = record.fingerprint
        (goodput, throughput, outputTokensPerSecond) = Self.rates(record)
        cost = invoice.total
        hours = Self.span(record).seconds / 3_600
        instanceHours = record.ledger.rentals.reduce(0.0) { $0 + $1.runningTime.seconds } / 3_600
        utilization = record.utilization
        let dollars = invoice.total.dollars
        func per(_ count: UInt64) -> Double? { count > 0 ? dollars / Double(count) : nil }
        costPerMillionTokens = per(record.inputTokens + record.outputTokens).map { $0 * 1e6 }
        costPerRequest = per(record.completed)
        costPerGoodRequest = per(record.good)
        self.account = account
    }

    /// Good requests, completed requests and output tokens per second, from the first arrival to the end.
    private static func rates(_ record: RunRecord) -> (Double, Double, Double) {
        let span = (record.end - record.firstArrival).seconds
        guard span > 0 else { return (0, 0, 0) }
        return (Double(record.good) / span, Double(record.completed) / span, Double(record.outputTokens) / span)
    }

    /// From the run's start to its end or, if later, the last rental's.
    private static func span(_ record: RunRecord) -> SimulatedDuration {
        (record.ledger.rentals.map(\.end).max().map { max($0, record.end) } ?? record.end) - .start
    }
}
