public struct HoltWintersPolicy: Sendable, Equatable, Codable {
    public init() {}
}
