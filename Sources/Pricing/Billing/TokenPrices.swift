public import Primitives

/// What a supplier who charges by the token asks, per million of them. Set by hand: no dated table of published API
/// prices comes with the product.
public struct TokenPrices: Sendable, Equatable, Codable {
    /// Prompt tokens.
    public var inputPerMillion: Money
    /// Prompt tokens that the supplier found in its cache; `nil` = as any prompt token.
    public var cachedInputPerMillion: Money?
    /// Generated tokens.
    public var outputPerMillion: Money

    /// Prices as set; checked when ``PoolTerms`` takes them.
    public init(inputPerMillion: Money, cachedInputPerMillion: Money? = nil, outputPerMillion: Money) {
        self.inputPerMillion = inputPerMillion
        self.cachedInputPerMillion = cachedInputPerMillion
        self.outputPerMillion = outputPerMillion
    }

    /// No price is negative or above 1 000 dollars.
    var isUsable: Bool {
        [inputPerMillion, cachedInputPerMillion ?? .zero, outputPerMillion].allSatisfy {
            $0 >= .zero && $0 <= Money(nanodollars: 1_000_000_000_000)
        }
    }
}
