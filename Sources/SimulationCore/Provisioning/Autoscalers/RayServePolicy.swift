public struct RayServePolicy: Sendable, Equatable, Codable {
    public init() {}
}
