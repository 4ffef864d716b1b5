import Testing

@testable import SimulationCore

@Suite struct ActorsTests {
    private static let sizes = [(1, 1, 1), (2, 5, 2), (6, 3, 3), (0, 4, 1), (12, 40, 4)]

    private func kinds(_ actors: Actors) -> [Actors.Kind] {
        var all = (0..<actors.links).map { Actors.Kind.link($0) }
        all += (0..<actors.replicas).map { .replica($0) }
        guard actors.hasLife else { return all }
        all += [.clients, .outages]
        all += (0..<actors.pools).map { .supply(pool: $0) }
        all += (0..<actors.replicas).map { .machine($0) }
        return all + (0..<actors.pools).map { .autoscaler(pool: $0) }
    }

    private func number(_ kind: Actors.Kind, in actors: Actors) -> Int {
        switch kind {
        case .link(let index): index
        case .replica(let index): actors.replica(index)
        case .clients: actors.clients
        case .outages: actors.outages
        case .supply(let pool): actors.supply(pool)
        case .machine(let index): actors.machine(index)
        case .autoscaler(let pool): actors.autoscaler(pool)
        }
    }

    /// Numbers are dense, in the order of simultaneous events, and say what they are.
    @Test(arguments: sizes, [false, true])
    func numbersAndKindsAreInverse(size: (links: Int, replicas: Int, pools: Int), hasLife: Bool) {
        let actors = Actors(links: size.links, replicas: size.replicas, pools: size.pools, hasLife: hasLife)
        let expected = kinds(actors)
        #expect(actors.count == expected.count)
        #expect((0..<actors.count).map { actors.kind(of: $0) } == expected)
        #expect(expected.map { number($0, in: actors) } == Array(0..<actors.count))
    }
}
