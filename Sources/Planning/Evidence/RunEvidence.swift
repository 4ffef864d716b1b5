import Primitives
import SimulationCore

/// What one run's requests, in order of arrival, say beyond its record: where its steady state begins, and how sure its
/// figures are.
struct RunEvidence: Sendable {
    /// Requests left out of latencies.
    var leftOut = 0
    /// Requests in all.
    var requests = 0
    /// When the first request that is kept arrives.
    var steadyFrom = SimulatedTime.start
    /// The run settled, or was not asked to.
    var hasSettled = true
    /// By name of the compared figure; an interval is missing where there is not enough evidence for one.
    var estimates: [String: Estimate] = [:]
}

/// Keeps what became of each request of a run, 56 bytes each, and passes it on.
final class EvidenceRecorder: OutcomeSink {
    private struct Kept {
        var id: UInt64
        var arrival: SimulatedTime
        var ttft: Int64
        var e2e: Int64
        var queue: Int64
        /// −1 = none.
        var tpot: Int64
        var requestClass: UInt16
        var isAnswered: Bool
        var isGood: Bool
    }

    private let settings: EvidenceSettings
    private let bounds: [RequestBounds]
    private let next: (any OutcomeSink)?
    private var kept: [Kept] = []

    /// - Parameter bounds: what makes a request good, by class.
    init(_ settings: EvidenceSettings, bounds: [RequestBounds], next: (any OutcomeSink)?) {
        self.settings = settings
        self.bounds = bounds
        self.next = next
    }

    func record(_ outcomes: [RequestOutcome]) throws {
        for outcome in outcomes {
            let isAnswered = outcome.failure == nil
            let index = Int(outcome.classIndex)
            kept.append(
                Kept(
                    id: outcome.id, arrival: outcome.arrival, ttft: outcome.ttft.nanoseconds,
                    e2e: outcome.e2e.nanoseconds, queue: outcome.queue.nanoseconds,
                    tpot: outcome.tpot?.nanoseconds ?? -1, requestClass: outcome.classIndex, isAnswered: isAnswered,
                    isGood: isAnswered && (bounds.indices.contains(index) ? bounds[index].hold(for: outcome) : true)))
        }
        try next?.record(outcomes)
    }

    func finish() throws { try next?.finish() }

    /// Leaves the warm-up out of the record's latencies, and says how sure the others are. Counts, attainment, goodput,
    /// gaps between tokens and money stay those of the whole run.
    func settle(_ record: inout RunRecord) -> RunEvidence {
        kept.sort { $0.id < $1.id }
        var evidence = RunEvidence(requests: kept.count)
        let cut: Int?
        switch settings.warmUp?.value {
        case nil: cut = 0
        case .fixed(let duration)?: cut = kept.firstIndex { $0.arrival >= .start + duration } ?? kept.count
        case .mser5?: cut = settledIndex()
        }
        evidence.hasSettled = cut != nil && cut != kept.count
        let steady = kept[(evidence.hasSettled ? cut ?? 0 : 0)...]
        evidence.leftOut = steady.startIndex
        evidence.steadyFrom = steady.first?.arrival ?? .start
        if evidence.leftOut > 0 { Self.replaceLatencies(of: &record, with: steady) }
        if let batches = settings.batches?.value { evidence.estimates = Self.estimates(steady, batches) }
        kept = []
        return evidence
    }

    /// MSER-5 over the answered requests, as an index into all of them.
    private func settledIndex() -> Int? {
        let answered = kept.indices.filter { kept[$0].isAnswered }
        guard let count = WarmUp.mser5(answered.map { Double(kept[$0].e2e) }) else { return nil }
        return count == 0 ? 0 : answered[count]
    }

    private static func replaceLatencies(of record: inout RunRecord, with steady: ArraySlice<Kept>) {
        let gaps = record.latency.itl
        record.latency = LatencyRecord()
        record.latency.itl = gaps
        for index in record.classes.indices {
            record.classes[index].ttft = LatencyHistogram()
            record.classes[index].tpot = LatencyHistogram()
            record.classes[index].e2e = LatencyHistogram()
        }
        for request in steady where request.isAnswered {
            record.latency.ttft.record(request.ttft)
            record.latency.e2e.record(request.e2e)
            record.latency.queue.record(request.queue)
            if request.tpot >= 0 { record.latency.tpot.record(request.tpot) }
            let index = Int(request.requestClass)
            guard record.classes.indices.contains(index) else { continue }
            record.classes[index].ttft.record(request.ttft)
            record.classes[index].e2e.record(request.e2e)
            if request.tpot >= 0 { record.classes[index].tpot.record(request.tpot) }
        }
    }

    /// By name of the compared figure.
    private static func estimates(_ steady: ArraySlice<Kept>, _ batches: Int) -> [String: Estimate] {
        let answered = steady.filter(\.isAnswered)
        func tail(_ values: [Double]) -> Estimate? { BatchMeans.quantile(0.99, of: values, batches: batches) }
        return [
            "ttft_p99_ms": tail(answered.map { Double($0.ttft) / 1e6 }),
            "tpot_p99_ms": tail(answered.filter { $0.tpot >= 0 }.map { Double($0.tpot) / 1e6 }),
            "e2e_p99_ms": tail(answered.map { Double($0.e2e) / 1e6 }),
            "slo_attainment": BatchMeans.mean(of: steady.map { $0.isGood ? 1 : 0 }, batches: batches),
            "availability": BatchMeans.mean(of: steady.map { $0.isAnswered ? 1 : 0 }, batches: batches),
        ].compactMapValues { $0 }
    }
}

extension RequestBounds {
    /// Whether an answered request is within all bounds.
    fileprivate func hold(for outcome: RequestOutcome) -> Bool {
        (ttft.map { outcome.ttft <= $0 } ?? true) && (e2e.map { outcome.e2e <= $0 } ?? true)
            && (tpot.map { bound in outcome.tpot.map { $0 <= bound } ?? true } ?? true)
    }
}
