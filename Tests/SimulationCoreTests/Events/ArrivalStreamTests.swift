import Primitives
import Testing
import Workloads

@testable import SimulationCore

@Suite struct ArrivalStreamTests {
    private let classes = ["near", "far", "farther"]

    private func randomRequests(_ count: Int, seed: UInt64) -> [Request] {
        var dice = RandomKey(seed: seed).generator()
        var now: Int64 = 0
        return (0..<UInt64(count)).map { id in
            now += Int64(dice.next() % 4)
            return Request(id, at: now, input: 1, output: 1, classIndex: UInt16(dice.next() % 3))
        }
    }

    private func drained(_ requests: [Request], delays: [Int64]) throws -> [(time: Int64, id: UInt64)] {
        var stream = try ArrivalStream(source: ListSource(requests, classes: classes), delays: delays)
        var seen: [(time: Int64, id: UInt64)] = []
        while stream.nextTime != .max {
            let time = stream.nextTime
            seen.append((time, try stream.next().id))
        }
        return seen
    }

    @Test(arguments: [[], [7, 7, 7], [0, 50, 3], [10], [400, 0, 9_000]])
    func classesMergeInOrderOfArrivalAtTheRouter(delays: [Int64]) throws {
        let requests = randomRequests(10_000, seed: 4)
        var expected: [(time: Int64, id: UInt64)] = requests.map { request in
            let index = Int(request.classIndex)
            return (request.arrival.nanoseconds + (index < delays.count ? delays[index] : 0), request.id)
        }
        expected.sort { ($0.time, $0.id) < ($1.time, $1.id) }
        let seen = try drained(requests, delays: delays)
        #expect(seen.map(\.time) == expected.map(\.time))
        #expect(seen.map(\.id) == expected.map(\.id))
    }

    /// Requests that reach the router together are served by id, in whatever order they were submitted.
    @Test func simultaneousSubmissionsMayBePermuted() throws {
        var dice = RandomKey(seed: 9).generator()
        let requests = (0..<30 as Range<UInt64>).map {
            Request($0, at: 5, input: 1, output: 1, classIndex: UInt16($0 % 2))
        }
        let expected: [UInt64] = (0..<15).map { 2 * $0 } + (0..<15).map { 2 * $0 + 1 }
        for _ in 0..<20 {
            let seen = try drained(requests.shuffled(using: &dice), delays: [3, 8])
            #expect(seen.map(\.id) == expected)
        }
    }

    /// Only requests that may still be overtaken are held: rate × difference of delays, however long the trace.
    @Test func memoryIsTheOvertakable() throws {
        let requests = (0..<20_000 as Range<UInt64>).map {
            Request($0, at: Int64($0) * 10, input: 1, output: 1, classIndex: UInt16($0 % 3))
        }
        var stream = try ArrivalStream(source: ListSource(requests, classes: classes), delays: [0, 500, 1_000])
        var most = 0
        for step in 0..<20_000 {
            _ = try stream.next()
            guard step % 97 == 0 || step == 19_999 else { continue }
            let held = Mirror(reflecting: stream).descendant("overtakable") as? [(time: Int64, request: Request)]
            most = max(most, try #require(held).count)
            if step == 19_999 { #expect(held?.isEmpty == true) }
        }
        #expect(most > 10 && most <= 101)
        #expect(stream.nextTime == .max)
    }

    @Test(arguments: [[], [0, 1, 2]], [1, 4_096, 4_097])
    func unsortedArrivalsAreAnError(delays: [Int64], position: Int) throws {
        var requests = (0..<5_000 as Range<UInt64>).map { Request($0, at: Int64($0) * 100, input: 1, output: 1) }
        requests[position].arrival = requests[position - 1].arrival - SimulatedDuration(nanoseconds: 1)
        #expect(throws: SimulationError.unsortedArrival(request: UInt64(position))) {
            try drained(requests, delays: delays)
        }
    }

    @Test func noRequestsNoArrivals() throws {
        #expect(try drained([], delays: []).isEmpty)
        #expect(try drained([], delays: [1, 2]).isEmpty)
    }
}
