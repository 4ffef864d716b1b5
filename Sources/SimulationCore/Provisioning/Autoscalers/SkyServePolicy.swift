public struct SkyServePolicy: Sendable, Equatable, Codable {
    public init() {}
}
