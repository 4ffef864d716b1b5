import Foundation
import Primitives
import Testing
import Workloads

@Suite struct SyntheticWorkloadTests {
    private static let lengths = LengthModel.independent(
        input: .uniform(low: 10, high: 200), output: .uniform(low: 1, high: 50))

    private func stream(_ workload: SyntheticWorkload, seed: UInt64 = 3) throws -> [Request] {
        try requests(of: try workload.source(seed: seed), batch: 333)
    }

    @Test func limitAndDurationBothEndTheStream() throws {
        var workload = SyntheticWorkload(arrivals: .constant(rate: 10), lengths: Self.lengths, limit: 25)
        #expect(try stream(workload).count == 25)
        workload.duration = .seconds(2)
        let both = try stream(workload)
        #expect(both.count == 20)
        #expect(both.last?.arrival.nanoseconds == 1_900_000_000)
        workload.limit = nil
        #expect(try stream(workload) == both)
    }

    @Test func idsCountFromZeroAndTimesNeverFall() throws {
        let all = try stream(SyntheticWorkload(arrivals: .poisson(rate: 100), lengths: Self.lengths, limit: 2_000))
        #expect(all.map(\.id) == Array(0..<2_000))
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        #expect(all.allSatisfy { (10...200).contains($0.inputTokens) && (1...50).contains($0.outputTokens) })
        #expect(all.allSatisfy { $0.content.isUnique && $0.session == 0 })
    }

    @Test func seedsAndBatchesDecideWhatTheyShould() throws {
        let workload = SyntheticWorkload(arrivals: .poisson(rate: 100), lengths: Self.lengths, limit: 500)
        let first = try stream(workload)
        #expect(try stream(workload) == first)
        #expect(try stream(workload, seed: 4) != first)
        #expect(try requests(of: try workload.source(seed: 3), batch: 1) == first)
    }

    /// Common random numbers: what one purpose draws moves nothing else.
    @Test func changingLengthsMovesNoArrival() throws {
        var workload = SyntheticWorkload(
            arrivals: .gamma(rate: 100, cv: 2),
            classes: [
                RequestClass(name: "a", lengths: Self.lengths),
                RequestClass(
                    name: "b", weight: 2, lengths: Self.lengths,
                    regions: [RegionShare(name: "eu"), RegionShare(name: "us")]),
            ], limit: 1_000)
        let before = try stream(workload)
        workload.classes[0].lengths = .independent(input: .logNormal(mean: 9, cv: 1), output: .geometric(mean: 4))
        workload.classes[0].prefixes = SharedPrefixes(groups: 3, tokens: .fixed(100))
        let after = try stream(workload)
        #expect(before.map(\.arrival) == after.map(\.arrival))
        #expect(before.map(\.classIndex) == after.map(\.classIndex))
        #expect(before.map(\.regionIndex) == after.map(\.regionIndex))
        let others = zip(before, after).filter { $0.0.classIndex == 1 }
        #expect(others.allSatisfy { $0.0 == $0.1 })
        workload.arrivals = .poisson(rate: 7)
        #expect(try stream(workload).map(\.inputTokens) == after.map(\.inputTokens))
    }

    @Test func classesFollowTheirWeightsAndCarryTheirSettings() throws {
        let workload = SyntheticWorkload(
            arrivals: .poisson(rate: 100),
            classes: [
                RequestClass(name: "a", weight: 1, lengths: Self.lengths, priority: 5),
                RequestClass(
                    name: "b", weight: 3, lengths: .independent(input: .fixed(1_000), output: .fixed(7)),
                    regions: [RegionShare(name: "us", weight: 1), RegionShare(name: "default", weight: 4)]),
                RequestClass(name: "never", weight: 0, lengths: Self.lengths),
            ], limit: 20_000)
        let source = try workload.source(seed: 6)
        #expect(source.classes == ["a", "b", "never"])
        #expect(source.regions == ["default", "us"])
        let all = try requests(of: source, batch: 1_000)
        let second = all.filter { $0.classIndex == 1 }
        #expect(near(Double(second.count), 15_000, within: 4 * deviation(20_000, 0.75)))
        #expect(second.allSatisfy { $0.inputTokens == 1_000 && $0.outputTokens == 7 && $0.priority == 0 })
        let west = Double(second.count { $0.regionIndex == 1 })
        let visits = Double(second.count)
        #expect(near(west, 0.2 * visits, within: 4 * deviation(visits, 0.2)))
        #expect(all.allSatisfy { $0.classIndex != 0 || ($0.priority == 5 && $0.regionIndex == 0) })
        #expect(!all.contains { $0.classIndex == 2 })
    }

    // MARK: Shared prefixes

    @Test func prefixGroupsShareTheirFirstSegmentOnly() throws {
        let workload = SyntheticWorkload(
            arrivals: .poisson(rate: 100),
            classes: [
                RequestClass(
                    name: "a", lengths: Self.lengths,
                    prefixes: SharedPrefixes(groups: 4, exponent: 1, tokens: .uniform(low: 100, high: 500)))
            ], limit: 10_000)
        let source = try workload.source(seed: 8)
        #expect(source.sharesPrefixes)
        let all = try requests(of: source, batch: 1_000)
        var tokensOfGroup: [UInt64: Int32] = [:]
        var sizes: [UInt64: Int] = [:]
        var own: Set<UInt64> = []
        for request in all {
            let segments = source.contents.segments(of: request.content)
            #expect(segments.count == 2)
            #expect(segments[0].tokens + segments[1].tokens == request.inputTokens)
            #expect((10...200).contains(segments[1].tokens))
            #expect(tokensOfGroup[segments[0].key] ?? segments[0].tokens == segments[0].tokens)
            tokensOfGroup[segments[0].key] = segments[0].tokens
            sizes[segments[0].key, default: 0] += 1
            own.insert(segments[1].key)
            #expect(!source.contents.outputContinuesLastSegment(of: request.content))
        }
        #expect(own.count == all.count)
        // Zipf over four ranks: 12, 6, 4 and 3 twenty-fifths.
        let found = sizes.values.sorted(by: >)
        #expect(found.count == 4)
        for (size, share) in zip(found, [0.48, 0.24, 0.16, 0.12]) {
            #expect(near(Double(size), 10_000 * share, within: 4 * deviation(10_000, share)))
        }
    }

    // MARK: Conversations

    private static let chat = SyntheticWorkload(
        arrivals: .poisson(rate: 5),
        classes: [
            RequestClass(
                name: "chat", lengths: lengths, prefixes: SharedPrefixes(groups: 2, tokens: .fixed(64)),
                conversation: Conversation(
                    turns: .uniform(low: 1, high: 5), thinkTime: .uniform(low: 2, high: 4), maximumContext: 900))
        ], limit: 5_000)

    @Test func everyTurnContainsTheOnesBefore() throws {
        let source = try Self.chat.source(seed: 2)
        let all = try requests(of: source, batch: 1_000)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        let sessions = Dictionary(grouping: all, by: \.session)
        #expect(sessions[0] == nil)
        #expect(sessions.values.contains { $0.count == 5 })
        for turns in sessions.values {
            for (one, next) in zip(turns, turns.dropFirst()) {
                let grown = next.inputTokens - one.inputTokens - one.outputTokens
                #expect((10...200).contains(grown))
                #expect(next.inputTokens <= 900)
                let pause = (next.arrival - one.arrival).seconds
                #expect(pause >= 1.999 && pause <= 4.001)
                let before = source.contents.segments(of: one.content)
                let after = source.contents.segments(of: next.content)
                #expect(before.map(\.key) == after.map(\.key))
                #expect(before[0] == PromptSegment(key: after[0].key, tokens: 64))
                // What the next turn repeats is the last segment and the output that continues it.
                #expect(after[1].tokens == before[1].tokens + one.outputTokens + grown)
                #expect(source.contents.outputContinuesLastSegment(of: one.content))
            }
        }
        let keys = Set(sessions.values.compactMap { source.contents.segments(of: $0[0].content).last?.key })
        #expect(keys.count == sessions.count)
    }

    @Test func turnsAreCountedByTheirDistribution() throws {
        var workload = Self.chat
        workload.classes[0].conversation?.maximumContext = LengthDistribution.longest
        workload.limit = 30_000
        let all = try stream(workload)
        // Sessions whose last turn cannot be cut off by the limit: those that began 20 s before the end.
        let end = try #require(all.last).arrival.seconds
        let sessions = Dictionary(grouping: all, by: \.session).values.filter { $0[0].arrival.seconds < end - 20 }
        let turns = moments(sessions.map { Double($0.count) })
        let error = turns.deviation / Double(sessions.count).squareRoot()
        #expect(near(turns.mean, 3, within: 4 * error))
    }

    @Test func sessionsAreCutAtTheHorizon() throws {
        var workload = Self.chat
        workload.limit = nil
        workload.duration = .seconds(60)
        let all = try stream(workload)
        #expect(all.count > 400)
        #expect(all.allSatisfy { $0.arrival.seconds < 60 })
        // Longer horizons only add.
        workload.duration = .seconds(120)
        let longer = try stream(workload).filter { $0.arrival.seconds < 60 }
        #expect(longer.map(\.arrival) == all.map(\.arrival))
        #expect(longer.map(\.inputTokens) == all.map(\.inputTokens))
    }

    @Test func contentsAreRecycled() throws {
        let source = try Self.chat.source(seed: 2)
        var batch: [Request] = []
        var highest = PromptContentHandle.unique
        var handles: Set<PromptContentHandle> = []
        for _ in 0..<50 {
            batch.removeAll()
            try source.read(into: &batch, limit: 20)
            for request in batch {
                handles.insert(request.content)
                highest = request.content
                source.contents.release(request.content)
            }
        }
        #expect(!highest.isUnique)
        #expect(handles.count == 20)
    }

    // MARK: Refusals

    @Test func badWorkloadsNameTheSetting() {
        func setting(_ change: (inout SyntheticWorkload) -> Void) -> String? {
            var workload = Self.chat
            change(&workload)
            do { try workload.validate() } catch { return error.setting }
            return nil
        }
        #expect(setting { _ in } == nil)
        #expect(setting { $0.limit = nil }?.isEmpty == true)
        #expect(setting { $0.duration = .zero } == "duration")
        #expect(setting { $0.classes = [] } == "classes")
        #expect(setting { $0.classes += $0.classes } == "classes")
        #expect(setting { $0.classes[0].weight = -1 } == "classes")
        #expect(setting { $0.classes[0].regions = [] } == "classes.chat.regions")
        #expect(setting { $0.arrivals = .poisson(rate: 0) } == "arrivals.rate")
        #expect(
            setting { $0.classes[0].lengths = .independent(input: .fixed(0), output: .fixed(1)) }
                == "classes.chat.lengths.input")
        #expect(setting { $0.classes[0].prefixes?.groups = 0 } == "classes.chat.prefixes.groups")
        #expect(setting { $0.classes[0].prefixes?.exponent = -1 } == "classes.chat.prefixes.exponent")
        #expect(setting { $0.classes[0].prefixes?.tokens = .fixed(0) } == "classes.chat.prefixes.tokens")
        #expect(setting { $0.classes[0].conversation?.turns = .fixed(0) } == "classes.chat.conversation.turns")
        #expect(
            setting { $0.classes[0].conversation?.thinkTime = .exponential(mean: -1) }
                == "classes.chat.conversation.thinkTime")
        #expect(
            setting { $0.classes[0].conversation?.maximumContext = 0 } == "classes.chat.conversation.maximumContext")
    }

    @Test func workloadsSurviveEncoding() throws {
        let data = try JSONEncoder().encode(Self.chat)
        #expect(try JSONDecoder().decode(SyntheticWorkload.self, from: data) == Self.chat)
        for preset in WorkloadPreset.allCases {
            let bytes = try JSONEncoder().encode(preset.workload)
            #expect(try JSONDecoder().decode(SyntheticWorkload.self, from: bytes) == preset.workload)
        }
    }
}
