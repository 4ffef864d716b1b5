import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Synchronization
import Testing

@testable import Planning

/// Small scenarios drawn at random, run whole: what must hold of every one of them.
@Suite struct RandomScenarioTests {
    /// Offers whose device holds the model on any number of their accelerators.
    private static let offers = PriceBook.bundled.offers.filter { offer in
        guard let name = offer.accelerator, let device = try? Device.named(name) else { return false }
        return device.memoryBytes >= 24_000_000_000 && offer.onDemandPerHour != nil
    }

    /// One scenario's text.
    private struct Draw {
        var generator: KeyedGenerator
        var requests = 0

        mutating func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }
        mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }
        /// `text` in one case of `inverse`, else nothing.
        mutating func sometimes(_ inverse: Int, _ text: String) -> String { below(inverse) == 0 ? text : "" }

        mutating func pool() -> String {
            if below(3) == 0 {
                let device = one(of: ["L40S", "H100-SXM", "A100-80GB", "RTX-4090", "MI300X"])
                return "{device: \(device), price: 0.\(1 + below(900)) $/h, replicas: \(1 + below(4)), "
                    + "tensor-parallel: \(one(of: [1, 2, 4]))\(delay())}"
            }
            let offer = one(of: RandomScenarioTests.offers)
            let split = one(of: [1, 2, 4].filter { $0 <= max(1, offer.acceleratorCount) })
            // What is rented stays rented, at one price: losses and moving prices have tests of their own.
            let spot = ", terms: spot, interruptions: none, spot: {price: fixed}"
            let terms = offer.spotPerHour == nil ? "" : sometimes(2, spot)
            let price = sometimes(4, ", price: 0.\(1 + below(999)) $/h")
            return
                "{offer: \"\(offer.id)\", replicas: \(1 + below(5)), tensor-parallel: "
                + "\(split)\(terms)\(price)\(delay())}"
        }

        private mutating func delay() -> String { sometimes(3, ", network-delay: \(below(80)) ms") }

        private mutating func length() -> String {
            switch below(4) {
            case 0: return "\(1 + below(400))"
            case 1: return "{uniform: {from: 1, to: \(2 + below(900))}}"
            case 2: return "{geometric: {mean: \(1 + below(90))}}"
            default: return "{log-normal: {median: \(20 + below(300)), sigma: 0.\(1 + below(9)), to: 3000}}"
            }
        }

        mutating func engine() -> String {
            let sequences = 1 + below(40)
            var parts = ["max-sequences: \(sequences)", "max-batched-tokens: \(sequences + 64 + below(2_000))"]
            if below(2) == 0 { parts.append("kv-blocks: \(20 + below(300))") }
            if below(3) == 0 { parts.append("max-model-length: \(200 + below(120))") }
            if below(4) == 0 { parts.append("prefix-caching: off") }
            if below(4) == 0 { parts.append("queue-order: priority") }
            if below(6) == 0 { parts.append("batching: static") }
            return "{\(parts.joined(separator: ", "))}"
        }

        mutating func text() -> String {
            requests = 10 + below(60)
            let routers: [RouterPolicy] = RouterPolicy.allCases
            let strategies = (0...below(2)).map { index in
                let pools = (0...below(2)).map { _ in pool() }.joined(separator: ", ")
                return "  - {name: s\(index), router: \(one(of: routers).rawValue), pools: [\(pools)]}\n"
            }
            let prefix = sometimes(3, ", prefix: {groups: 3, tokens: \(16 * (1 + below(8)))}")
            return """
                version: 1
                name: drawn
                seed: \(generator.next())
                workload:
                  synthetic: {arrivals: {rate: \(1 + below(60)) /s}, requests: \(requests), \
                lengths: {input: \(length()), output: \(length())}, classes: {a: {}, b: {weight: 2}}\(prefix)}
                model: llama-3.1-8b
                slo: {e2e: {p90: \(1 + below(20)) s}}
                classes: {b: {priority: \(below(5)), slo: {ttft: {p99: \(50 + below(900)) ms}}}}
                engine: \(engine())
                strategies:
                \(strategies.joined())
                """
        }
    }

    private final class Tally: OutcomeSink {
        let done: @Sendable (Tally) -> Void
        var offered: UInt64 = 0
        var failed: UInt64 = 0
        var tokens: (input: UInt64, output: UInt64) = (0, 0)
        var isOrdered = true
        init(_ done: @escaping @Sendable (Tally) -> Void) { self.done = done }

        func record(_ outcomes: [RequestOutcome]) {
            for outcome in outcomes {
                offered += 1
                guard outcome.failure == nil else {
                    failed += 1
                    continue
                }
                tokens.input += UInt64(outcome.inputTokens)
                tokens.output += UInt64(outcome.outputTokens)
                let isSensible = outcome.queue >= .zero && outcome.ttft > outcome.network && outcome.e2e >= outcome.ttft
                isOrdered = isOrdered && isSensible && outcome.cachedTokens <= outcome.inputTokens
            }
        }
        func finish() { done(self) }
    }

    /// What a sink counted of one run.
    private struct Counts: Equatable {
        var offered: UInt64
        var failed: UInt64
        var input: UInt64
        var output: UInt64
        var isOrdered: Bool
    }

    private func isHeld(_ run: StrategyRun, _ strategy: ResolvedStrategy, _ counts: Counts?, requests: Int) -> Bool {
        let (record, metrics, invoice) = (run.record, run.metrics, run.invoice)
        let requestsHold =
            metrics.requestsOffered == UInt64(requests)
            && metrics.requestsOffered == metrics.requestsCompleted + metrics.requestsFailed
            && record.good <= record.completed && record.classes.map(\.offered).reduce(0, +) == record.offered
            && record.replicas.map(\.completed).reduce(0, +) == record.completed
            && counts
                == Counts(
                    offered: record.offered, failed: record.failed, input: record.inputTokens,
                    output: record.outputTokens, isOrdered: true)
        let rentals = record.ledger.rentals
        let timeHolds =
            record.ledger.balances && rentals.count == strategy.packings.reduce(0) { $0 + $1.instances }
            && rentals.allSatisfy { $0.states.reduce(0, +) == record.end.nanoseconds && $0.start == .start }
        let compute = invoice.lines.filter { $0.metered != nil }
        let moneyHolds =
            invoice.lines.reduce(Money.zero) { $0 + $1.billedCost } == metrics.cost && compute.count == rentals.count
            && zip(compute, rentals).allSatisfy { line, rental in
                line.metered == rental.duration
                    && line.billedCost
                        >= line.contractedUnitPrice.scaled(by: rental.duration.nanoseconds, over: 3_600_000_000_000)
            }
        return requestsHold && timeHolds && moneyHolds
    }

    @Test func moneyTimeAndRequestsAreConserved() throws {
        let root = RandomKey(seed: 20_261_124).derived("scenarios")
        var (failed, preempted, shared, providers): (UInt64, UInt64, Int, Set<String>) = (0, 0, 0, [])
        for round in 0..<250 {
            var draw = Draw(generator: root.derived(UInt64(round)).generator())
            let text = draw.text()
            let counted = Mutex<[String: Counts]>([:])
            let options = RunOptions(outcomes: { identity in
                Tally { tally in
                    let counts = Counts(
                        offered: tally.offered, failed: tally.failed, input: tally.tokens.input,
                        output: tally.tokens.output, isOrdered: tally.isOrdered)
                    counted.withLock { $0[identity.strategy] = counts }
                }
            })
            let resolved = try scenario(text).resolved()
            let result = try resolved.run(options)
            for (strategy, finished) in zip(resolved.strategies, result.strategies) {
                let run = try #require(finished.runs.first)
                let counts = counted.withLock { $0[strategy.name] }
                #expect(
                    isHeld(run, strategy, counts, requests: draw.requests), "round \(round), \(strategy.name):\n\(text)"
                )
                failed += run.metrics.requestsFailed
                preempted += run.metrics.preemptions
                shared += strategy.packings.count { $0.replicasPerInstance > 1 }
                providers.formUnion(strategy.pools.map(\.provider))
            }
        }
        // The draws reach failures, preemption, shared machines and most suppliers.
        #expect(failed > 50 && preempted > 50 && shared > 20 && providers.count > 10)
    }
}
