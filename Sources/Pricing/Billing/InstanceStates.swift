/// A set of instance states.
public struct InstanceStates: OptionSet, Hashable, Sendable, Codable {
    /// Bit *n* stands for the state of raw value *n*.
    public let rawValue: UInt8
    /// The set with these bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of one state.
    public init(_ state: InstanceState) { rawValue = 1 << state.rawValue }

    /// From the moment the machine is handed over: loading, busy, idle, draining.
    public static let running: Self = [.init(.loading), .init(.busy), .init(.idle), .init(.draining)]
    /// ``running`` and the wait for the machine itself (boot, image pull).
    public static let sinceAllocation: Self = running.union(.init(.provisioning))
    /// Every state, also stopped and paused: a lease that costs the same whatever is done with it.
    public static let always: Self = sinceAllocation.union([.init(.stopped), .init(.paused)])

    /// Whether one state is in the set.
    public func contains(_ state: InstanceState) -> Bool { contains(Self(state)) }
}
