/// The loop's actors and their numbers, which are the order of simultaneous events: deliveries at a pool, ends of engine
/// steps, clients, outages, supplies, machines, autoscalers; within a kind by pool, replica or pool.
///
/// In fleets whose machines come and go nowhere only the first two kinds exist.
struct Actors {
    enum Kind: Equatable {
        case link(Int)
        case replica(Int)
        case clients
        case outages
        case supply(pool: Int)
        case machine(Int)
        case autoscaler(pool: Int)
    }

    let links: Int
    let replicas: Int
    let pools: Int
    let hasLife: Bool

    var count: Int { links + replicas + (hasLife ? 2 + 2 * pools + replicas : 0) }

    func replica(_ index: Int) -> Int { links &+ index }
    var clients: Int { links + replicas }
    var outages: Int { clients + 1 }
    func supply(_ pool: Int) -> Int { outages + 1 + pool }
    func machine(_ index: Int) -> Int { outages + 1 + pools + index }
    func autoscaler(_ pool: Int) -> Int { outages + 1 + pools + replicas + pool }

    /// What an actor beyond the links and replicas is.
    func kind(of actor: Int) -> Kind {
        if actor < links { return .link(actor) }
        if actor < clients { return .replica(actor - links) }
        if actor == clients { return .clients }
        if actor == outages { return .outages }
        if actor < machine(0) { return .supply(pool: actor - supply(0)) }
        if actor < autoscaler(0) { return .machine(actor - machine(0)) }
        return .autoscaler(pool: actor - autoscaler(0))
    }
}
