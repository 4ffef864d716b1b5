import Primitives
import Testing
import Workloads

@Suite struct RequestTests {
    @Test func aRequestIsSmallAndTrivial() {
        // The stream of requests is the hot input of a simulation.
        #expect(MemoryLayout<Request>.size <= 48)
        #expect(_isPOD(Request.self))
    }

    @Test func defaultsMeanNone() {
        let request = Request(id: 1, arrival: .start, inputTokens: 2, outputTokens: 3)
        #expect(request.classIndex == 0)
        #expect(request.regionIndex == 0)
        #expect(request.priority == 0)
        #expect(request.session == 0)
        #expect(request.images == 0)
        #expect(request.content.isUnique)
    }
}

@Suite struct PromptContentStoreTests {
    private let one = [PromptSegment(key: 1, tokens: 10), PromptSegment(key: 2, tokens: 5)]
    private let other = [PromptSegment(key: 3, tokens: 7)]

    @Test func contentsComeBackUntilTheyAreReleased() {
        let store = PromptContentStore()
        let first = store.insert(one)
        let second = store.insert(other, outputContinuesLastSegment: true)
        #expect(first != second)
        #expect(store.segments(of: first) == one)
        #expect(store.segments(of: second) == other)
        #expect(!store.outputContinuesLastSegment(of: first))
        #expect(store.outputContinuesLastSegment(of: second))
    }

    @Test func releasedSlotsAreReused() {
        let store = PromptContentStore()
        let first = store.insert(one, outputContinuesLastSegment: true)
        let second = store.insert(one)
        store.release(first)
        let third = store.insert(other)
        #expect(third == first)
        #expect(store.segments(of: third) == other)
        #expect(!store.outputContinuesLastSegment(of: third))
        #expect(store.segments(of: second) == one)
    }

    @Test func uniqueContentIsNothing() {
        let store = PromptContentStore()
        #expect(store.segments(of: .unique).isEmpty)
        #expect(!store.outputContinuesLastSegment(of: .unique))
        store.release(.unique)
        #expect(!store.insert(one).isUnique)
    }
}

@Suite struct WorkloadErrorTests {
    @Test func printsTheSettingAndTheMessage() {
        #expect(WorkloadError(setting: "a.b", message: "is bad").description == "a.b: is bad")
        #expect(WorkloadError(message: "is bad").description == "is bad")
    }
}
