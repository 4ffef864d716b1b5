public import Pricing
public import Primitives

/// What a request costs, counted three ways, in dollars.
public struct CostPerRequest: Sendable, Equatable, Codable {
    /// All that is billed ÷ completed requests; `nil` where none was completed.
    public var allocated: Double?
    /// The part of the bill for time spent on work whose results counted (and for an API's tokens) ÷ completed requests.
    public var used: Double?
    /// All that is billed ÷ requests within their bounds; `nil` where none was.
    public var perGood: Double?

    /// Which of the three to set against the price of an API, and why.
    public static let advice =
        "Compare the allocated cost with an API's price: whoever sells by the request pays for idle, loading and lost "
        + "time as well, so the used cost would flatter self-hosting (llm-d#1646)."

    /// The three costs of one bill; `used` is `nil` where the bill is not divided.
    public init(total: Double, split: CostSplit?, completed: UInt64, good: UInt64) {
        func per(_ dollars: Double, _ count: UInt64) -> Double? { count > 0 ? dollars / Double(count) : nil }
        allocated = per(total, completed)
        used = split.flatMap { per($0.used.dollars, completed) }
        perGood = per(total, good)
    }
}

extension CostSplit {
    /// What went into work whose results counted: busy time, and an API's tokens.
    public var used: Money { self[.busy] + self[.tokens] }
    /// Share of the whole paid for machines that were ready and without work; `nil` where nothing was paid.
    public var idleShare: Double? { total > .zero ? self[.idle].dollars / total.dollars : nil }
}
