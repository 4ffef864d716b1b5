import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Properties over many keyed random inputs, against slow and obvious implementations.
@Suite struct PropertyTests {
    /// Distance by the recursive definition: insert, delete, substitute, swap neighbours.
    private func distance(_ a: ArraySlice<Character>, _ b: ArraySlice<Character>) -> Int {
        guard let first = a.first, let other = b.first else { return max(a.count, b.count) }
        if first == other { return distance(a.dropFirst(), b.dropFirst()) }
        var best =
            1
            + min(
                distance(a.dropFirst(), b), distance(a, b.dropFirst()), distance(a.dropFirst(), b.dropFirst()))
        if a.count > 1, b.count > 1, first == b.dropFirst().first, a.dropFirst().first == other {
            best = min(best, 1 + distance(a.dropFirst(2), b.dropFirst(2)))
        }
        return best
    }

    @Test func theNearestNameIsNearestByDefinition() {
        let root = RandomKey(seed: 11).derived("names")
        for round in 0..<300 {
            var generator = root.derived(UInt64(round)).generator()
            func word() -> String {
                String((0..<(1 + generator.next() % 5)).map { _ in "abc".randomElement(using: &generator) ?? "a" })
            }
            let name = word()
            let candidates = (0..<4).map { _ in word() }
            let allowed = candidates.filter {
                distance(Array(name)[...], Array($0)[...]) <= max(1, max(name.count, $0.count) / 3)
            }
            let best = allowed.map { distance(Array(name)[...], Array($0)[...]) }.min()
            let found = nearestName(to: name, among: candidates)
            #expect(found.map { distance(Array(name)[...], Array($0)[...]) } == best, "\(name) among \(candidates)")
        }
    }

    @Test func objectivesAgreeWithSortedLists() {
        let root = RandomKey(seed: 12).derived("objectives")
        for round in 0..<300 {
            var generator = root.derived(UInt64(round)).generator()
            var record = RunRecord()
            // Below 1,024 ns the histogram is exact.
            var values = (0..<(1 + generator.next() % 40)).map { _ in Int64(generator.next() % 1_000) }
            for value in values { record.latency.tpot.record(value) }
            let failed = generator.next() % 4
            if failed > 0 { record.failures[.tooLong] = failed }
            values += Array(repeating: Int64.max, count: Int(failed))
            values.sort()
            let quantile = [0.5, 0.9, 0.95, 0.99, 0.999][Int(generator.next() % 5)]
            let bound = SimulatedDuration(nanoseconds: Int64(generator.next() % 1_000))
            let objective = ServiceObjective(quantity: .tpot, quantile: quantile, bound: bound)
            let check = ObjectiveCheck(objective, on: record, among: [objective])
            let rank = max(1, Int((quantile * Double(values.count)).rounded(.up)))
            #expect(check.isMet == (values[rank - 1] <= bound.nanoseconds), "round \(round)")
            #expect((check.reached?.nanoseconds ?? .max) == values[rank - 1], "round \(round)")
        }
    }

    @Test func packingKeepsTimeAndNeverAddsWork() throws {
        let root = RandomKey(seed: 13).derived("packing")
        for round in 0..<300 {
            var generator = root.derived(UInt64(round)).generator()
            let accelerators = [1, 2, 4, 8][Int(generator.next() % 4)]
            let tensor = 1 + Int(generator.next() % UInt64(accelerators))
            let replicas = 1 + Int(generator.next() % 12)
            let packing = try #require(
                InstancePacking(
                    replicas: replicas, tensorParallel: tensor, pipelineParallel: 1, accelerators: accelerators))
            let end = 1 + Int64(generator.next() % 1_000_000)
            let rentals = (0..<replicas).map { index in
                var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
                states[Int(InstanceState.loading.rawValue)] = Int64(generator.next() % UInt64(end / 2 + 1))
                states[Int(InstanceState.busy.rawValue)] = Int64(generator.next() % UInt64(end / 2 + 1))
                states[Int(InstanceState.idle.rawValue)] = end - states.reduce(0, +)
                return Rental(
                    pool: 0, instance: index, start: .start, end: SimulatedTime(nanoseconds: end), states: states)
            }
            let ledger = UsageLedger(rentals: rentals)
            let packed = ledger.packed([packing])
            #expect(packed.balances && packed.rentals.count == packing.instances, "round \(round)")
            let places = Int64(packing.replicasPerInstance)
            for state in [InstanceState.busy, .loading] {
                let before = rentals.reduce(Int64(0)) { $0 + $1[state].nanoseconds }
                let after = packed.rentals.reduce(Int64(0)) { $0 + $1[state].nanoseconds }
                // Rounded down once per instance, by less than a nanosecond each.
                #expect(
                    after <= before / places && after > before / places - Int64(packing.instances) - 1, "round \(round)"
                )
            }
        }
    }

    @Test func decimalNumbersAgreeWithIntegers() {
        let root = RandomKey(seed: 14).derived("decimals")
        for round in 0..<1_000 {
            var generator = root.derived(UInt64(round)).generator()
            let whole = Int64(generator.next() % 1_000_000)
            let places = Int(generator.next() % 7)
            let fraction = (0..<places).map { _ in String(generator.next() % 10) }.joined()
            let text = places > 0 ? "\(whole).\(fraction)" : "\(whole)"
            let number = DecimalNumber(text)
            let expected = Int128(whole) * 1_000_000 + Int128(Int64(fraction.padded(to: 6)) ?? 0)
            #expect(number?.integer(times: 1_000_000) == expected, "\(text)")
            #expect(number?.double == Double(text), "\(text)")
        }
    }

    @Test func intervalsCoverTheTruthAboutAsOftenAsTheySay() {
        // Means of three uniform draws have mean 0.5; 2,000 intervals of 95 % should cover it 94–97 % of the time
        // (uniform draws are light-tailed, so a little more than 95 % is expected).
        let key = RandomKey(seed: 15).derived("coverage")
        var covered = 0
        for round in 0..<2_000 {
            let values = (0..<5).map { draw in
                (0..<3).reduce(0.0) { $0 + key.derived(UInt64(round)).uniform(UInt64(draw * 3 + $1)) } / 3
            }
            if let estimate = Estimate(of: values), let half = estimate.half, abs(estimate.mean - 0.5) <= half {
                covered += 1
            }
        }
        #expect((1_880...1_940).contains(covered), "\(covered) of 2,000")
    }

    @Test func theDistributionOfTRisesFromZeroToOne() {
        for degrees in [1, 2, 3, 4, 7, 30, 101] {
            var last = 0.0
            for step in 1...20 {
                let probability = StudentT.centralProbability(Double(step) * 0.25, degrees: degrees)
                #expect(probability > last && probability < 1, "\(degrees) degrees, step \(step)")
                last = probability
            }
            for probability in [0.1, 0.5, 0.9, 0.999] {
                let t = StudentT.quantile(central: probability, degrees: degrees)
                #expect(abs(StudentT.centralProbability(t, degrees: degrees) - probability) < 1e-12)
            }
        }
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String { self + String(repeating: "0", count: length - count) }
}
