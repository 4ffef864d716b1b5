import Primitives

/// Offers as an aligned table for the terminal.
public struct PriceList: Sendable {
    /// In the order to be shown.
    public var offers: [Offer]
    /// A table of `offers`.
    public init(_ offers: [Offer]) { self.offers = offers }

    /// One line per offer under a header: id, accelerators, vCPUs, memory, dollars per hour on demand and spot, date;
    /// then the sources and the number of offers. `–` stands for what is not offered or not known.
    public var text: String {
        guard !offers.isEmpty else { return "no offer matches\n" }
        let table = [Self.header] + offers.map(Self.row)
        let widths = Self.header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        let lines = table.map { row in
            zip(row.indices, row).map { Self.padded($1, widths[$0], right: Self.numeric.contains($0)) }
                .joined(separator: "  ").trimmingTrailingSpaces()
        }
        return (lines + [""] + footer).joined(separator: "\n") + "\n"
    }

    private static let header = ["offer", "accelerator", "vCPU", "GiB", "$/h on demand", "$/h spot", "observed"]
    private static let numeric: Set<Int> = [2, 3, 4, 5]

    private static func row(_ offer: Offer) -> [String] {
        let accelerator = offer.accelerator.map { "\(offer.acceleratorCount) × \($0)" } ?? "–"
        return [
            offer.id, accelerator, number(offer.vCPUs), number(offer.memoryGiB), price(offer.onDemandPerHour),
            price(offer.spotPerHour), offer.observed,
        ]
    }

    private var footer: [String] {
        let sources = offers.reduce(into: [String]()) { found, offer in
            if !found.contains(offer.source) { found.append(offer.source) }
        }
        let count = "\(offers.count) offer\(offers.count == 1 ? "" : "s"). Prices are dated examples, not quotations."
        return [count] + sources.map { "source: \($0)" }
    }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    /// At least two decimals, so that the points line up for ordinary prices.
    private static func price(_ money: Money?) -> String {
        guard let text = money?.description else { return "–" }
        let decimals = text.firstIndex(of: ".").map { text[$0...].count - 1 } ?? 0
        if decimals >= 2 { return text }
        return decimals == 1 ? text + "0" : text + ".00"
    }

    private static func padded(_ text: String, _ width: Int, right: Bool) -> String {
        let gap = String(repeating: " ", count: max(0, width - text.count))
        return right ? gap + text : text + gap
    }
}

extension String {
    fileprivate func trimmingTrailingSpaces() -> String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
