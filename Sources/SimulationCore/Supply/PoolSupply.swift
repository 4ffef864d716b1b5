import Primitives

/// Where one pool's machines come from: asked for and given back by the fleet, lost by the supply's own events.
///
/// **Contract.** Times never fall, over all calls. ``nextTime`` is the supply's one pending time; ``advance(to:)`` is called
/// when it comes and may find that nothing is to be told. A machine is held from `granted` until ``release(place:at:)`` or an
/// event that ends it. `reclaimed` announces a loss: the machine is held, and fills its place, until it is released at the
/// stated time or before. After `abandoned`, and after a `reclaimed` whose time is now, a release is allowed and changes
/// nothing, as is one of a machine that is not held. A machine whose lease says that it fails is held until it is released.
/// Machines that are still starting are reclaimed and paused like others.
///
/// **Randomness.** Every stream hangs on `key` and on names: availability on the region and the zone, launches and
/// reclaims on the region, the machine's index and its how-manieth start, hosts on the region and the host's number. None hangs
/// on a strategy or a pool's rank, and none on what was asked for before: given one key, strategies meet the same world,
/// and so do two pools in one place. Derive the key by offer where offers are to differ, and by pool where two pools of one
/// strategy are not to rent the same hosts or depth: those are counted per pool, because each has a supply of its own.
struct PoolSupply: Sendable {
    private var capacity: CapacityMachines?
    private var market: HostMarket?

    /// - Parameters:
    ///   - places: machines of the pool; `place` in all calls is below, and stands in zone `place` mod the zones' count.
    ///   - key: see above; the same for all strategies.
    init(_ policy: SupplyPolicy, place: PoolPlace, places: Int, key: RandomKey) {
        let own = key.derived("supply")
        switch policy {
        case .dependable: break
        case .capacity(let policy): capacity = CapacityMachines(policy, place: place, places: places, key: own)
        case .hosts(let policy): market = HostMarket(policy, place: place, places: places, key: own)
        }
    }

    /// When something happens by itself; `.max` = never.
    var nextTime: Int64 { capacity?.nextTime ?? market?.nextTime ?? .max }

    /// Asks for a machine. A refusal's time is the first at which asking again every retry interval could succeed, as
    /// far as it does not hang on the pool's own machines.
    /// - Precondition: the machine is not held.
    mutating func acquire(place: Int, at now: Int64) -> Acquisition {
        capacity?.acquire(place: place, at: now) ?? market?.acquire(place: place, at: now) ?? .granted(Lease())
    }

    /// Gives a machine back.
    mutating func release(place: Int, at now: Int64) {
        capacity?.release(place: place)
        market?.release(place: place, at: now)
    }

    /// What happens at `now`, by place; nothing before ``nextTime``.
    mutating func advance(to now: Int64) -> [SupplyEvent] {
        capacity?.advance(to: now) ?? market?.advance(to: now) ?? []
    }
}
