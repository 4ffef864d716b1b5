import Pricing
import Primitives

/// What a supply answers when a pool asks for a machine.
enum Acquisition: Equatable {
    case granted(Lease)
    /// Not now; asking again before `retryAt` is of no use (`.max`: never will be).
    case refused(retryAt: Int64)
}

/// A machine as rented. Times in nanoseconds since the run's start.
struct Lease: Equatable {
    /// What was agreed with the host; `nil` where the supplier is one.
    var host: HostTerms?
    /// Relative to the catalogue's device.
    var speed = 1.0
    /// Downlink for image and weights; `nil` = as the pool's stages say.
    var bytesPerSecond: Double?
    /// Never comes up: it is given up at this time. `nil` = it does.
    var failsAt: Int64?
}

/// What a supply does by itself.
enum SupplyEvent: Equatable {
    /// The machine of `place` (index within the pool) is to be lost at `at`, which is now plus the notice.
    case reclaimed(place: Int, at: Int64, ending: RentalEnding)
    /// The machine stops now and keeps its disk.
    case paused(place: Int)
    /// A paused machine runs again.
    case resumed(place: Int)
    /// A paused machine will not be waited for any longer: it is gone now.
    case abandoned(place: Int, ending: RentalEnding)
    /// A start that was refused may be tried again.
    case mayRetry
}
