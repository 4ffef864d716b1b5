import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Prometheus queries, as far as they are read; and the names in them.
@Suite struct MetricQueryTests {
    private struct Reading: Equatable {
        var metrics: [String]
        var aggregate: MetricQuery.Aggregate
        var seconds: Int64?
        var unsimulated: [String]
    }

    private func read(_ text: String) throws -> Reading {
        let query = try MetricQuery(text)
        return Reading(
            metrics: query.metrics.map(\.text), aggregate: query.aggregate,
            seconds: query.window.map { $0.nanoseconds / 1_000_000_000 }, unsimulated: query.unsimulated)
    }

    @Test func queriesOfTheField() throws {
        #expect(
            try read("vllm:num_requests_waiting")
                == Reading(metrics: ["vllm:num_requests_waiting"], aggregate: .each, unsimulated: []))
        #expect(
            try read(#"sum(vllm:num_requests_waiting{model="a}b", pod=~"x.*"})"#)
                == Reading(metrics: ["vllm:num_requests_waiting"], aggregate: .sum, unsimulated: ["labels"]))
        #expect(
            try read("avg by (pod, model) (x) or vector(0)")
                == Reading(metrics: ["x"], aggregate: .average, unsimulated: ["groups", "or vector(0)"]))
        #expect(
            try read("sum(rate(y_total{a='b'}[1m30s])) by (le)")
                == Reading(metrics: ["y_total"], aggregate: .sum, seconds: 90, unsimulated: ["labels", "groups"]))
        #expect(try read("(sum(a) + sum(b))") == Reading(metrics: ["a", "b"], aggregate: .sum, unsimulated: []))
        #expect(try read("sum(a + b)") == Reading(metrics: ["a", "b"], aggregate: .sum, unsimulated: []))
        #expect(try read(" sum (\n a \n) ") == Reading(metrics: ["a"], aggregate: .sum, unsimulated: []))
    }

    @Test(arguments: [
        ("", 0, "the name of a metric is missing"), ("5", 0, "the name of a metric is expected, not `5`"),
        ("sum(a", 5, "`)` is expected at the end"), ("sum(a) / 2", 7, "this is not read: `/ 2`"),
        ("max(a)", 0, "`max` is not read; `sum`, `avg` and `rate` are"),
        ("sum(a) + b", 9, "what is added must be of one sort: all sums, or all averages"),
        ("rate(a)", 6, "`rate` needs a time, as in `rate(x[1m])`"),
        ("rate(a[])", 7, "the time of `rate` must be from 1s to 1h, such as `1m`"),
        ("rate(a[1d])", 7, "the time of `rate` must be from 1s to 1h, such as `1m`"),
        ("a{b='c", 1, "`}` is missing"), ("a or vector(1)", 13, "only `or vector(0)` is read"),
        ("sum(a) b", 7, "this is not read: `b`"),
    ])
    func whatIsNotReadIsNamedWithItsPlace(text: String, offset: Int, message: String) {
        do {
            _ = try MetricQuery(text)
            Issue.record("\(text) was read")
        } catch {
            #expect(error.message == message)
            #expect(error.offset == offset, "\(text)")
        }
    }

    /// Whatever is cut off or changed, there is an answer.
    @Test func mutationsEndInAQueryOrAFault() {
        let seed = #"sum by (m) (rate(vllm:generation_tokens_total{m="x"}[2m])) + sum(b) or vector(0)"#
        let signs = Array(#"(){}[]"+,x0 "#)
        let root = RandomKey(seed: 11).derived("query fuzz")
        for round in 0..<3_000 {
            var generator = root.derived(UInt64(round)).generator()
            var text = Array(seed)
            for _ in 0...(generator.next() % 4) {
                let place = Int(generator.next() % UInt64(text.count))
                text[place] = signs[Int(generator.next() % UInt64(signs.count))]
            }
            let cut = String(text.prefix(Int(generator.next() % UInt64(text.count + 1))))
            do {
                _ = try MetricQuery(cut)
            } catch {
                #expect((0...cut.unicodeScalars.count).contains(error.offset), "\(cut)")
            }
        }
    }

    @Test func namesAreKnownHoweverTheyAreDivided() {
        #expect(MetricName.meaning(of: "vllm:num_requests_waiting")?.metric == .waiting)
        #expect(MetricName.meaning(of: "vllm_num_requests_waiting")?.metric == .waiting)
        #expect(MetricName.meaning(of: "kv_use")?.metric == .kvUse)
        #expect(MetricName.meaning(of: "vllm:gpu_cache_usage_perc")?.metric == .kvUse)
        #expect(MetricName.meaning(of: "vllm:generation_tokens_total")?.sort == .counter)
        #expect(MetricName.meaning(of: "vllm:prompt_tokens_total") == nil)
        let names = MetricName.known.flatMap(\.names)
        #expect(Set(names).count == names.count && ScalingMetric.allCases.allSatisfy { names.contains($0.rawValue) })
    }

    @Test func everyKnownNameIsDocumented() {
        let words = Set(DocumentationPage.quoted(DocumentationPage.page).flatMap { $0.split(separator: " ") })
        #expect(MetricName.known.flatMap(\.names).filter { !words.contains(Substring($0)) } == [])
    }
}
