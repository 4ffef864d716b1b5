import Primitives

/// One thing that a sweep varies, and the values it takes.
public struct SweepAxis: Sendable, Equatable {
    /// A key path of the scenario as `--set` has it, or `factor.` and a ``SweepFactor``.
    public let path: String
    /// As YAML on one line each, all different, in the order given.
    public let values: [String]

    /// The factor it varies; `nil` for a key path.
    public var factor: SweepFactor? { SweepFactor(path: path) }

    /// The most values of one axis.
    static let mostValues = 100_000

    /// An axis whose values are known to be good.
    init(path: String, values: [String]) {
        self.path = path
        self.values = values
    }

    /// Decodes an entry of `vary`: a list of values, or a range.
    init(path: String, at position: SettingPosition, _ node: SettingNode) throws {
        self.path = path
        switch node.content {
        case .list: values = try node.items().map(\.flow)
        case .map: values = try SweepRange(node).values
        case .scalar:
            throw node.error(
                .wrongType, "\(node.label) must be a list of values, or a range such as `{from: 1, to: 4, step: 1}`")
        }
        if path.hasPrefix(SweepFactor.prefix), factor == nil {
            let names = SweepFactor.allCases.map(\.path)
            throw ScenarioError(
                .unknownName, "there is no factor `\(path)`\(suggestion(for: path, among: names))", at: position)
        }
        guard values.count <= Self.mostValues else {
            throw node.error(.outOfRange, "\(node.label) takes at most \(Self.mostValues) values")
        }
        if let twice = Dictionary(grouping: values, by: { $0 }).first(where: { $0.value.count > 1 }) {
            throw node.error(.duplicateKey, "\(node.label) has the value `\(twice.key)` twice")
        }
        if let factor { for value in values { _ = try factor.value(of: value, at: node) } }
    }

    /// Reads one `--vary key.path=a,b,c` or `--vary "key.path={from: 1, to: 4, step: 1}"`.
    public init(argument: String) throws {
        let source = SettingSource(name: "--vary", text: argument)
        func fault(_ message: String, _ column: Int) -> ScenarioError {
            ScenarioError(.syntax, message, at: SettingPosition(source: source, line: 1, column: column))
        }
        guard let equals = Self.equalsSign(of: argument) else {
            throw fault("`--vary` needs `key.path=value,value`", argument.unicodeScalars.count + 1)
        }
        let path = String(argument[..<equals])
        guard !path.isEmpty else { throw fault("the path needs a key here", 1) }
        let text = String(argument[argument.index(after: equals)...])
        let column = path.unicodeScalars.count + 2
        // One bracket more, one column less.
        let list = try ScenarioFile.tree(of: "[\(text)]", in: source, column: column - 1, label: "`\(path)`")
        let items = try list.items()
        let isRange =
            if case .map(let entries) = items[0].content { entries.contains { $0.key == "from" } } else { false }
        let node = isRange && items.count == 1 ? items[0] : list
        try self.init(path: path, at: SettingPosition(source: source, line: 1, column: 1), node)
    }

    /// The `=` behind the path: the first outside square brackets.
    private static func equalsSign(of argument: String) -> String.Index? {
        var depth = 0
        return argument.indices.first { index in
            switch argument[index] {
            case "[": depth += 1
            case "]": depth -= 1
            case "=": return depth == 0
            default: break
            }
            return false
        }
    }
}

/// Evenly spaced values: `{from, to, step}`, or `{from, to, points}` with `spacing: log` for equal ratios. The ends carry
/// the same unit, if any. Steps are exact; points between the ends are rounded to four digits, to whole numbers where
/// both ends are.
private struct SweepRange {
    let values: [String]

    init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["from", "to", "step", "points", "spacing"])
        let from = try Measure(try map.required("from"))
        let to = try Measure(try map.required("to"))
        let (kind, span) = try map.exactlyOne(of: ["step", "points"])
        guard from.unit == to.unit else {
            throw node.error(.wrongUnit, "the ends of a range need the same unit, not `\(from.unit)` and `\(to.unit)`")
        }
        guard from.number.double < to.number.double else {
            throw node.error(.outOfRange, "a range goes up: `from` is less than `to`")
        }
        if kind == "step" {
            values = try Self.steps(from, to, span)
        } else {
            let isLogarithmic = try map["spacing"].map(Self.isLogarithmic) ?? false
            if isLogarithmic, from.number.double <= 0 {
                throw node.error(.outOfRange, "a logarithmic range starts above 0")
            }
            values = Self.points(from, to, count: try span.integer(in: 2...10_000), isLogarithmic)
        }
        try map.finish(because: "with a `step`")
    }

    /// A number and what stands behind it.
    private struct Measure {
        var number: DecimalNumber
        var text: String
        var unit: String

        init(_ node: SettingNode) throws {
            let text = try node.string()
            let digits = text.prefix { "0123456789._-+eE".contains($0) }
            guard let number = DecimalNumber(digits) else {
                throw node.error(.wrongType, "\(node.label) must begin with a number, not \(node.shown)")
            }
            self.number = number
            self.text = text
            unit = String(text.dropFirst(digits.count))
        }
    }

    private static func isLogarithmic(_ node: SettingNode) throws -> Bool {
        switch try node.string() {
        case "log": return true
        case "linear": return false
        default: throw node.error(.unknownName, "\(node.label) is `linear` or `log`, not \(node.shown)")
        }
    }

    private static func steps(_ from: Measure, _ to: Measure, _ node: SettingNode) throws -> [String] {
        let step = try Measure(node)
        let exponent = min(from.number.exponent, to.number.exponent, step.number.exponent)
        guard step.unit.isEmpty || step.unit == from.unit, step.number.digits > 0,
            let low = from.number.digits(at: exponent), let high = to.number.digits(at: exponent),
            let gap = step.number.digits(at: exponent), (high - low) / gap < 100_000
        else {
            throw node.error(
                .outOfRange, "\(node.label) must be above 0, in the unit of the ends, and make at most 100,000 values")
        }
        return stride(from: low, through: high, by: Int128.Stride(gap)).map {
            DecimalNumber(digits: $0, exponent: exponent).plain + from.unit
        }
    }

    private static func points(_ from: Measure, _ to: Measure, count: Int, _ isLogarithmic: Bool) -> [String] {
        let (low, high) = (from.number.double, to.number.double)
        let isWhole = [from, to].allSatisfy { $0.number.integer(times: 1) != nil && $0.unit.isEmpty }
        let values = (0..<count).map { index -> String in
            if index == 0 { return from.text }
            if index == count - 1 { return to.text }
            let share = Double(index) / Double(count - 1)
            let value = isLogarithmic ? low * Mathematics.pow(high / low, share) : low + (high - low) * share
            let rounded =
                isWhole
                ? DecimalNumber(digits: Int128(value.rounded()), exponent: 0) : DecimalNumber(value, digits: 4)
            return rounded.plain + from.unit
        }
        return values.unique
    }
}

extension DecimalNumber {
    /// `value` to so many significant digits.
    fileprivate init(_ value: Double, digits: Int) {
        guard value != 0 else {
            self.init(digits: 0, exponent: 0)
            return
        }
        var exponent = -digits
        while abs(value) >= Mathematics.pow(10, Double(exponent + digits)) { exponent += 1 }
        while abs(value) < Mathematics.pow(10, Double(exponent + digits - 1)) { exponent -= 1 }
        let mantissa =
            exponent < 0
            ? value * Mathematics.pow(10, Double(-exponent)) : value / Mathematics.pow(10, Double(exponent))
        self.init(digits: Int128(mantissa.rounded()), exponent: exponent)
    }

    /// The digits of the same number with a smaller exponent; `nil` where they do not fit.
    fileprivate func digits(at exponent: Int) -> Int128? {
        DecimalNumber(digits: digits, exponent: self.exponent - exponent).integer(times: 1)
    }

    /// Without an exponent and without trailing zeros behind the point.
    var plain: String {
        guard digits != 0 else { return "0" }
        if exponent >= 0 { return "\(digits)" + String(repeating: "0", count: exponent) }
        let magnitude = String(digits.magnitude)
        let padded = String(repeating: "0", count: max(0, 1 - exponent - magnitude.count)) + magnitude
        let whole = padded.dropLast(-exponent)
        var fraction = padded.suffix(-exponent)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return (digits < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}

extension SettingNode {
    /// The value as YAML on one line.
    package var flow: String {
        switch content {
        case .scalar: String(yaml.dropLast())
        case .list(let items): "[" + items.map(\.flow).joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.map { entry in
                    let key = SettingNode(.scalar(entry.key, quoted: false), at: position, label: "").flow
                    return "\(key): \(entry.value.flow)"
                }.joined(separator: ", ") + "}"
        }
    }
}
