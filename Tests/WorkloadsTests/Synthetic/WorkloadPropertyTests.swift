import Primitives
import Testing
import Workloads

/// Random workloads and random chains of transforms: what must hold for every stream holds for these.
@Suite struct WorkloadPropertyTests {
    // MARK: Random descriptions, each a pure function of its key

    private func length(_ draws: inout KeyedGenerator) -> LengthDistribution {
        let low = Int32.random(in: 1...300, using: &draws)
        let high = low + Int32.random(in: 0...2_000, using: &draws)
        switch Int.random(in: 0..<5, using: &draws) {
        case 0: return .fixed(low)
        case 1: return .uniform(low: low, high: high)
        case 2: return .logNormal(median: Double(low), sigma: draws.uniform() * 2, low: 1, high: high)
        case 3: return .geometric(mean: Double(low))
        default: return .zipf(exponent: draws.uniform() * 2, low: low, high: high)
        }
    }

    private func rate(_ draws: inout KeyedGenerator) -> RateCurve {
        let base = 1 + draws.uniform() * 50
        switch Int.random(in: 0..<6, using: &draws) {
        case 0: return .constant(base)
        case 1: return .diurnal(mean: base, peakToTrough: 1 + draws.uniform() * 9, period: 30, peak: 7)
        case 2: return .spike(base: base, peak: base * 9, start: draws.uniform() * 20, duration: 5)
        case 3: return .ramp(from: 0, to: base, duration: 20)
        case 4:
            let points = [RatePoint(seconds: 0, rate: 0), RatePoint(seconds: 3, rate: base)]
            return .steps(points, period: 8)
        default: return .bursts([BurstState(rate: base, meanDwell: 4), BurstState(rate: 0, meanDwell: 2)])
        }
    }

    private func arrivals(_ draws: inout KeyedGenerator) -> ArrivalProcess {
        let gaps: ArrivalProcess.Gaps
        switch Int.random(in: 0..<4, using: &draws) {
        case 0: gaps = .poisson
        case 1: gaps = .gamma(cv: 0.05 + draws.uniform() * 6)
        case 2: gaps = .weibull(shape: 0.3 + draws.uniform() * 4)
        default: gaps = .constant
        }
        return ArrivalProcess(gaps: gaps, rate: rate(&draws))
    }

    private func requestClass(_ name: String, _ draws: inout KeyedGenerator) -> RequestClass {
        var result = RequestClass(
            name: name, weight: draws.uniform(), lengths: .independent(input: length(&draws), output: length(&draws)),
            priority: Int32.random(in: -5...5, using: &draws))
        if Bool.random(using: &draws) { result.regions = [RegionShare(name: "eu"), RegionShare(name: "us")] }
        if Bool.random(using: &draws) {
            result.prefixes = SharedPrefixes(groups: 7, exponent: draws.uniform() * 2, tokens: length(&draws))
        }
        if Bool.random(using: &draws) {
            result.conversation = Conversation(
                turns: .uniform(low: 1, high: 6), thinkTime: .exponential(mean: draws.uniform() * 5),
                maximumContext: 4_096)
        }
        return result
    }

    private func workload(_ draws: inout KeyedGenerator) -> SyntheticWorkload {
        let names = ["chat", "code, fast", "say \"hi\""].prefix(Int.random(in: 1...3, using: &draws))
        return SyntheticWorkload(
            arrivals: arrivals(&draws), classes: names.map { requestClass($0, &draws) }, duration: .seconds(40),
            limit: 600)
    }

    private func transform(_ draws: inout KeyedGenerator) -> WorkloadTransform {
        switch Int.random(in: 0..<8, using: &draws) {
        case 0: return .rate(0.3 + draws.uniform() * 4)
        case 1: return .stretch(0.3 + draws.uniform() * 4)
        case 2: return .slice(from: SimulatedTime(nanoseconds: 2_000_000_000), to: nil)
        case 3: return .limitRequests(UInt64.random(in: 1...500, using: &draws))
        case 4: return .limitDuration(.seconds(Int64.random(in: 1...60, using: &draws)))
        case 5: return .repeated(until: .seconds(45))
        case 6: return .assignClass("one")
        default: return .assignPriority(3)
        }
    }

    // MARK: What must hold

    /// Order, numbering, bounds, and contents that cover their prompts.
    private func expectSound(_ source: any RequestSource, _ requests: [Request], _ context: String) {
        var previous = SimulatedTime.start
        for (index, request) in requests.enumerated() {
            let segments = source.contents.segments(of: request.content)
            let covered = segments.reduce(0) { $0 + Int64($1.tokens) }
            let isSound =
                request.id == UInt64(index) && request.arrival >= previous && request.inputTokens >= 1
                && request.outputTokens >= 1 && Int(request.classIndex) < source.classes.count
                && Int(request.regionIndex) < source.regions.count
                && (request.content.isUnique || covered == Int64(request.inputTokens))
                && (request.content.isUnique || source.sharesPrefixes) && segments.allSatisfy { $0.tokens >= 1 }
            #expect(isSound, "\(context): \(request)")
            previous = request.arrival
        }
    }

    @Test func randomWorkloadsAreSound() throws {
        var total = 0
        for number in 0..<60 as Range<UInt64> {
            var draws = RandomKey(seed: 31).derived(number).generator()
            let workload = workload(&draws)
            let source = try workload.source(seed: number)
            let all = try requests(of: source, batch: 97)
            expectSound(source, all, "workload \(number)")
            #expect(all.count <= 600)
            #expect(all.allSatisfy { $0.arrival.seconds < 40 })
            #expect(try requests(of: try workload.source(seed: number), batch: 13) == all, "workload \(number)")
            total += all.count
        }
        #expect(total > 10_000)
    }

    @Test func randomTransformsAreSound() throws {
        for number in 0..<60 as Range<UInt64> {
            var draws = RandomKey(seed: 32).derived(number).generator()
            var chain: [WorkloadTransform] = []
            for _ in 0..<Int.random(in: 1...4, using: &draws) { chain.append(transform(&draws)) }
            let changed = Workload.transformed(.synthetic(workload(&draws)), chain)
            let whole = Workload.mix([Workload.Part(changed), Workload.Part(changed, className: "other")])
            for description in [changed, whole] {
                // Repetitions of a stream slowed down and sliced can be long; 3,000 requests are enough.
                let limited = Workload.transformed(description, [.limitRequests(3_000)])
                let source = try limited.open(seed: number)
                let all = try requests(of: source, batch: 500)
                expectSound(source, all, "chain \(chain)")
                let again = try requests(of: try limited.open(seed: number), batch: 61)
                #expect(again.map(\.arrival) == all.map(\.arrival), "chain \(chain)")
                #expect(again.map(\.inputTokens) == all.map(\.inputTokens), "chain \(chain)")
            }
        }
    }

    @Test func randomWorkloadsSurviveBeingWritten() throws {
        let folder = try TemporaryFolder()
        for number in 0..<20 as Range<UInt64> {
            var draws = RandomKey(seed: 33).derived(number).generator()
            let workload = workload(&draws)
            try writeTrace(try workload.source(seed: number), to: folder.path + "/t")
            let original = try workload.source(seed: number)
            let copy = try openTrace(at: folder.path + "/t", options: TraceOptions(origin: .file))
            let expected = try requests(of: original, batch: 100)
            let found = try requests(of: copy, batch: 100)
            #expect(found.count == expected.count)
            for (one, other) in zip(found, expected) {
                let segments = copy.contents.segments(of: one.content)
                #expect(segments == original.contents.segments(of: other.content))
                var bare = (one, other)
                bare.0.content = .unique
                bare.1.content = .unique
                #expect(bare.0 == bare.1)
            }
        }
    }
}
