import Pricing
import Primitives

/// Where one replica's machine is in its life:
///
///     stopped → starting → ready → draining → stopped
///                  ↑                  ↓
///                  └─── kept ←────────┘        (scaled down and held back)
///     starting, ready, draining → paused → starting   (outbid or reclaimed, and back)
///
/// Any stage may end in stopped: given back, taken away, broken.
enum MachineStage: UInt8 {
    case stopped, starting, ready, draining, kept, paused
}

/// Keys and values on their way from one machine to another.
struct CarriedBytes: Equatable {
    var bytes: Int64
    /// The replica that sends them, and when its rental began.
    var from: Int
    var rentedAt: Int64
}

/// What is read off a replica when its machine changes its stage.
struct MachineReading {
    /// Nanoseconds with work since the run's start.
    var busy: Int64
    var served: ServedTokens

    init(_ replica: borrowing Replica, at now: Int64) {
        busy = replica.busyTime(at: now)
        served = replica.served
    }
}

/// One replica's machine (or machines, where it is spread over several), from start to start. Times in nanoseconds.
struct MachineSlot {
    let pool: Int
    /// Index within the pool.
    let place: Int
    var stage = MachineStage.stopped
    /// Since when it is in its stage, and the busy time at that moment.
    var since: Int64 = 0
    var busyAtStage: Int64 = 0

    // The present rental.
    var rentedAt: Int64 = 0
    var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
    var resumes = false
    var host: HostTerms?
    var servedBefore = ServedTokens()
    /// Tokens computed for nothing.
    var lostTokens: UInt64 = 0
    var traffic = Traffic()

    // The present start.
    /// Starts so far.
    var starts = 0
    var stages = StartupStages(provision: .zero)
    var startedAt: Int64 = 0
    var isCached = false

    // What is to come; `.max` = it does not.
    var readyAt = Int64.max
    var launchFailsAt = Int64.max
    var failsAt = Int64.max
    /// Announced loss, and its reason.
    var lossAt = Int64.max
    var lossEnding = RentalEnding.interrupted
    /// When what is still running on a draining machine is cut off.
    var drainEndsAt = Int64.max
    /// Not to be started before.
    var availableAt: Int64 = 0

    init(pool: Int, place: Int) {
        self.pool = pool
        self.place = place
    }

    /// When something happens to the machine by itself; `.max` = nothing does.
    var nextTime: Int64 {
        switch stage {
        case .stopped, .kept, .paused: .max
        case .starting: min(readyAt, launchFailsAt, failsAt)
        case .ready: failsAt
        case .draining: min(drainEndsAt, lossAt, failsAt)
        }
    }

    /// Splits the time in the present stage, up to `now`, over the ledger's states; returns what the timeline shows.
    mutating func settle(at now: Int64, busy: Int64, keepsWarm: Bool) -> [(
        from: Int64, to: Int64, TimelineRecorder.Series
    )] {
        defer { (since, busyAtStage) = (now, busy) }
        let span = now - since
        switch stage {
        case .stopped: return []
        case .starting:
            let provisioned = min(now, max(since, startedAt + stages.provision.nanoseconds))
            self[.provisioning] += provisioned - since
            self[.loading] += now - provisioned
            return [(since, provisioned, .provisioning), (provisioned, now, .loading)]
        case .ready:
            self[.busy] += busy - busyAtStage
            self[.idle] += span - (busy - busyAtStage)
            return [(since, now, .serving)]
        case .draining:
            self[.draining] += span
            return [(since, now, .draining)]
        case .kept:
            self[keepsWarm ? .idle : .stopped] += span
            return [(since, now, .held)]
        case .paused:
            self[.paused] += span
            return [(since, now, .held)]
        }
    }

    private subscript(state: InstanceState) -> Int64 {
        get { states[Int(state.rawValue)] }
        set { states[Int(state.rawValue)] = newValue }
    }

    /// Part of the busy time whose work came to nothing: by tokens computed for nothing among all computed.
    func lostTime(_ served: ServedTokens) -> SimulatedDuration {
        let useful = served.computed - servedBefore.computed
        guard lostTokens > 0 else { return .zero }
        let busy = Int128(states[Int(InstanceState.busy.rawValue)])
        return SimulatedDuration(nanoseconds: Int64(busy * Int128(lostTokens) / Int128(lostTokens + useful)))
    }
}
