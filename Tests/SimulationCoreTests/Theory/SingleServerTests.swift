import Primitives
import SimulationCore
import Testing
import Workloads

/// One server, known answers: M/M/1, M/D/1 and M/G/1 by Pollaczek–Khinchine, and Lindley's recursion to the nanosecond.
@Suite struct SingleServerTests {
    /// A service time distribution with mean 1.
    enum Service: String, CaseIterable {
        case exponential, constant, uniform, twoPoint

        /// E[S²].
        var secondMoment: Double {
            switch self {
            case .exponential: 2
            case .constant: 1
            case .uniform: 4.0 / 3
            case .twoPoint: 0.9 * 0.5 * 0.5 + 0.1 * 5.5 * 5.5
            }
        }

        func sample(_ generator: inout KeyedGenerator) -> Double {
            switch self {
            case .exponential: QueueTrial.exponential(&generator)
            case .constant: 1
            case .uniform: 2 * generator.uniform()
            case .twoPoint: generator.uniform() < 0.9 ? 0.5 : 5.5
            }
        }
    }

    private func trial(_ service: Service, load: Double, requests: Int) -> QueueTrial {
        QueueTrial(fleet: QueueTrial.singleServers(1), rate: load, requests: requests) {
            (service.sample(&$0) * QueueTrial.unit, 1)
        }
    }

    @Test(arguments: Service.allCases, [(0.3, 8_000, 0.05), (0.7, 20_000, 0.10), (0.9, 80_000, 0.25)])
    func meanSojournIsTheFormula(service: Service, point: (load: Double, requests: Int, precision: Double)) throws {
        let interval = try trial(service, load: point.load, requests: point.requests).sojourn()
        let theory = QueueFormula.singleServer(load: point.load, secondMoment: service.secondMoment)
        #expect(interval.contains(theory), "\(service) at \(point.load): \(interval) against \(theory)")
        #expect(interval.precision < point.precision, "\(service) at \(point.load)")
    }

    /// Wₙ₊₁ = max(0, Wₙ + Sₙ − Aₙ), for every request.
    @Test(arguments: Service.allCases)
    func everyWaitIsLindleys(service: Service) throws {
        let trial = trial(service, load: 0.85, requests: 20_000)
        var free: Int64 = 0
        for outcome in try trial.outcomes(seed: 5) {
            let start = max(free, outcome.arrival.nanoseconds)
            free = start + Int64(outcome.inputTokens)
            let expected = [start - outcome.arrival.nanoseconds, free - outcome.arrival.nanoseconds]
            let actual = [outcome.queue.nanoseconds, outcome.e2e.nanoseconds]
            #expect(actual == expected, "request \(outcome.id)")
            if actual != expected { return }
        }
    }

    /// The busy time is the work brought in; without idling twice, it is the utilisation.
    @Test func workIsConserved() throws {
        let trial = trial(.exponential, load: 0.7, requests: 30_000)
        let workload = trial.workload(seed: 3)
        let record = try Simulation(fleet: trial.fleet, source: ListSource(workload)).run()
        #expect(record.replicas[0].busy.nanoseconds == workload.reduce(0) { $0 + Int64($1.inputTokens) })
        #expect(abs(record.utilization - 0.7) < 0.02)
    }
}
