public import Primitives

/// A change made to a stream of requests. Transforms apply in the order they are listed; each yields a stream with
/// ids from 0.
public enum WorkloadTransform: Sendable, Hashable, Codable {
    /// Every request kept, every gap divided by the factor: `rate(2)` doubles the rate and halves the span.
    case rate(Double)
    /// Every request kept, every gap multiplied by the factor: the inverse of ``rate(_:)``.
    case stretch(Double)
    /// Requests that arrive from `from` on and before `to` (`nil`: to the end), `from` becoming time zero.
    case slice(from: SimulatedTime, to: SimulatedTime?)
    /// The first requests.
    case limitRequests(UInt64)
    /// Requests that arrive before this long after time zero.
    case limitDuration(SimulatedDuration)
    /// New arrivals, and for each the lengths, class, region, priority and images of a request of the original chosen
    /// at random with replacement (from a uniform sample of `pool` requests where there are more). What prompts shared
    /// and which conversation they belonged to is lost. The new stream ends with `duration` or `limit`.
    case resample(Resampling)
    /// The stream again and again, shifted, until `duration`. Each cycle is as long as the original's span plus its
    /// mean gap, so that the rate is kept; what prompts share is shared within a cycle only.
    case repeated(until: SimulatedDuration)
    /// Every request put into one class.
    case assignClass(String)
    /// Every request given one priority; lower is served first.
    case assignPriority(Int32)

    /// Parameters of ``resample(_:)``.
    public struct Resampling: Sendable, Hashable, Codable {
        /// When the new requests arrive.
        public var arrivals: ArrivalProcess
        /// No request arrives at this time or later.
        public var duration: SimulatedDuration?
        /// No more requests than this.
        public var limit: UInt64?
        /// Requests of the original held in memory to draw from.
        public var pool: Int

        /// Either `duration` or `limit` must be given; a pool of 1,048,576 requests takes about 60 MB.
        public init(
            arrivals: ArrivalProcess, duration: SimulatedDuration? = nil, limit: UInt64? = nil, pool: Int = 1 << 20
        ) {
            self.arrivals = arrivals
            self.duration = duration
            self.limit = limit
            self.pool = pool
        }
    }

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        switch self {
        case .rate(let factor), .stretch(let factor):
            guard factor.isFinite, factor >= 1e-6, factor <= 1e6 else {
                throw WorkloadError(message: "a scale factor lies between 0.000001 and 1,000,000, not \(factor)")
            }
        case .slice(let from, let to):
            guard from >= .start, to.map({ $0 > from }) ?? true else {
                throw WorkloadError(
                    setting: "slice", message: "a slice ends after it starts, and starts at 0 s or later")
            }
        case .limitRequests(let count):
            guard count > 0 else { throw WorkloadError(setting: "limit", message: "a limit is at least 1 request") }
        case .limitDuration(let duration), .repeated(let duration):
            guard duration > .zero else {
                throw WorkloadError(setting: "limit", message: "a duration lies above 0 s")
            }
        case .resample(let resampling): try resampling.validate()
        case .assignClass, .assignPriority: break
        }
    }
}

extension WorkloadTransform.Resampling {
    func validate() throws(WorkloadError) {
        do { try arrivals.validate() } catch { throw error.within("resample.arrivals") }
        guard duration != nil || limit != nil else {
            throw WorkloadError(setting: "resample", message: "a duration or a limit of requests is needed")
        }
        guard pool >= 1 else {
            throw WorkloadError(setting: "resample.pool", message: "a pool holds 1 request or more")
        }
    }
}
