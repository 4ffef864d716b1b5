import Primitives
import Testing
import Workloads

@Suite struct MixTests {
    private func trace(_ folder: TemporaryFolder, _ name: String, _ rows: String) throws -> Workload {
        let path = try folder.file(name, "t,i,o,c,r\n" + rows)
        let columns = TraceColumns(
            arrival: "t", arrivalUnit: .nanoseconds, input: "i", output: "o", requestClass: "c", region: "r")
        return .trace(path: path, options: TraceOptions(origin: .file, columns: columns))
    }

    @Test func mergesByArrivalWithStableTies() throws {
        let folder = try TemporaryFolder()
        let first = try trace(folder, "a", "0,1,1,x,eu\n5,2,1,y,eu\n5,3,1,x,eu\n9,4,1,x,eu\n")
        let second = try trace(folder, "b", "5,11,1,y,us\n5,12,1,z,eu\n6,13,1,z,us\n")
        let source = try Workload.mix([Workload.Part(first), Workload.Part(second)]).open(seed: 1)
        #expect(source.classes == ["x", "y", "z"])
        #expect(source.regions == ["eu", "us"])
        let all = try requests(of: source, batch: 2)
        #expect(all.map(\.inputTokens) == [1, 2, 3, 11, 12, 13, 4])
        #expect(all.map(\.arrival.nanoseconds) == [0, 5, 5, 5, 5, 6, 9])
        #expect(all.map(\.classIndex) == [0, 1, 0, 1, 2, 2, 0])
        #expect(all.map(\.regionIndex) == [0, 0, 0, 1, 0, 1, 0])
        #expect(all.map(\.id) == Array(0..<7))
    }

    @Test func partsCanBeRenamed() throws {
        let folder = try TemporaryFolder()
        let first = try trace(folder, "a", "0,1,1,x,eu\n5,2,1,y,eu\n")
        let source = try Workload.mix([Workload.Part(first, className: "n"), Workload.Part(first)]).open(seed: 1)
        #expect(source.classes == ["n", "x", "y"])
        #expect(try requests(of: source).map(\.classIndex) == [0, 1, 0, 2])
    }

    @Test func contentsOfDifferentPartsStayApart() throws {
        let trace = Workload.trace(path: Corpus.path("mooncake-valid.jsonl"), options: TraceOptions())
        let source = try Workload.mix([Workload.Part(trace), Workload.Part(trace)]).open(seed: 1)
        #expect(source.sharesPrefixes)
        let all = try requests(of: source)
        let segments = all.map { source.contents.segments(of: $0.content) }
        // Order: 0 of each part, then the two rows at 3 s of the first part, then of the second.
        #expect(segments[0].map(\.tokens) == [512, 512, 76])
        #expect(segments[1].map(\.tokens) == [512, 512, 76])
        #expect(Set(segments[0].map(\.key)).isDisjoint(with: segments[1].map(\.key)))
        #expect(segments[2].map(\.key) == Array(segments[0].map(\.key).prefix(2)))
        #expect(segments[4].map(\.key) == Array(segments[1].map(\.key).prefix(2)))
        #expect(all[3].content.isUnique)
    }

    @Test func conversationsSurviveMixing() throws {
        let chat = SyntheticWorkload(
            arrivals: .poisson(rate: 5),
            classes: [
                RequestClass(
                    name: "chat", lengths: .independent(input: .fixed(10), output: .fixed(5)),
                    conversation: Conversation(turns: .fixed(3), thinkTime: .constant(0.5)))
            ], limit: 300)
        let source = try Workload.mix([Workload.Part(.synthetic(chat)), Workload.Part(.synthetic(chat))]).open(seed: 1)
        let all = try requests(of: source, batch: 50)
        #expect(all.count == 600)
        let sessions = Dictionary(grouping: all, by: \.session)
        #expect(sessions[0] == nil)
        #expect(sessions.count >= 200)
        for turns in sessions.values {
            let keys = Set(turns.flatMap { source.contents.segments(of: $0.content) }.map(\.key))
            #expect(keys.count == 1)
            #expect(turns.allSatisfy { source.contents.outputContinuesLastSegment(of: $0.content) })
            #expect(turns.map(\.inputTokens) == Array([10, 25, 40].prefix(turns.count)))
        }
    }

    @Test func partsDrawIndependently() throws {
        let one = Workload.synthetic(
            SyntheticWorkload(
                arrivals: .poisson(rate: 5), lengths: .independent(input: .geometric(mean: 100), output: .fixed(1)),
                limit: 100))
        let source = try Workload.mix([
            Workload.Part(one, className: "a"), Workload.Part(one, className: "b"),
        ]).open(seed: 1)
        let all = try requests(of: source, batch: 50)
        let parts = [0, 1].map { index in all.filter { $0.classIndex == index }.map(\.inputTokens) }
        #expect(parts.map(\.count) == [100, 100])
        #expect(parts[0] != parts[1])
    }

    @Test func errorsAndSkippedRowsPassThrough() throws {
        let burst = Workload.trace(path: Corpus.path("burstgpt-six.csv"), options: TraceOptions())
        let source = try Workload.mix([Workload.Part(burst), Workload.Part(burst)]).open(seed: 1)
        #expect(try requests(of: source).count == 6)
        #expect(source.skipped == [SkippedRows(reason: "output of zero tokens", count: 2)])
        let broken = Workload.trace(path: Corpus.path("azure-unsorted.csv"), options: TraceOptions())
        let mixed = try Workload.mix([Workload.Part(burst), Workload.Part(broken)]).open(seed: 1)
        let found = #expect(throws: TraceError.self) { _ = try requests(of: mixed) }
        #expect(found?.line == 3)
    }
}
