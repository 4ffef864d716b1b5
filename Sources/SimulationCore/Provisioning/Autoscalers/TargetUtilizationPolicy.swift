public struct TargetUtilizationPolicy: Sendable, Equatable, Codable {
    public init() {}
}
