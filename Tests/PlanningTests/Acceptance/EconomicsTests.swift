import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Acceptance: what is bought where. Whole invoices under every rule are worked out in `HandComputedBillTests`; here they
/// come out of a run.
@Suite struct EconomicsTests {
    @Test(
        """
        Hyperscale pricing: a usage pattern under AWS and GCP rules (on-demand, disk, address, balancer) yields \
        the same cents as a hand-computed invoice, line by line
        """,
        arguments: [
            ("aws/g6e.xlarge/us-east-1", 0.08, 0.005, 0.0225), ("gcp/g2-standard-4/us-central1", 0.1, 0.005, 0.025),
        ])
    func lineByLine(offer: String, disk: Double, address: Double, balancer: Double) throws {
        let trial = try Trial(
            scenarioText(
                workload: constant(requests: 90),
                pools:
                    "[{offer: \(offer), price: 1.5 $/h, extras: {disk: 200 GB, public-address: true, load-balancer: 1}}]"
            ))
        let span = trial.record().end - .start
        #expect(span > .seconds(60) && trial.rentals().count == 1)
        #expect(trial.lines(.machine).map(\.billedCost) == [Money(dollars: 1.5).hourly(for: span.roundedUp(to: 1))])
        #expect(trial.lines(.address).map(\.billedCost) == [Money(dollars: address).hourly(for: span)])
        #expect(trial.lines(.loadBalancer).map(\.billedCost) == [Money(dollars: balancer)], "one started hour")
        let month = Money(dollars: disk) * 200
        let stored = month.scaled(by: span.nanoseconds, over: 730 * 3_600_000_000_000)
        #expect(trial.lines(.disk).count == 1 && abs((trial.lines(.disk)[0].billedCost - stored).nanodollars) <= 1)
        let all = trial.run().invoice.lines.reduce(Money.zero) { $0 + $1.billedCost }
        #expect(all == trial.run().metrics.cost)
    }

    @Test("Hyperscale pricing: commitment", arguments: [(1, 3.0), (3, 3.0), (3, 4.5)])
    func commitmentsArePaidUsedOrNot(instances: Int, reserved: Double) throws {
        let commitment = "{kind: reserved, instances: 4, term: 1 y, price: 0.75 $/h}"
        let trial = try Trial(
            scenarioText(
                workload: constant(requests: 90),
                pools:
                    "[{offer: aws/g6e.xlarge/us-east-1, replicas: \(Int(reserved == 4.5 ? 6 : instances)), commitment: \(commitment)}]"
            ))
        let span = trial.record().end - .start
        let bought = trial.lines(.commitment).reduce(Money.zero) { $0 + $1.billedCost }
        #expect(abs((bought - Money(dollars: 3).hourly(for: span)).nanodollars) <= 4, "four at 0.75 $/h, used or not")
        let beyond = reserved == 4.5 ? 2 : 0
        let machines = trial.lines(.machine).reduce(Money.zero) { $0 + $1.billedCost }
        let expected = Money(dollars: 1.861).hourly(for: span.roundedUp(to: 1)) * Int64(beyond)
        // A started second of the machine may lie outside the commitment's time.
        #expect(machines >= expected && (machines - expected).dollars < 0.003, "\(machines) against \(expected)")
        #expect(trial.bill().split[.commitmentWaste] > .zero || beyond > 0)
    }

    private static let hosts = """
        name,price_per_hour,min_bid,down_bytes,storage,ingress,egress,joins,leaves
        dear,0.9,0.28,1e9,0.10,0.01,0.02,200,
        cheap,0.3,0.35,1e9,0.10,0.01,0.02,0,120
        middle,0.5,0.40,1e9,0.20,0,0.03,0,
        """

    private func market(_ pool: String, requests: Int = 600, hosts: String = EconomicsTests.hosts) throws -> Trial {
        var trial: Trial?
        try withFiles(["hosts.csv": hosts]) { folder in
            trial = try Trial(
                scenarioText(
                    workload: constant(rate: "2 /s", requests: requests),
                    pools: """
                        [{offer: vast/1x-L40S, extras: {disk: 100 GB},
                          start: {provision: 10 s, image-pull: 5 s, weight-load: 5 s, compile: 0 s, warm-up: 0 s}, \(pool)}]
                        """), folder: folder)
        }
        return try #require(trial)
    }

    @Test(
        """
        Distributed pricing: an offer list (host, GPU, count, price, minimum bid, reliability, place, bandwidth price) \
        drives rentals; a host that leaves kills its replica; and bandwidth appears as own lines
        """)
    func anOfferListDrivesRentals() throws {
        let trial = try market(
            "replicas: 2, market: {hosts: hosts.csv, launch-success: 100 %, launch-timeout: 30 s, retry: 30 s}, fate: lost"
        )
        let rentals = trial.rentals()
        // The cheapest that are there; the dear one joins at 200 s, and is asked at the next half minute.
        #expect(rentals.map { $0.host?.host } == [1, 2, 0])
        #expect(rentals.map { $0.host?.perHour } == [0.3, 0.5, 0.9].map(Money.init(dollars:)))
        #expect(rentals[0].end == .seconds(120) && rentals[0].ending == .hostLeft && rentals[1].ending == .runEnd)
        #expect(rentals[2].start >= .seconds(200) && rentals[2].start <= .seconds(240) && rentals[2].instance == 0)
        #expect(trial.outcomes().contains { $0.failure == .replicaLost })
        for (line, rental) in zip(trial.lines(.machine), rentals) {
            let metered = rental.duration - rental[.provisioning]
            #expect(line.billedCost == (rental.host?.perHour ?? .zero).hourly(for: metered.roundedUp(to: 1)))
        }
        // Image and weights come over the wire of the host that is new, 32.56 GB at 1 GB/s.
        let start = try #require(trial.record().starts.first)
        #expect(abs(start.stages.imagePull.seconds - 16.5) < 0.1 && abs(start.stages.weightLoad.seconds - 16.06) < 0.1)
        #expect(rentals[2].traffic[.ingress] > 32_000_000_000 && rentals[0].traffic[.ingress] < 1_000_000)
        for kind in [InvoiceLine.Kind.egress, .ingress, .disk] {
            let prices = trial.lines(kind).map(\.contractedUnitPrice)
            switch kind {
            case .egress: #expect(prices.allSatisfy { [0.02, 0.03].map(Money.init(dollars:)).contains($0) })
            case .ingress: #expect(prices.allSatisfy { $0 == Money(dollars: 0.01) })
            default: #expect(prices == [0.1, 0.2, 0.1].map(Money.init(dollars:)))
            }
            #expect(prices.count >= 2, "\(kind) has lines of its own")
        }
    }

    @Test("Distributed pricing: bids below the clearing level wait")
    func bidsBelowWait() throws {
        // 0.30 $/h is below the least bid of both hosts that are there; the third, at 0.28 $/h, joins at 200 s.
        let terms = "terms: interruptible, bid: 0.3 $/h, market: {hosts: hosts.csv, launch-success: 100 %, retry: 30 s}"
        let trial = try market(terms)
        #expect(trial.rentals().map { $0.host?.host } == [0])
        #expect(trial.rentals()[0].start >= .seconds(200) && trial.rentals()[0].start <= .seconds(240))
        #expect(trial.lines(.machine).map(\.contractedUnitPrice) == [Money(dollars: 0.3)], "what is bid is paid")
        let none = try market(terms.replacingOccurrences(of: "0.3 $/h", with: "0.2 $/h"), requests: 5)
        #expect(none.rentals().isEmpty && none.outcomes().allSatisfy { $0.failure == .noReplica })
    }

    @Test("Distributed pricing: an outbid pauses the machine and keeps charging disk")
    func anOutbidKeepsTheDisk() throws {
        let trial = try Trial(
            scenarioText(
                workload: constant(rate: "1 /s", requests: 3_600),
                pools: """
                    [{offer: vast/1x-L40S, terms: interruptible, bid: 0.45 $/h, price: 0.5 $/h, replicas: 3, extras: {disk: 100 GB},
                      start: {provision: 5 s, weight-load: 5 s},
                      market: {offers: 12, bid-share: 0.6, bid-interval: 6 min, bid-sigma: 0.4, price-sigma: 0.05, takeovers: 1 /h,
                        storage: 0.2 $/GB-month, launch-success: 100 %, patience: 30 min}}]
                    """.replacingOccurrences(of: "price: 0.5 $/h, ", with: "")))
        let rentals = trial.rentals()
        let outbid = rentals.filter { $0.ending == .outbid && $0[.paused] == .zero }
        #expect(!outbid.isEmpty)
        for rental in outbid {
            let next = try #require(
                rentals.first { $0.instance == rental.instance && $0.start == rental.end && $0.resumes })
            #expect(next[.paused] == next.duration && next.host == rental.host)
            let lines = trial.run().invoice.lines.filter { $0.instance == next.instance && $0.start == next.start }
            #expect(lines.filter { $0.kind == .machine }.allSatisfy { $0.billedCost == .zero })
            let disk = (Money(dollars: 0.2) * 100).scaled(by: next.duration.nanoseconds, over: 730 * 3_600_000_000_000)
            let charged = lines.filter { $0.kind == .disk }.map(\.billedCost)
            #expect(charged.count == 1 && abs(((charged.first ?? .zero) - disk).nanodollars) <= 1)
        }
        #expect(trial.bill().split[.held] == .zero && trial.bill().split[.disk] > .zero)
    }

    @Test(
        """
        Hyperscale vs distributed: one command runs one trace under both supplies with the same engine, same seed and \
        same SLO, and the report shows total cost, cost per SLO-good request, latency percentiles, availability, \
        interruptions, with confidence intervals, and the price ratio at which the decision flips
        """)
    func bothSupplies() throws {
        let workload = "{synthetic: {arrivals: {rate: 3 /s}, lengths: {input: 400, output: 60}, duration: 10 min}}"
        let market = "market: {offers: 10, launch-success: 100 %}"
        let trial = try Trial(
            strategiesText(
                workload: workload,
                [
                    "name: hyperscale, pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 2}]",
                    "name: market, pools: [{offer: vast/1x-L40S, terms: interruptible, bid: 0.5 $/h, replicas: 2, \(market)}]",
                ], more: "slo: {ttft: {p99: 2 s}}\ncompare: {baseline: hyperscale, replications: 3}"))
        for replication in 0..<3 {
            let runs = trial.result.strategies.map { $0.runs[replication] }
            #expect(Set(runs.map(\.metrics.seed)).count == 1 && Set(runs.map(\.record.lastArrival)).count == 1)
            for run in runs {
                #expect(
                    run.metrics.cost > .zero && run.metrics.costPerGoodRequest != nil && run.metrics.ttft.p99 != nil)
                #expect(run.metrics.availability != nil)
            }
        }
        for row in trial.result.comparison {
            for metric in row.metrics where metric.value != nil {
                #expect(metric.value?.half != nil, "\(row.strategy), \(metric.name)")
            }
        }
        let difference = trial.result.comparison[1].metrics.first { $0.name == "cost_per_hour_usd" }?.difference
        #expect(difference?.half != nil && difference?.mean ?? 0 < 0)
        // The decision flips where the market's part, at r times its prices, costs what the other does.
        let (here, there) = (
            try #require(trial.account("hyperscale").priced), try #require(trial.account("market").priced)
        )
        #expect(
            here.total == trial.run("hyperscale").metrics.cost && here.distributed == .zero && here.hyperscale > .zero)
        #expect(
            there.total == trial.run("market").metrics.cost && there.hyperscale == .zero && there.distributed > .zero)
        #expect((here.total - there.fixed).dollars / there.distributed.dollars > 1)
    }

    @Test(
        """
        Flexibility in pricing: at least on-demand, spot/market, interruptible bid, reserved/committed, serverless \
        per-second and per-token API are selectable for any instance kind and may be mixed in one fleet
        """)
    func allInOneFleet() throws {
        let pools = [
            "name: on-demand, offer: aws/g6e.xlarge/us-east-1",
            "name: spot, offer: aws/g6e.xlarge/us-east-1, terms: spot, spot: {reclaims: 1 /h}",
            "name: bid, offer: vast/1x-L40S, terms: interruptible, bid: 0.6 $/h, market: {offers: 20}",
            "name: reserved, offer: aws/g6.xlarge/us-east-1, terms: reserved-1y",
            "name: serverless, serverless: {offer: runpod/1x_L40S_SECURE, idle-timeout: 10 s}, terms: serverless-active, replicas: 1",
            "name: api, api: {name: hosted, input: 0.5 $/Mtok, output: 1 $/Mtok, ttft: 300 ms, tokens-per-second: 90}",
            "name: owned, device: L40S, price: 0.4 $/h",
            "name: shared, offer: aws/p5.48xlarge/us-east-1, replicas: 3, tensor-parallel: 2",
        ]
        let trial = try Trial(
            scenarioText(
                workload: constant(rate: "8 /s", requests: 800),
                pools: "[\(pools.map { "{\($0)}" }.joined(separator: ", "))]"
            ).replacingOccurrences(of: "name: a\n", with: "name: a\n    router: random\n"))
        let record = trial.record()
        #expect(record.completed == 800 && record.pools.allSatisfy { $0.completed > 10 })
        #expect(Set(trial.resolved.strategies[0].terms.map(\.terms)).count == 7)
        let billed = trial.bill().poolSplits.map(\.total)
        #expect(billed.allSatisfy { $0 > .zero }, "\(billed)")
        #expect(billed.reduce(.zero, +) + trial.bill().shared.total == trial.run().metrics.cost)
        // Tokens at their prices: 400 in, 60 out of every answer of the API.
        let answers = Int64(record.pools[5].completed)
        #expect(record.ledger.tokens.count == 8)
        let tokens = trial.lines(.tokens).reduce(Money.zero) { $0 + $1.billedCost }
        #expect(
            tokens == Money(dollars: 0.5).scaled(by: answers * 400, over: 1_000_000)
                + Money(dollars: 1).scaled(by: answers * 60, over: 1_000_000))
        // Three replicas of two devices share one machine of eight; what they send is all billed.
        let sent = trial.rentals().filter { $0.pool == 7 }.map { $0.traffic[.internet] }
        #expect(sent == [Int64(record.pools[7].completed) * 60 * 35])
    }

    @Test(
        """
        Cost per request: the number is given three ways — allocated (all billed time), used (busy time only), and per \
        SLO-good request — and the report explains which to compare with an API price (the allocated one)
        """)
    func threeWays() throws {
        let trial = try Trial(
            scenarioText(
                workload: "{synthetic: {arrivals: {rate: 12 /s}, lengths: {input: 500, output: 60}, requests: 900}}",
                more: "slo: {ttft: {p99: 80 ms}}"))
        var metrics = trial.run().metrics
        metrics.account = trial.account()
        let (cost, ways) = (metrics.cost.dollars, metrics.costPerRequestThreeWays)
        let (allocated, used, good) = (
            try #require(ways.allocated), try #require(ways.used), try #require(ways.perGood)
        )
        #expect(abs(allocated * 900 - cost) < 1e-9 && abs(good * Double(trial.record().good) - cost) < 1e-9)
        #expect(trial.record().good < 900 && used < allocated && allocated < good)
        let busy = trial.rentals().reduce(SimulatedDuration.zero) { $0 + $1[.busy] }
        #expect(abs(used * 900 - Money(dollars: 1.861).hourly(for: busy).dollars) < 1e-3)
        #expect(CostPerRequest.advice.hasPrefix("Compare the allocated cost with an API's price"))
    }
}
