public struct KEDAPolicy: Sendable, Equatable, Codable {
    public init() {}
}
