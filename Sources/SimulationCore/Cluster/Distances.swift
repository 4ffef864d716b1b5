import Primitives
import Workloads

/// Network delays of a fleet, in nanoseconds one way: client to router by class, router to pool by pool and by where the
/// user is.
struct Distances {
    private let classes: [Int64]
    private let pools: [Int64]
    /// By region of the users and pool; one row more for users of whom nothing is known.
    private let regions: [[Int64]]

    init(_ fleet: FleetConfiguration, classes count: Int) {
        classes = (0..<count).map { $0 < fleet.classDelays.count ? fleet.classDelays[$0].nanoseconds : 0 }
        let own = fleet.pools.map(\.oneWayDelay.nanoseconds)
        pools = own
        regions = fleet.users.map { user in
            own.indices.map { own[$0] + ($0 < user.oneWayDelays.count ? user.oneWayDelays[$0].nanoseconds : 0) }
        }
    }

    /// Rows that tell users apart: those of the fleet, and one for all others.
    var rows: Int { regions.count + 1 }

    /// The row of a request's users.
    @inline(__always) func row(of request: Request) -> Int { min(Int(request.regionIndex), regions.count) }

    /// From a client to the router.
    @inline(__always) func toRouter(_ request: Request) -> Int64 { classes[Int(request.classIndex)] }

    /// From the router to a pool, for users of a row.
    @inline(__always) func toPool(_ pool: Int, row: Int) -> Int64 {
        row < regions.count ? regions[row][pool] : pools[pool]
    }

    /// From a client to a pool.
    @inline(__always) func oneWay(_ request: Request, to pool: Int) -> Int64 {
        toRouter(request) + toPool(pool, row: row(of: request))
    }
}
