import Pricing

/// One catalogue of offers to import on top of the price book that comes with the product.
package struct PriceSettings: Sendable {
    /// A file in SkyPilot's layout, relative to the scenario.
    package var path: Located<String>
    /// Whose offers it lists, where its rows do not say; the first part of their ids.
    package var provider: String
    /// ISO date of its prices, where its rows have none.
    package var observed: String
    /// Where the prices come from, in words; `nil` = the file itself.
    package var source: String?

    /// Decodes `prices`, a list of catalogues.
    static func decode(_ node: SettingNode) throws -> [PriceSettings] {
        var catalogues: [PriceSettings] = []
        for item in try node.items() {
            let catalogue = try PriceSettings(item)
            let isTwice = catalogues.contains {
                $0.path.value == catalogue.path.value && $0.provider == catalogue.provider
            }
            guard !isTwice else {
                throw catalogue.path.error(
                    .duplicateKey, "`\(catalogue.path.value)` is already imported for `\(catalogue.provider)`")
            }
            catalogues.append(catalogue)
        }
        return catalogues
    }

    private init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["path", "provider", "observed", "source"])
        path = try map.required("path").name()
        provider = try Self.provider(try map.required("provider"))
        observed = try map.required("observed").date()
        source = try map["source"]?.string()
        try map.finish()
    }

    /// In lower case, as in offers' ids.
    private static func provider(_ node: SettingNode) throws -> String {
        let name = try node.string().lowercased()
        guard name.unicodeScalars.allSatisfy({ isPart(ofProvider: $0) }), name != PurchaseTerms.owned.rawValue else {
            throw node.error(
                .outOfRange,
                "`provider` begins the offers' ids: letters, digits, `.`, `_` and `-`, and not `owned`; "
                    + "not \(node.shown)")
        }
        return name
    }

    private static func isPart(ofProvider scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || "._-".unicodeScalars.contains(scalar)
    }
}

extension SettingNode {
    /// A day of the calendar, as `2026-07-20`.
    fileprivate func date() throws -> String {
        let text = try string()
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isWritten =
            parts.map(\.utf8.count) == [4, 2, 2]
            && parts.allSatisfy { $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
        let numbers = parts.compactMap { Int($0) }
        guard isWritten, numbers.count == 3, (1...12).contains(numbers[1]),
            (1...Self.days(ofMonth: numbers[1], year: numbers[0])).contains(numbers[2])
        else { throw error(.wrongType, "\(label) must be a date such as `2026-07-20`, not \(shown)") }
        return text
    }

    /// Of the Gregorian calendar. `month` is from 1 to 12.
    private static func days(ofMonth month: Int, year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch month {
        case 2: return isLeap ? 29 : 28
        case 4, 6, 9, 11: return 30
        default: return 31
        }
    }
}
