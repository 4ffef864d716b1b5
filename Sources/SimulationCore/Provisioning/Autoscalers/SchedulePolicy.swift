public struct SchedulePolicy: Sendable, Equatable, Codable {
    public init() {}
}
