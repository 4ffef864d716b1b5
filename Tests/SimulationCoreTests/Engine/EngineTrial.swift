import Primitives
import Testing
import Workloads

@testable import SimulationCore

/// What happened in a trial, in order.
enum TrialEvent: Equatable {
    case firstToken(UInt64, engine: Int, at: Int64)
    case finished(Finish, engine: Int, at: Int64)
    case withdrawn(Withdrawal?, engine: Int, at: Int64)
    case evacuated([Withdrawal], engine: Int, at: Int64)
    case sentAway([Withdrawal], engine: Int, at: Int64)
    case progress(Progress?, engine: Int, at: Int64)
    case slowed(Double, engine: Int, at: Int64)
}

extension Withdrawal: CustomTestStringConvertible {
    var testDescription: String {
        "(\(request.id): \(progress.generated) of \(request.outputTokens) at \(progress.firstToken)…\(progress.lastToken), "
            + "computed \(computed), underway \(underway), resident \(resident))"
    }
}

extension TrialEvent: CustomTestStringConvertible {
    var testDescription: String {
        switch self {
        case .firstToken(let id, let engine, let time): "first token of \(id) at \(engine), \(time)"
        case .finished(let finish, let engine, let time): "\(finish) at \(engine), \(time)"
        case .withdrawn(let one, let engine, let time):
            "withdrawn \(one?.testDescription ?? "nothing") at \(engine), \(time)"
        case .evacuated(let all, let engine, let time), .sentAway(let all, let engine, let time):
            "evacuated \(all.map(\.testDescription)) at \(engine), \(time)"
        case .progress(let one, let engine, let time): "progress \(one.map { "\($0)" } ?? "none") at \(engine), \(time)"
        case .slowed(let speed, let engine, let time): "slowed to \(speed) at \(engine), \(time)"
        }
    }
}

/// A random script against a few engines: deliveries, cancellations, losses, resumptions and changes of speed, at
/// random instants and at instants at which something else happens.
///
/// At one instant: deliveries, ends of steps, operations. What the script does depends on nothing but what the engines
/// say, so two kinds of engine that agree meet the same script.
struct Trial {
    let world: RandomWorld
    /// Largest numerator of a change of speed in quarters; only whole ones where `wholeSpeeds`.
    var wholeSpeeds = false
    /// Whether a request may come again to an engine that it was withdrawn from.
    var mayReturn = true

    private struct Delivery {
        var time: Int64
        var request: Request
        var progress: Progress?
        var engine: Int
    }

    private struct State {
        var engines: [any TrialEngine]
        var dice: KeyedGenerator
        var present: [(id: UInt64, engine: Int)] = []
        var deliveries: [Delivery] = []
        var operations: [Int64] = []
        var returns: [UInt64: Int] = [:]
        var visited: Set<[UInt64]> = []
        var events: [TrialEvent] = []

        mutating func pick(_ count: Int) -> Int { Int(dice.next() % UInt64(count)) }
        mutating func chance(_ p: Double) -> Bool { dice.uniform() < p }
    }

    /// Runs the script to its end.
    func run(_ engines: [any TrialEngine], requests: [Request]) -> [TrialEvent] {
        var state = State(engines: engines, dice: RandomKey(seed: world.seed).derived("operations").generator())
        plan(requests, &state)
        while true {
            let now =
                [
                    state.deliveries.first?.time ?? .max, state.operations.first ?? .max,
                    engines.map(\.wakeTime).min() ?? .max,
                ].min() ?? .max
            guard now != .max else { return state.events }
            while let next = state.deliveries.first, next.time == now {
                state.deliveries.removeFirst()
                deliver(next, afterSteps: false, &state)
            }
            let reactions = settle(at: now, &state)
            for _ in 0..<reactions { cancel(at: now, &state) }
            while state.operations.first == now {
                state.operations.removeFirst()
                operate(at: now, &state)
            }
        }
    }

    private func plan(_ requests: [Request], _ state: inout State) {
        let unit = state.chance(0.5) ? 1_000 as Int64 : 1
        for request in requests {
            let engine = state.pick(state.engines.count)
            let time = request.arrival.nanoseconds
            state.deliveries.append(Delivery(time: time, request: request, progress: nil, engine: engine))
            guard state.chance(0.6) else { continue }
            let reach = Double([1e3, 1e5, 1e7, 1e9][state.pick(4)])
            let later = Int64(state.dice.uniform() * reach) / unit * unit
            state.operations.append(time + later)
        }
        state.operations.sort()
    }

    private func deliver(_ delivery: Delivery, afterSteps: Bool, _ state: inout State) {
        let engine = state.engines[delivery.engine]
        guard engine.accepts(delivery.request) else { return }
        let id = delivery.request.id
        engine.deliver(delivery.request, at: delivery.time, resuming: delivery.progress, afterSteps: afterSteps)
        if (delivery.progress?.firstToken ?? -1) < 0, state.chance(0.5) { engine.watch(id) }
        state.present.append((id, delivery.engine))
        state.visited.insert([id, UInt64(delivery.engine)])
    }

    /// Handles the ends of steps at `now`; returns how many clients take a first token for a reason to cancel.
    private func settle(at now: Int64, _ state: inout State) -> Int {
        var reactions = 0
        for (index, engine) in state.engines.enumerated() {
            while engine.wakeTime == now { engine.wake(at: now) }
            for id in engine.takeFirstTokens() {
                state.events.append(.firstToken(id, engine: index, at: now))
                if state.chance(0.1) { reactions += 1 }
            }
            for finish in engine.takeFinished() {
                state.events.append(.finished(finish, engine: index, at: now))
                state.present.removeAll { $0 == (finish.id, index) }
            }
        }
        return reactions
    }

    private func operate(at now: Int64, _ state: inout State) {
        switch state.pick(10) {
        case 0..<5: cancel(at: now, &state)
        case 5:
            let index = state.pick(state.engines.count)
            let left = state.engines[index].evacuate(at: now)
            state.events.append(.evacuated(left, engine: index, at: now))
            state.present.removeAll { $0.engine == index }
            state.visited = state.visited.filter { $0[1] != UInt64(index) }
            if state.chance(0.5) { changeSpeed(of: index, at: now, &state) }
            sendOn(left, from: nil, at: now, &state)
        case 6:
            let index = state.pick(state.engines.count)
            let left = state.engines[index].withdrawWaiting(at: now)
            state.events.append(.sentAway(left, engine: index, at: now))
            for one in left { state.present.removeAll { $0 == (one.request.id, index) } }
            sendOn(left, from: index, at: now, &state)
        case 7: changeSpeed(of: state.pick(state.engines.count), at: now, &state)
        default:
            guard !state.present.isEmpty else { return }
            let (id, index) = state.present[state.pick(state.present.count)]
            state.events.append(.progress(state.engines[index].progress(of: id, at: now), engine: index, at: now))
        }
    }

    private func changeSpeed(of index: Int, at now: Int64, _ state: inout State) {
        guard state.engines[index].isEmpty else { return }
        let quarters = wholeSpeeds ? [4, 8, 12] : [2, 4, 5, 13]
        let speed = Double(quarters[state.pick(quarters.count)]) / 4
        state.engines[index].slowdown = speed
        state.events.append(.slowed(speed, engine: index, at: now))
    }

    private func cancel(at now: Int64, _ state: inout State) {
        guard !state.present.isEmpty else { return }
        let choice = state.pick(state.present.count)
        let (id, index) = state.present[choice]
        let left = state.engines[index].withdraw(id, at: now)
        state.events.append(.withdrawn(left, engine: index, at: now))
        guard let left else { return }
        state.present.remove(at: choice)
        sendOn([left], from: index, at: now, &state)
    }

    /// Some are given up, some start anew, some go on, with or without keys and values; at once or later.
    private func sendOn(_ left: [Withdrawal], from origin: Int?, at now: Int64, _ state: inout State) {
        for one in left {
            let id = one.request.id
            state.returns[id, default: 0] += 1
            let engine = state.pick(state.engines.count)
            let fate = state.pick(5)
            let later = state.chance(0.4) ? 0 : Int64(state.dice.uniform() * 1e6)
            let isBarred = !mayReturn && state.visited.contains([id, UInt64(engine)])
            guard fate > 0, state.returns[id, default: 0] < 4, !isBarred else {
                state.engines[0].forget(one.request)
                continue
            }
            var progress: Progress? = fate > 1 ? one.progress : nil
            if fate == 3 { progress?.cached = Int32(one.resident) }
            if fate == 4 { progress?.cached = Int32(state.pick(one.resident + 1)) }
            let delivery = Delivery(time: now + later, request: one.request, progress: progress, engine: engine)
            if later == 0 {
                deliver(delivery, afterSteps: true, &state)
            } else {
                let index = state.deliveries.firstIndex { $0.time > delivery.time } ?? state.deliveries.count
                state.deliveries.insert(delivery, at: index)
            }
        }
    }
}
