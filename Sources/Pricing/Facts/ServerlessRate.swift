public import Primitives

/// What a serverless platform charges for one accelerator while a worker is up.
public struct ServerlessRate: Sendable, Equatable {
    /// As in the catalogue.
    public let provider: String
    /// Canonical device name.
    public let accelerator: String
    /// Workers that come and go with the requests, per second.
    public let flexPerSecond: Money
    /// Workers that are always up, per second.
    public let activePerSecond: Money

    /// Where the table was read. The page carries no date.
    public static let source = "docs.runpod.io/serverless/pricing"
    /// When it was read, as far as known.
    public static let observed = "2026 (undated)"

    /// Flex price × 3600, exact.
    public var flexPerHour: Money { flexPerSecond * 3_600 }
    /// Active price × 3600, exact.
    public var activePerHour: Money { activePerSecond * 3_600 }

    /// The rate for an offer's accelerator at its provider, `nil` where none is listed.
    public static func of(_ offer: Offer) -> ServerlessRate? {
        all.first { $0.provider == offer.provider && $0.accelerator == offer.accelerator }
    }

    /// Every rate, RunPod's.
    public static let all: [ServerlessRate] = [
        ("A4000", 160, 110), ("L4", 190, 130), ("A5000", 190, 130), ("RTX-3090", 190, 130), ("RTX-4090", 310, 210),
        ("A6000", 340, 240), ("A40", 340, 240), ("L40", 530, 370), ("L40S", 530, 370), ("RTX-6000-Ada", 530, 370),
        ("A100-80GB", 760, 600), ("A100-80GB-PCIe", 760, 600), ("H100-SXM", 1_160, 930), ("H100-PCIe", 1_160, 930),
        ("H200", 1_550, 1_240), ("B200", 2_400, 1_900),
    ].map { name, flex, active in
        ServerlessRate(
            provider: "runpod", accelerator: name, flexPerSecond: Money(nanodollars: flex * 1_000),
            activePerSecond: Money(nanodollars: active * 1_000))
    }
}
