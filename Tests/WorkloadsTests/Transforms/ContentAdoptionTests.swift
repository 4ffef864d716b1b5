import Primitives
import Testing

@testable import Workloads

@Suite struct ContentAdoptionTests {
    private func adopted(
        _ segments: [PromptSegment], session: UInt32, nameSpace: UInt64, continues: Bool = false
    ) -> (request: Request, segments: [PromptSegment], continues: Bool, freed: Bool) {
        let old = PromptContentStore()
        let new = PromptContentStore()
        let content = old.insert(segments, outputContinuesLastSegment: continues)
        var request = Request(
            id: 0, arrival: .start, inputTokens: 10, outputTokens: 1, session: session, content: content)
        ContentAdoption(nameSpace: nameSpace).adopt(&request, from: old, into: new)
        return (
            request, new.segments(of: request.content), new.outputContinuesLastSegment(of: request.content),
            old.insert([]) == content
        )
    }

    private let segments = [PromptSegment(key: 1, tokens: 4), PromptSegment(key: 2, tokens: 6)]

    @Test func lengthsStayAndKeysMoveTogether() {
        let one = adopted(segments, session: 7, nameSpace: 0, continues: true)
        let same = adopted([segments[0]], session: 7, nameSpace: 0)
        let other = adopted(segments, session: 7, nameSpace: 1)
        #expect(one.segments.map(\.tokens) == [4, 6])
        #expect(one.continues)
        #expect(!same.continues)
        #expect(same.segments[0] == one.segments[0])
        #expect(Set(one.segments.map(\.key)).isDisjoint(with: other.segments.map(\.key)))
        #expect(one.request.session == same.request.session)
        #expect(one.request.session != other.request.session)
    }

    @Test func theOldSlotIsFreed() {
        #expect(adopted(segments, session: 0, nameSpace: 3).freed)
    }

    @Test func noneStaysNone() {
        let store = PromptContentStore()
        var request = Request(id: 0, arrival: .start, inputTokens: 1, outputTokens: 1)
        ContentAdoption(nameSpace: 5).adopt(&request, from: store, into: store)
        #expect(request.session == 0)
        #expect(request.content.isUnique)
    }

    @Test func sessionsAreNeverNone() {
        for session in 1...20_000 as ClosedRange<UInt32> {
            var request = Request(id: 0, arrival: .start, inputTokens: 1, outputTokens: 1, session: session)
            ContentAdoption(nameSpace: 5).adopt(&request, from: PromptContentStore(), into: PromptContentStore())
            #expect(request.session != 0)
        }
    }
}
