public struct KnativePolicy: Sendable, Equatable, Codable {
    public init() {}
}
