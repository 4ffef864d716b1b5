import Foundation
import Primitives
import SimulationCore
import Testing

@Suite struct AutoscalerCodingTests {
    /// A policy that was written down and read again decides alike, for it is equal.
    @Test(arguments: AutoscalerPropertyTests.policies)
    func roundTrip(policy: AutoscalerPolicy) throws {
        let data = try JSONEncoder().encode(policy)
        #expect(try JSONDecoder().decode(AutoscalerPolicy.self, from: data) == policy)
    }

    /// Bounds hold from the first decision on, whatever the pool starts with.
    @Test(arguments: AutoscalerPropertyTests.policies)
    func initialIsClamped(policy: AutoscalerPolicy) {
        for initial in [0, 3, 900] {
            var scaler = Autoscaler(policy: policy, minimum: 2, maximum: 4, initial: initial)
            let wanted = scaler.decide(Decision(0, ready: 0, wants: 0).signals)
            #expect((2...4).contains(wanted), "from \(initial)")
        }
    }
}
