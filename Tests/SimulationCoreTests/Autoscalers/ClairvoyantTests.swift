import Primitives
import SimulationCore
import Testing

@Suite struct ClairvoyantTests {
    private static func steps(_ list: [(Int64, Int)]) -> [ClairvoyantPolicy.Step] {
        list.map { .init(time: .start + .seconds($0.0), replicas: $0.1) }
    }

    /// Needed: 2 from 0, 5 from 100, 1 from 130, 9 from 300. 40 s to start, a decision every 10 s: less than 50 s
    /// before a rise, for what is asked 10 s later would be ready too late.
    @Test func risesComeInTimeAndFallsDoNotComeEarly() {
        let policy = ClairvoyantPolicy(
            steps: Self.steps([(0, 2), (100, 5), (130, 1), (300, 9)]), lead: .seconds(40))
        #expect(policy.tick == .seconds(10))
        check(
            .clairvoyant(policy), 0...50, initial: 2,
            [
                Decision(0, wants: 2), Decision(50, wants: 2),  // 100 is not before 50 + 50
                Decision(60, wants: 5),  // asked now, ready at 100
                Decision(90, wants: 5), Decision(100, wants: 5), Decision(120, wants: 5), Decision(130, wants: 1),
                Decision(250, wants: 1), Decision(260, wants: 9), Decision(300, wants: 9), Decision(9_000, wants: 9),
            ])
    }

    @Test func edges() {
        check(.clairvoyant(ClairvoyantPolicy(steps: [], lead: .zero)), 0...9, [Decision(0, load: 90, wants: 0)])
        let late = ClairvoyantPolicy(steps: Self.steps([(25, 4)]), lead: .zero)
        check(
            .clairvoyant(late), 1...3, initial: 1,
            [
                Decision(0, wants: 1), Decision(10, wants: 1),
                Decision(20, wants: 3),  // needed before the next decision
                Decision(30, wants: 3),
            ])
        // Two steps at one time: the later in the table holds from then on, and the peak between counts.
        let twin = ClairvoyantPolicy(steps: Self.steps([(0, 1), (20, 7), (20, 3)]), lead: .zero)
        check(.clairvoyant(twin), 0...9, [Decision(0, wants: 1), Decision(20, wants: 3)])
    }

    /// 10 s bins, 2 requests a second each: 20 per replica and bin.
    @Test func theTableOfArrivals() {
        let table = ClairvoyantPolicy.table(arrivals: [0, 20, 21, 40, 40, 1, 0, 0], capacity: 2, bin: .seconds(10))
        #expect(table == Self.steps([(0, 0), (10, 1), (20, 2), (50, 1), (60, 0)]))
        #expect(ClairvoyantPolicy.table(arrivals: [], capacity: 2, bin: .seconds(10)) == [])
        // 3.3 per second and bin in binary is a little more than 3 × 1.1: still 3.
        #expect(
            ClairvoyantPolicy.table(arrivals: [33], capacity: 1.1, bin: .seconds(10)) == Self.steps([(0, 3)]))
    }

    /// At every moment at least what the table needs, if what is asked for takes exactly the lead.
    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func neverShort(seed: UInt64) {
        var dice = RandomKey(seed: seed).derived("clairvoyant").generator()
        let arrivals = (0..<60).map { _ in Int(dice.next() % 200) }
        let lead = Int64(dice.next() % 70)
        let steps = ClairvoyantPolicy.table(arrivals: arrivals, capacity: 1, bin: .seconds(7))
        let policy = ClairvoyantPolicy(steps: steps, lead: .seconds(lead))
        var scaler = Autoscaler(policy: .clairvoyant(policy), minimum: 0, maximum: 999, initial: 0)
        var asked: [Int] = []
        for second in stride(from: 0, to: 420, by: 10) {
            asked.append(scaler.decide(Decision(Double(second), wants: 0).signals))
        }
        for second in Int(lead)..<410 {
            let needed = (arrivals[second / 7] + 6) / 7
            // Ready are those asked for `lead` ago and not given back since.
            let ready = (max(0, (second - Int(lead)) / 10)...(second / 10)).map { asked[$0] }.min()!
            #expect(ready >= needed, "seed \(seed), at \(second)")
        }
    }
}
