import Primitives
import Testing
import Workloads

@testable import Planning

/// What the `workload` part of a scenario means.
@Suite struct WorkloadSettingsTests {
    private func workload(_ yaml: String) throws -> WorkloadSettings {
        let source = SettingSource(name: "w", text: yaml)
        return try WorkloadSettings(try ScenarioFile.tree(of: yaml, in: source, label: "`workload`"))
    }

    private func synthetic(_ yaml: String) throws -> SyntheticWorkload {
        guard case .synthetic(let settings) = try workload("{synthetic: \(yaml)}").source else {
            throw ScenarioError(.wrongType, "not synthetic", file: "w")
        }
        return settings.workload
    }

    private func arrivals(_ yaml: String) throws -> ArrivalProcess {
        try synthetic("{arrivals: \(yaml), lengths: {input: 1, output: 1}, requests: 1}").arrivals
    }

    private func input(_ yaml: String) throws -> LengthModel {
        try synthetic("{arrivals: {rate: 1 /s}, lengths: {input: \(yaml), output: 7}, requests: 1}").classes[0].lengths
    }

    @Test func processesShapeTheGaps() throws {
        #expect(try arrivals("{rate: 12 /s}") == .poisson(rate: 12))
        #expect(try arrivals("{process: poisson, rate: 30 /min}") == .poisson(rate: 0.5))
        #expect(try arrivals("{process: gamma, cv: 2.5, rate: 4 rps}") == .gamma(rate: 4, cv: 2.5))
        #expect(try arrivals("{process: weibull, shape: 0.7, rate: 3600 /h}") == .weibull(rate: 1, shape: 0.7))
        #expect(try arrivals("{process: weibull, cv: 1, rate: 1 /s}") == .weibull(rate: 1, cv: 1))
        #expect(try arrivals("{process: constant, rate: 5 req/s}") == .constant(rate: 5))
    }

    @Test func ratesChangeWithTime() throws {
        let points = [RatePoint(seconds: 0, rate: 1), RatePoint(seconds: 600, rate: 2)]
        #expect(
            try arrivals("{steps: [{at: 0, rate: 1 /s}, {at: 10 min, rate: 2 /s}]}").rate == .steps(points, period: nil)
        )
        #expect(
            try arrivals("{linear: [{at: 0 s, rate: 1 /s}, {at: 10 min, rate: 120 /min}], period: 1 h}").rate
                == .linear(points, period: 3_600))
        #expect(
            try arrivals("{diurnal: {mean: 5 /s, peak-to-trough: 4}}").rate == .diurnal(mean: 5, peakToTrough: 4))
        #expect(
            try arrivals("{diurnal: {mean: 5 /s, peak-to-trough: 4, period: 1 h, peak: 30 min}}").rate
                == .diurnal(mean: 5, peakToTrough: 4, period: 3_600, peak: 1_800))
        #expect(
            try arrivals("{spike: {base: 1 /s, peak: 10 /s, start: 1 min, duration: 30 s}}").rate
                == .spike(base: 1, peak: 10, start: 60, duration: 30))
        #expect(
            try arrivals("{ramp: {from: 0 /s, to: 8 /s, duration: 2 h}}").rate == .ramp(from: 0, to: 8, duration: 7_200)
        )
        #expect(
            try arrivals("{bursts: [{rate: 1 /s, mean-stay: 5 min}, {rate: 20 /s, mean-stay: 20 s}]}").rate
                == .bursts([BurstState(rate: 1, meanDwell: 300), BurstState(rate: 20, meanDwell: 20)]))
        #expect(
            try arrivals("{process: gamma, cv: 3, ramp: {from: 1 /s, to: 2 /s, duration: 1 h}}").gaps == .gamma(cv: 3))
    }

    @Test func lengthsHaveManyShapes() throws {
        func expect(_ yaml: String, _ distribution: LengthDistribution, _ location: SourceLocation = #_sourceLocation)
            throws
        {
            #expect(
                try input(yaml) == .independent(input: distribution, output: .fixed(7)), "\(yaml)",
                sourceLocation: location)
        }
        try expect("512", .fixed(512))
        try expect("{fixed: 512}", .fixed(512))
        try expect("{uniform: {from: 10, to: 20}}", .uniform(low: 10, high: 20))
        try expect("{geometric: {mean: 28.5}}", .geometric(mean: 28.5))
        try expect("{zipf: {to: 4000}}", .zipf(exponent: 1, low: 1, high: 4_000))
        try expect("{zipf: {exponent: 1.2, from: 5, to: 4000}}", .zipf(exponent: 1.2, low: 5, high: 4_000))
        try expect(
            "{log-normal: {median: 800, sigma: 0.9}}",
            .logNormal(median: 800, sigma: 0.9, low: 1, high: LengthDistribution.longest))
        try expect(
            "{log-normal: {median: 800, sigma: 0.9, from: 10, to: 8000}}",
            .logNormal(median: 800, sigma: 0.9, low: 10, high: 8_000))
        try expect("{log-normal: {mean: 100, cv: 1, to: 900}}", .logNormal(mean: 100, cv: 1, low: 1, high: 900))
        let table = try #require(QuantileTable(probabilities: [0, 0.5, 0.999, 1], values: [1, 129, 601, 2_000]))
        try expect("{quantiles: {p0: 1, p50: 129, p99.9: 601, p100: 2000}}", .quantiles(table))
    }

    @Test func classesTakeWhatTheyDoNotSetFromTheWhole() throws {
        let workload = try synthetic(
            """
            {arrivals: {rate: 1 /s}, duration: 90 s, lengths: {input: 100, output: 10},
             prefix: {tokens: 50}, classes: {
               chat: {weight: 3, regions: {us: 2, eu: 1}},
               code: {lengths: {input: 900, output: 5}, prefix: {groups: 16, exponent: 0, tokens: {fixed: 20}},
                      sessions: {turns: 4, think-time: 30 s}}}}
            """)
        #expect(workload.duration == .seconds(90) && workload.limit == nil)
        #expect(workload.classes.map(\.name) == ["chat", "code"] && workload.classes.map(\.weight) == [3, 1])
        let (chat, code) = (workload.classes[0], workload.classes[1])
        #expect(chat.lengths == .independent(input: .fixed(100), output: .fixed(10)))
        #expect(code.lengths == .independent(input: .fixed(900), output: .fixed(5)))
        #expect(chat.prefixes == SharedPrefixes(groups: 1, exponent: 1, tokens: .fixed(50)))
        #expect(code.prefixes == SharedPrefixes(groups: 16, exponent: 0, tokens: .fixed(20)))
        #expect(
            chat.conversation == nil && code.conversation == Conversation(turns: .fixed(4), thinkTime: .constant(30)))
        #expect(chat.regions == [RegionShare(name: "us", weight: 2), RegionShare(name: "eu", weight: 1)])
    }

    @Test func thinkTimesAreFixedExponentialOrLogNormal() throws {
        func thinkTime(_ yaml: String) throws -> Distribution? {
            try synthetic(
                """
                {arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, requests: 5,
                 sessions: {turns: {geometric: {mean: 3}}, think-time: \(yaml), max-context: 4096}}
                """
            ).classes[0].conversation?.thinkTime
        }
        #expect(try thinkTime("1.5 min") == .constant(90))
        #expect(try thinkTime("{mean: 20 s}") == .exponential(mean: 20))
        #expect(try thinkTime("{median: 20 s, sigma: 1.2}") == .logNormal(median: 20, sigma: 1.2))
        let error = scenarioError { _ = try thinkTime("{mean: 20 s, sigma: 1.2}") }
        #expect(error?.message == "`sigma` has no effect with `mean`, which is exponential")
    }

    @Test func tracesCarryTheirOptions() throws {
        guard
            case .trace(let trace) = try workload(
                """
                {trace: {path: a/b.csv, format: csv, origin: file, zero-output: keep-as-one-token,
                 columns: {arrival: t, arrival-unit: timestamp, input: i, output: o, class: c, region: r, priority: p,
                 session: s, images: m}}}
                """
            ).source
        else {
            Issue.record("no trace")
            return
        }
        #expect(trace.path.value == "a/b.csv" && trace.format == .csv && trace.origin == .file)
        #expect(trace.zeroOutput == .keepAsOneToken && trace.hashBlock == nil)
        #expect(
            trace.columns
                == TraceColumns(
                    arrival: "t", arrivalUnit: .timestamp, input: "i", output: "o", requestClass: "c", region: "r",
                    priority: "p", session: "s", images: "m"))
        guard case .trace(let mooncake) = try workload("{trace: {path: m.jsonl, hash-block: 16}}").source else {
            Issue.record("no trace")
            return
        }
        #expect(mooncake.hashBlock == 16 && mooncake.format == nil)
    }

    @Test func listsAreMixes() throws {
        for yaml in [
            "[{preset: a, class: x}, {preset: b, scale: {rate: 2}}]",
            "{mix: [{preset: a, class: x}, {preset: b, scale: {rate: 2}}]}",
        ] {
            guard case .mix(let parts) = try workload(yaml).source else {
                Issue.record("no mix")
                return
            }
            #expect(parts.map(\.requestClass) == ["x", nil] && parts.map(\.settings.scale.rate) == [nil, 2])
        }
    }

    @Test func scalesAreRead() throws {
        let scale = try workload(
            "{preset: a, scale: {rate: 2.5, time: 0.5, limit: 1 h, from: 1 min, to: 2 min, requests: 1e3}}"
        ).scale
        #expect(scale.rate == 2.5 && scale.time == 0.5 && scale.requests == 1_000)
        #expect(scale.limit == .hours(1) && scale.from == .seconds(60) && scale.to == .seconds(120))
    }

    @Test(arguments: [
        ("5", "1:1: `workload` must be a mapping, not `5`"),
        ("{}", "1:1: `workload` needs one of `trace`, `synthetic`, `preset`, `mix`"),
        ("[]", "1:1: `workload` must not be empty"),
        ("{preset: [a]}", "1:10: `preset` must be a text, not a list"),
        ("{preset: a, scale: {rate: 0}}", "1:27: `rate` must be greater than 0, not `0`"),
        ("{preset: a, scale: {rate: fast}}", "1:27: `rate` must be a number, not `fast`"),
        ("{preset: a, scale: {limit: 0 s}}", "1:28: `limit` must be longer than 0, not `0 s`"),
        ("{preset: a, scale: {from: 2 s, to: 1 s}}", "1:36: `to` must be later than `from`"),
        ("{preset: a, scale: {requests: 0}}", "1:31: `requests` must be at least 1, not `0`"),
        (
            "{preset: a, scale: {speed: 1}}",
            "1:21: unknown key `speed` in `scale`; known are `rate`, `time`, `limit`, `from`, `to`, `resample`, `requests`"
        ),
        ("{trace: {format: csv, path: x}}", "1:9: the format `csv` needs `columns` (arrival, input, output)"),
        (
            "{trace: {path: x, format: azure}}",
            "1:27: `format` cannot be `azure`; known are `azure-llm`, `azure-multimodal`, `burstgpt`, `mooncake`, `servegen`, `vidur`, `csv`, `isocost`"
        ),
        ("{trace: {format: vidur}}", "1:9: `trace` needs the key `path`"),
        (
            "{trace: {path: x, format: vidur, columns: {arrival: a, input: b, output: c}}}",
            "1:34: `columns` has no effect with the format `vidur`"
        ),
        ("{trace: {path: x, columns: {arrival: a, input: b}}}", "1:28: `columns` needs the key `output`"),
        (
            "[{preset: a}, {preset: b, weight: 2}]",
            "1:27: unknown key `weight` in item 2 of `workload`; known are `trace`, `synthetic`, `preset`, `mix`, `scale`, `class`"
        ),
    ])
    func faultsOfSourcesAreRefused(yaml: String, sentence: String) {
        #expect(scenarioError("\(yaml)") { _ = try workload(yaml) }?.sentence == "w:" + sentence)
    }

    @Test(arguments: [
        ("{process: gama, rate: 1 /s}", "`process` cannot be `gama`; did you mean `gamma`?"),
        ("{process: gamma, rate: 1 /s}", "`arrivals` needs the key `cv`"),
        ("{process: weibull, rate: 1 /s}", "`arrivals` needs one of `cv`, `shape`"),
        (
            "{process: weibull, cv: 1, shape: 2, rate: 1 /s}",
            "`arrivals` takes one of `cv`, `shape`, not both `cv` and `shape`"
        ),
        ("{process: gamma, cv: 0.001, rate: 1 /s}", "`cv` must be from 0.01 to 1000, not `0.001`"),
        ("{}", "`arrivals` needs one of `rate`, `steps`, `linear`, `diurnal`, `spike`, `ramp`, `bursts`"),
        (
            "{rate: 1 /s, ramp: {from: 1 /s, to: 2 /s, duration: 1 s}}",
            "`arrivals` takes one of `rate`, `steps`, `linear`, `diurnal`, `spike`, `ramp`, `bursts`, not both `rate` and `ramp`"
        ),
        ("{rate: 0 /s}", "`rate` must be greater than 0, not `0 /s`"),
        ("{rate: 5}", "`rate` needs a unit (/s, /min, /h, /d), not `5`"),
        ("{rate: 5 s}", "`rate` has the unit `s`, but needs one of /s, /min, /h, /d, not `5 s`"),
        ("{rate: 1 /s, period: 1 h}", "`period` has no effect with the process `poisson` and `rate`"),
        ("{rate: 1e7 /s}", "`arrivals` cannot be: rate: a rate lies above 0 and at most 1000000 requests/s"),
        ("{steps: [{at: 1 s, rate: 1 /s}]}", "`arrivals` cannot be: rate: the first point of a rate curve is at 0 s"),
        ("{steps: [{at: 0 s}]}", "item 1 of `steps` needs the key `rate`"),
        ("{steps: 5}", "`steps` must be a list, not `5`"),
        ("{diurnal: {mean: 5 /s}}", "`diurnal` needs the key `peak-to-trough`"),
        ("{diurnal: {mean: 5 /s, peak-to-trough: 0.5}}", "`peak-to-trough` must be from 1 to 1000000, not `0.5`"),
        ("{bursts: [{rate: 1 /s, mean-stay: 1 s}]}", "`arrivals` cannot be: rate: bursts need at least two states"),
        (
            "{linear: [{at: 0 s, rate: 0}, {at: 1 s, rate: 0 /s}]}",
            "`arrivals` cannot be: rate: the rate is zero throughout"
        ),
    ])
    func faultsOfArrivalsAreRefused(yaml: String, message: String) {
        #expect(scenarioError("\(yaml)") { _ = try arrivals(yaml) }?.message == message)
    }

    @Test(arguments: [
        ("0", "`input` must be from 1 to 16777216, not `0`"),
        ("1.5", "`input` must be a whole number, not `1.5`"),
        ("many", "`input` must be a whole number, not `many`"),
        (
            "{normal: 1}",
            "unknown key `normal` in `input`; known are `fixed`, `uniform`, `log-normal`, `geometric`, `zipf`, `quantiles`"
        ),
        (
            "{fixed: 1, uniform: {from: 1, to: 2}}",
            "`input` takes one of `fixed`, `uniform`, `log-normal`, `geometric`, `zipf`, `quantiles`, not both `fixed` and `uniform`"
        ),
        ("{uniform: {from: 5, to: 2}}", "`uniform` cannot be: the lowest length 5 is above the highest 2"),
        ("{uniform: {from: 5}}", "`uniform` needs the key `to`"),
        ("{log-normal: {median: 5}}", "`log-normal` needs the key `sigma`"),
        ("{log-normal: {median: 5, sigma: 1, cv: 2}}", "`cv` has no effect with `median`"),
        (
            "{log-normal: {median: 5, mean: 5}}",
            "`log-normal` takes one of `median`, `mean`, not both `median` and `mean`"
        ),
        ("{geometric: {mean: 0.5}}", "`mean` must be from 1 to 1000000, not `0.5`"),
        ("{zipf: {from: 1}}", "`zipf` needs the key `to`"),
        ("{quantiles: {p50: 1}}", "`quantiles` needs percentiles that rise from p0 to p100, with rising values"),
        (
            "{quantiles: {p0: 5, p100: 1}}",
            "`quantiles` needs percentiles that rise from p0 to p100, with rising values"
        ),
        ("{quantiles: {p0: 5, half: 6, p100: 7}}", "`half` is not a percentile such as `p50` or `p99.9`"),
        ("{quantiles: {p0: 5, p101: 7}}", "`p101` is not a percentile such as `p50` or `p99.9`"),
    ])
    func faultsOfLengthsAreRefused(yaml: String, message: String) {
        #expect(scenarioError("\(yaml)") { _ = try input(yaml) }?.message == message)
    }

    @Test(arguments: [
        ("{arrivals: {rate: 1 /s}, requests: 1}", "`synthetic` needs the key `lengths`"),
        ("{lengths: {input: 1, output: 1}, requests: 1}", "`synthetic` needs the key `arrivals`"),
        ("{arrivals: {rate: 1 /s}, lengths: {input: 1}, requests: 1}", "`lengths` needs the key `output`"),
        ("{arrivals: {rate: 1 /s}, classes: {a: {}}, requests: 1}", "`a` needs the key `lengths`"),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, classes: {a: {lengths: {input: 1, output: 1}}}, requests: 1}",
            "`lengths` has no effect when every class has its own"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, classes: {}, requests: 1}",
            "`classes` must not be empty"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, classes: {a: {weight: 0}}, requests: 1}",
            "`weight` must be greater than 0, not `0`"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, prefix: {groups: 0, tokens: 5}, requests: 1}",
            "`groups` must be from 1 to 1048576, not `0`"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, prefix: {groups: 3}, requests: 1}",
            "`prefix` needs the key `tokens`"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, sessions: {turns: 3}, requests: 1}",
            "`sessions` needs the key `think-time`"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, sessions: {turns: 3, think-time: soon}, requests: 1}",
            "`think-time` must be a duration such as `100 ms` or `1.5 min`, not `soon`"
        ),
        (
            "{arrivals: {rate: 1 /s}, lengths: {input: 1, output: 1}, duration: 200 d, requests: 0}",
            "`requests` must be at least 1, not `0`"
        ),
    ])
    func faultsOfSyntheticWorkloadsAreRefused(yaml: String, message: String) {
        #expect(scenarioError("\(yaml)") { _ = try synthetic(yaml) }?.message == message)
    }
}
