/// A span of simulated time, exact in nanoseconds. Arithmetic traps on overflow (292 years).
@frozen
public struct SimulatedDuration: Hashable, Comparable, Sendable, Codable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    @inlinable public static var zero: Self { Self(nanoseconds: 0) }
    @inlinable public static func milliseconds(_ value: Int64) -> Self { Self(nanoseconds: value * 1_000_000) }
    @inlinable public static func seconds(_ value: Int64) -> Self { Self(nanoseconds: value * 1_000_000_000) }
    @inlinable public static func hours(_ value: Int64) -> Self { Self(nanoseconds: value * 3_600_000_000_000) }

    /// The nearest whole nanosecond to `seconds`; traps when it does not fit.
    @inlinable public init(seconds: Double) {
        nanoseconds = Int64((seconds * 1e9).rounded(.toNearestOrEven))
    }

    /// The span in seconds, rounded to the nearest `Double`.
    @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }
    /// The span in milliseconds, rounded to the nearest `Double`.
    @inlinable public var milliseconds: Double { Double(nanoseconds) / 1e6 }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(nanoseconds: a.nanoseconds + b.nanoseconds) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(nanoseconds: a.nanoseconds - b.nanoseconds) }
    @inlinable public static func * (a: Self, n: Int64) -> Self { Self(nanoseconds: a.nanoseconds * n) }
    @inlinable public static func += (a: inout Self, b: Self) { a.nanoseconds += b.nanoseconds }
    @inlinable public static func -= (a: inout Self, b: Self) { a.nanoseconds -= b.nanoseconds }
}

/// An instant, in nanoseconds since the scenario's start. Arithmetic traps on overflow.
@frozen
public struct SimulatedTime: Hashable, Comparable, Sendable, Codable {
    public var nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    @inlinable public static var start: Self { Self(nanoseconds: 0) }
    /// Later than every event: the time of an actor that waits for nothing.
    @inlinable public static var never: Self { Self(nanoseconds: .max) }

    @inlinable public var seconds: Double { Double(nanoseconds) / 1e9 }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.nanoseconds < b.nanoseconds }
    @inlinable public static func + (a: Self, b: SimulatedDuration) -> Self {
        Self(nanoseconds: a.nanoseconds + b.nanoseconds)
    }
    @inlinable public static func - (a: Self, b: SimulatedDuration) -> Self {
        Self(nanoseconds: a.nanoseconds - b.nanoseconds)
    }
    @inlinable public static func - (a: Self, b: Self) -> SimulatedDuration {
        SimulatedDuration(nanoseconds: a.nanoseconds - b.nanoseconds)
    }
    @inlinable public static func += (a: inout Self, b: SimulatedDuration) { a.nanoseconds += b.nanoseconds }
}
