import Foundation
import Testing
import Primitives
import SimulationCore
@testable import Planning
@Suite struct Temp {
    @Test func show() throws {
        let s = try Scenario.load("/tmp/q.yaml").resolved()
        print(s.lintText)
        let c = ContinuousClock()
        let t = c.now
        let r = try s.run(RunOptions(threads: 2))
        print("TIME", c.now - t)
        print(r.recommendation.sentence)
        for row in r.comparison { print(row.strategy, row.meetsSLO, row.dominated, row.verdict, row.metrics.map { "\($0.name) \($0.value?.mean ?? -1) ±\($0.value?.half ?? -1)" }) }
        print(r.workload, r.warnings)
        do { _ = try Scenario.load("/tmp/q.yaml", overrides: .init(settings: ["strategies.hyperscale.pools.0.replica=3"])) } catch { print(error) }
    }
}
