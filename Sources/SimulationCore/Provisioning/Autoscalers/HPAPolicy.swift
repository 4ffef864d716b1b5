public struct HPAPolicy: Sendable, Equatable, Codable {
    public init() {}
}
