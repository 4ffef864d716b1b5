import Primitives

/// `value` with `digits` decimals, rounded half away from zero, e.g. `12.30`.
/// - Precondition: 0 ≤ `digits` ≤ 9.
func number(_ value: Double, digits: Int) -> String {
    var scale: Int64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value * Double(scale)).rounded(.toNearestOrAwayFromZero)
    guard scaled.isFinite, abs(scaled) < 9e18 else { return String(value) }
    let whole = Int64(scaled)
    let sign = whole < 0 ? "-" : ""
    guard digits > 0 else { return String(whole) }
    let fraction = String(whole.magnitude % UInt64(scale))
    return sign + String(whole.magnitude / UInt64(scale)) + "."
        + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// `value` dollars with three decimals below 10, else two: `0.105 $/h`, `12.34 $/h`.
func dollars(_ value: Double, per unit: String) -> String {
    "\(number(value, digits: abs(value) < 10 ? 3 : 2)) $/\(unit)"
}

/// `value` with commas between thousands.
func grouped(_ value: UInt64) -> String {
    let digits = Array(String(value))
    return digits.indices.reduce(into: "") { text, index in
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.append(digits[index])
    }
}

/// `90 s`, `5 min`, `1 h`, `100 ms`: in the largest unit in which it is whole.
func durationText(_ duration: SimulatedDuration) -> String {
    let units: [(Int64, String)] = [
        (3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"),
    ]
    for (size, name) in units where duration.nanoseconds % size == 0 && duration.nanoseconds != 0 {
        return "\(duration.nanoseconds / size) \(name)"
    }
    return duration == .zero ? "0 s" : "\(duration.nanoseconds) ns"
}

/// In seconds with as many decimals as it has, up to three: `300 s`, `8.06 s`.
func secondsText(_ duration: SimulatedDuration) -> String {
    var text = number(duration.seconds, digits: 3)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text + " s"
}
