import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// A mean over independent replications with its 99.9 % Student interval.
struct ReplicationInterval {
    static let replications: UInt64 = 12
    /// Student's t, 11 degrees of freedom, two-sided 99.9 %.
    static let quantile = 4.437

    let mean: Double
    let halfWidth: Double

    init(_ values: [Double]) {
        precondition(values.count == Int(Self.replications))
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        self.mean = mean
        halfWidth = Self.quantile * (variance / count).squareRoot()
    }

    func contains(_ value: Double) -> Bool { abs(value - mean) <= halfWidth }
    /// Half-width relative to the mean: how much the interval says.
    var precision: Double { halfWidth / mean }
}

/// A queue of theory as a fleet: Poisson arrivals, one mean service time (a millisecond) as the unit of all results.
///
/// A single server is a replica for one sequence, whose requests make one token: the service time is the prompt's
/// length at 1 ns a token, so rounding to whole tokens moves the mean by less than a millionth.
struct QueueTrial {
    static let unit = 1_000_000.0

    var fleet: FleetConfiguration
    /// Arrivals per mean service time.
    var rate: Double
    var requests: Int
    /// Prompt and output tokens of the next request.
    var work: (inout KeyedGenerator) -> (input: Double, output: Double)

    /// `servers` single servers behind a router.
    static func singleServers(_ servers: Int, router: RouterPolicy = .roundRobin) -> FleetConfiguration {
        let engine = EngineConfiguration(
            maxBatchedTokens: Int(Int32.max), maxSequences: 1, maxModelLength: Int(Int32.max), blockSize: 1 << 14,
            kvBlocks: 1 << 18, prefixCaching: false)
        let cost = LinearStepCost(perStep: 0, perPrefillToken: 1, perDecodeSequence: 1)
        return FleetConfiguration(
            pools: [PoolConfiguration(name: "servers", replicas: servers, engine: engine, stepCost: cost)],
            router: router)
    }

    static func exponential(_ generator: inout KeyedGenerator) -> Double { -Mathematics.log(generator.uniform()) }

    func workload(seed: UInt64) -> [Request] {
        var arrivals = RandomKey(seed: seed).derived("arrivals").generator()
        var lengths = RandomKey(seed: seed).derived("lengths").generator()
        var now = 0.0
        return (0..<UInt64(requests)).map { id in
            now += Self.exponential(&arrivals) * Self.unit / rate
            let (input, output) = work(&lengths)
            return Request(id, at: Int64(now), input: Int32(max(1, input.rounded())), output: Int32(max(1, output)))
        }
    }

    /// Outcomes in order of arrival.
    func outcomes(seed: UInt64) throws -> [RequestOutcome] {
        let collector = Collector()
        let source = ListSource(workload(seed: seed))
        _ = try Simulation(fleet: fleet, source: source, options: .init(seed: seed), observer: collector).run()
        return collector.outcomes.sorted { $0.id < $1.id }
    }

    /// Mean time in the system in units of mean service, after a tenth of the requests as warm-up.
    func sojourn() throws -> ReplicationInterval {
        ReplicationInterval(
            try (0..<ReplicationInterval.replications).map { seed in
                let steady = try outcomes(seed: 1_000 + seed).dropFirst(requests / 10)
                return steady.reduce(0.0) { $0 + Double($1.e2e.nanoseconds) } / Double(steady.count) / Self.unit
            })
    }
}

/// Mean time in the system, in units of mean service, from the textbooks.
enum QueueFormula {
    /// Pollaczek–Khinchine: `secondMoment` of the service time in squared mean services (exponential: 2, constant: 1).
    static func singleServer(load: Double, secondMoment: Double) -> Double {
        1 + load * secondMoment / (2 * (1 - load))
    }

    /// Erlang C over `servers` servers with mean service `service`.
    static func manyServers(_ servers: Int, rate: Double, service: Double = 1) -> Double {
        let offered = rate * service
        var blocking = 1.0
        for server in 1...servers { blocking = offered * blocking / (Double(server) + offered * blocking) }
        let load = offered / Double(servers)
        let waits = blocking / (1 - load * (1 - blocking))
        return service + waits * service / (Double(servers) - offered)
    }

    /// Join the shortest of two queues: the stationary chain of both lengths, cut off at `limit`, by Gauss–Seidel.
    static func shortestOfTwo(rate: Double, limit: Int) -> Double {
        var chance = [[Double]](repeating: Array(repeating: 0, count: limit), count: limit)
        for a in 0..<limit { for b in 0..<limit { chance[a][b] = Mathematics.pow(rate / 2, Double(a + b)) } }
        var previous = 0.0
        for sweep in 1...20_000 {
            for a in 0..<limit { for b in 0..<limit { chance[a][b] = balance(chance, a, b, rate) } }
            guard sweep % 50 == 0 else { continue }
            let mean = meanNumber(&chance)
            if abs(mean - previous) < 1e-9 * mean { break }
            previous = mean
        }
        return previous / rate
    }

    /// The chance of state (a, b) that balances its neighbours' flows into it.
    private static func balance(_ chance: [[Double]], _ a: Int, _ b: Int, _ rate: Double) -> Double {
        let limit = chance.count
        var inflow = 0.0
        if a + 1 < limit { inflow += chance[a + 1][b] }
        if b + 1 < limit { inflow += chance[a][b + 1] }
        if a > 0, a - 1 <= b { inflow += rate * chance[a - 1][b] }
        if b > 0, b - 1 < a { inflow += rate * chance[a][b - 1] }
        let joins = min(a, b) + 1 < limit ? rate : 0
        return inflow / (joins + (a > 0 ? 1 : 0) + (b > 0 ? 1 : 0))
    }

    private static func meanNumber(_ chance: inout [[Double]]) -> Double {
        let total = chance.reduce(0) { $0 + $1.reduce(0, +) }
        var mean = 0.0
        for a in chance.indices {
            for b in chance.indices {
                chance[a][b] /= total
                mean += Double(a + b) * chance[a][b]
            }
        }
        return mean
    }
}
