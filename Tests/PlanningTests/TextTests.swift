import Primitives
import Testing

@testable import Planning

/// Numbers and objectives as people read them.
@Suite struct TextTests {
    @Test(arguments: [
        (1.005, 2, "1.00"), (1.25, 1, "1.3"), (-1.25, 1, "-1.3"), (0, 3, "0.000"), (12.3456, 0, "12"),
        (0.05, 2, "0.05"),
        (99.999, 2, "100.00"), (-0.001, 2, "0.00"), (1e15, 1, "1000000000000000.0"), (2.5, 0, "3"),
    ])
    func numbersHaveFixedDecimals(value: Double, digits: Int, text: String) {
        #expect(number(value, digits: digits) == text)
    }

    @Test func hugeAndOddNumbersStillPrint() {
        #expect(number(1e300, digits: 2) == "1e+300" && number(.infinity, digits: 2) == "inf")
    }

    @Test func moneyHasMoreDecimalsWhenSmall() {
        #expect(dollars(0.1049, per: "h") == "0.105 $/h" && dollars(12.345, per: "h") == "12.35 $/h")
        #expect(dollars(-0.5, per: "million tokens") == "-0.500 $/million tokens")
    }

    @Test(arguments: [
        (0, "0 s"), (1, "1 ns"), (1_500, "1500 ns"), (2_000, "2 µs"), (100_000_000, "100 ms"),
        (1_500_000_000, "1500 ms"),
        (90_000_000_000, "90 s"), (300_000_000_000, "5 min"), (3_600_000_000_000, "1 h"), (86_400_000_000_000, "24 h"),
    ])
    func durationsTakeTheLargestWholeUnit(nanoseconds: Int64, text: String) {
        #expect(durationText(SimulatedDuration(nanoseconds: nanoseconds)) == text)
    }

    @Test func objectivesReadAsBounds() {
        let objective = ServiceObjective(quantity: .e2e, quantile: 0.999, bound: .seconds(20), requestClass: "batch")
        #expect(objective.text == "E2E p99.9 ≤ 20 s for batch")
        #expect(ServiceObjective(quantity: .ttft, quantile: 0.5, bound: .milliseconds(300)).text == "TTFT p50 ≤ 300 ms")
    }

    @Test func errorsOfRunsAreSentences() {
        #expect(RunError.cancelled.description == "stopped before the end; nothing was written")
        #expect(
            RunError.noRequests(scenario: "chat").description
                == "the workload of `chat` has no requests; nothing was written")
        #expect(
            RunError.simulation(strategy: "a", reason: "it has no replica").description
                == "the run of `a` failed: it has no replica")
    }

    @Test func assumptionsAreNotedOnce() {
        var log = AssumptionLog()
        #expect(log.value(nil, default: 16, "block-size", source: "vLLM") == 16)
        #expect(log.value(32, default: 16, "block-size", source: "vLLM") == 32)
        #expect(log.value(nil, default: 16, "block-size", source: "vLLM") == 16)
        log.warn("careful")
        log.warn("careful")
        #expect(
            log.assumptions == [Assumption(subject: "block-size", value: "16", source: "vLLM", confidence: .assumed)])
        #expect(log.warnings == ["careful"])
    }

    @Test func lintIsTheSameTextEveryTime() throws {
        let text = """
            version: 1
            name: golden
            description: two owned fleets
            seed: 3
            workload: {synthetic: {arrivals: {rate: 4 /s}, lengths: {input: 100, output: 20}, requests: 10}}
            model: llama-3.1-8b
            precision: bf16
            slo: {ttft: {p99: 2 s}, tpot: {p99: 100 ms}}
            engine: {kv-blocks: 1000, max-batched-tokens: 2048, max-sequences: 64, max-model-length: 8192}
            strategies:
              - name: small
                pools: [{device: L40S, price: 0.5 $/h, replicas: 2}]
              - name: big
                pools: [{device: H100-SXM, price: 5 $/h, tensor-parallel: 2}]
                router: round-robin
            compare: {baseline: big, replications: 2}
            """
        let lint = try scenario(text).resolved().lintText
        let head = try lint.prefix(upTo: #require(lint.firstRange(of: "\n\nAssumptions\n")).lowerBound)
        #expect(
            head == """
                Scenario golden: two owned fleets
                  workload    synthetic Poisson arrivals at 4.00 /s
                  model       llama-3.1-8b, bf16
                  SLO         TTFT p99 ≤ 2 s, TPOT p99 ≤ 100 ms
                  runs        2 strategies × 2 replications, seed 3

                Strategies
                  small: 1.000 $/h, 730 $/month of 730 h, router least-outstanding
                    2 replicas on 2 instances of owned/L40S/local (L40S), owned at 0.5 $/h each [set in the scenario, as given]
                      1,000 KV blocks of 16 tokens, 2048 tokens and 64 sequences per step, requests up to 8192 tokens
                  big (baseline): 5.000 $/h, 3,650 $/month of 730 h, router round-robin
                    1 replica on 1 instance of owned/H100-SXM/local (2 × H100-SXM each), owned at 5 $/h each [set in the scenario, as given]
                      1,000 KV blocks of 16 tokens, 2048 tokens and 64 sequences per step, requests up to 8192 tokens
                """)
        for line in [
            "  tensor-parallel: 1  [assumed: one accelerator per layer]",
            "  router: least-outstanding  [assumed: the usual choice of gateways]",
            "  network-delay: 0 s  [assumed: clients beside the servers]",
            "  disks: not billed  [assumed: their size is given with `extras`]",
            "  instances: ready at time 0, rented until the last answer  [assumed: start-up is not simulated]",
            "  KV cache of llama-3.1-8b in bf16 on L40S: 1000 blocks of 16 tokens  [given: given in the scenario]",
        ] {
            #expect(lint.contains(line + "\n"), "\(line) is missing in\n\(lint)")
        }
        #expect(
            !lint.contains("all reduce") || lint.contains("2 × H100-SXM: all reduce"), "one device sums over nothing")
        #expect(try scenario(text).resolved().lintText == lint)
    }
}
