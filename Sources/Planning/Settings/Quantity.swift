/// What a quantity measures, and the units people write it in.
package struct Dimension: Sendable {
    /// A unit as `numerator` ÷ `denominator` base units.
    package struct Unit: Sendable {
        package var names: [String]
        package var numerator: Int128
        package var denominator: Int128 = 1
    }

    /// With its article, e.g. `a duration such as …`.
    package var article: String
    package var units: [Unit]
    /// Whether a number without a unit is taken in base units.
    package var allowsPlainNumber = false
}

/// Why a text is not a quantity of its dimension.
package enum QuantityFault: Error {
    case notANumber, missingUnit
    case unknownUnit(String)

    func message(for dimension: Dimension) -> String {
        let accepted = dimension.units.compactMap(\.names.first).joined(separator: ", ")
        switch self {
        case .notANumber: return "must be \(dimension.article)"
        case .missingUnit: return "needs a unit (\(accepted))"
        case .unknownUnit(let unit): return "has the unit `\(unit)`, but needs one of \(accepted)"
        }
    }
}

/// A number with a unit, exact: the number times the unit's ratio, in base units.
package struct Quantity: Sendable {
    package enum Whole: Equatable, Sendable {
        case exact(Int64)
        /// Not a whole number of base units.
        case tooFine
        case tooLarge
    }

    private let number: DecimalNumber
    private let unit: Dimension.Unit

    /// Reads a number, optional white space and a unit; `$0.45/h` is read as `0.45 $/h`.
    package init(_ text: String, _ dimension: Dimension) throws(QuantityFault) {
        var body = text[...]
        var prefix = ""
        if body.hasPrefix("$") {
            body = body.dropFirst()
            prefix = "$"
        }
        let (number, rest) = Self.split(body)
        guard let number else { throw .notANumber }
        let name = prefix + String(rest.drop { $0 == " " || $0 == "\t" })
        self.number = number
        if name.isEmpty {
            guard dimension.allowsPlainNumber || number.digits == 0 else { throw .missingUnit }
            unit = Dimension.Unit(names: [], numerator: 1)
        } else {
            guard let found = dimension.units.first(where: { $0.names.contains(name) }) else {
                throw .unknownUnit(name)
            }
            unit = found
        }
    }

    /// The longest prefix of `text` that is a number, and what follows it.
    private static func split(_ text: Substring) -> (DecimalNumber?, Substring) {
        let numeric = text.prefix { "0123456789._-+eE".contains($0) }
        for end in stride(from: numeric.count, through: 1, by: -1) {
            if let number = DecimalNumber(numeric.prefix(end)) { return (number, text.dropFirst(end)) }
        }
        return (nil, text)
    }

    package var isNegative: Bool { number.digits < 0 }

    /// The quantity in base units, if whole.
    package var integer: Whole {
        if let product = number.integer(times: unit.numerator) {
            let (quotient, remainder) = product.quotientAndRemainder(dividingBy: unit.denominator)
            guard remainder == 0 else { return .tooFine }
            return Int64(exactly: quotient).map(Whole.exact) ?? .tooLarge
        }
        return abs(double ?? .infinity) < 9e18 ? .tooFine : .tooLarge
    }

    /// The quantity in base units, nearest `Double`; `nil` when not finite.
    package var double: Double? {
        let value = number.double * Double(unit.numerator) / Double(unit.denominator)
        return value.isFinite ? value : nil
    }
}
