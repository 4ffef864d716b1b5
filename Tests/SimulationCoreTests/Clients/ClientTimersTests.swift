import Primitives
import Testing

@testable import SimulationCore

@Suite struct ClientTimersTests {
    private typealias Entry = (time: Int64, kind: ClientTimer.Kind, request: UInt64, number: Int)
    private static let kinds: [ClientTimer.Kind] = [.cancel, .deadline, .firstToken, .send, .carried, .hedge]

    /// Every combination of two times, all kinds, two requests and two numbers, in the order that is promised.
    private static var ordered: [Entry] {
        var all: [Entry] = []
        for time in [5, 6] as [Int64] {
            for kind in kinds {
                for request in [3, 4] as [UInt64] {
                    for number in [0, 1] { all.append((time, kind, request, number)) }
                }
            }
        }
        return all
    }

    private func text(_ entry: Entry) -> String { "\(entry.time) \(entry.kind) \(entry.request) \(entry.number)" }
    private func text(_ timer: ClientTimer) -> String { text((timer.time, timer.kind, timer.request, timer.number)) }

    @Test func nothingIsWaitedForAtFirst() {
        var timers = ClientTimers()
        #expect(timers.nextTime == .max)
        timers.add(.send, of: 7, number: 2, at: 9)
        #expect(timers.nextTime == 9)
        #expect(text(timers.removeFirst()) == "9 send 7 2")
        #expect(timers.nextTime == .max)
    }

    /// Simultaneous timers come out in one order, whatever the order in which they were set.
    @Test func theOrderIsTotal() {
        let expected = Self.ordered.map(text)
        var dice = RandomKey(seed: 5).generator()
        for round in 0..<200 {
            var timers = ClientTimers()
            for entry in Self.ordered.shuffled(using: &dice) {
                timers.add(entry.kind, of: entry.request, number: entry.number, at: entry.time)
            }
            #expect(expected.indices.map { _ in text(timers.removeFirst()) } == expected, "round \(round)")
        }
    }

    /// Added and taken out in turn, against a list that is sorted each time.
    @Test func agreesWithASortedList() {
        var dice = RandomKey(seed: 6).generator()
        var timers = ClientTimers()
        var list: [(place: [Int64], text: String)] = []
        for _ in 0..<4_000 {
            if list.isEmpty || dice.next() % 5 < 3 {
                let kind = Int(dice.next() % 6)
                let entry: Entry = (Int64(dice.next() % 9), Self.kinds[kind], dice.next() % 3, Int(dice.next() % 3))
                timers.add(entry.kind, of: entry.request, number: entry.number, at: entry.time)
                list.append(([entry.time, Int64(kind), Int64(entry.request), Int64(entry.number)], text(entry)))
                list.sort { $0.place.lexicographicallyPrecedes($1.place) }
            } else {
                #expect(text(timers.removeFirst()) == list.removeFirst().text)
            }
            #expect(timers.nextTime == list.first?.place[0] ?? .max)
        }
    }

    /// Equal timers are two timers.
    @Test func duplicatesStay() {
        var timers = ClientTimers()
        for _ in 0..<3 { timers.add(.cancel, of: 1, number: 1, at: 4) }
        for _ in 0..<3 { #expect(timers.removeFirst().time == 4) }
        #expect(timers.nextTime == .max)
    }
}
