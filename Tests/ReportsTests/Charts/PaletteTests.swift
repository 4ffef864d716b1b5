import Foundation
import Testing

@testable import Reports

/// Neighbouring series must be told apart by people who see colours differently, and in grey print by shape.
@Suite struct PaletteTests {
    private static func linear(_ hex: String) -> [Double] {
        let digits = Array(hex.dropFirst())
        return [0, 2, 4].map { index in
            let value = Double(Int(String(digits[index...index + 1]), radix: 16) ?? 0) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
    }

    /// Full dichromacy as Viénot, Brettel and Mollon (1999) simulate it, on linear RGB.
    private static let visions: [String: [[Double]]] = [
        "usual": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "protanopia": [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
        "deuteranopia": [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
    ]

    /// CIE L*a*b* of linear sRGB, white D65.
    private static func lab(_ rgb: [Double]) -> [Double] {
        let x = 0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]
        let y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
        let z = 0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]
        func f(_ t: Double) -> Double { t > 0.008856 ? pow(t, 1.0 / 3) : 7.787 * t + 16.0 / 116 }
        let (fx, fy, fz) = (f(max(0, x) / 0.9505), f(max(0, y)), f(max(0, z) / 1.089))
        return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]
    }

    private static func distance(_ a: String, _ b: String, _ vision: [[Double]]) -> Double {
        func seen(_ hex: String) -> [Double] {
            let rgb = linear(hex)
            return lab(vision.map { row in zip(row, rgb).reduce(0) { $0 + $1.0 * $1.1 } })
        }
        return zip(seen(a), seen(b)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    private func series(dark: Bool) -> [String] {
        Stylesheet.palette.filter { $0.name.first == "s" && $0.name.dropFirst().allSatisfy(\.isNumber) }
            .map { dark ? $0.dark : $0.light }
    }

    @Test(arguments: [false, true])
    func hueAloneSeparatesTheFirstSeries(dark: Bool) {
        let colors = series(dark: dark)
        #expect(colors.count == SeriesStyle.hues)
        for (name, vision) in Self.visions {
            for one in 0..<4 {
                for other in 0..<one {
                    let distance = Self.distance(colors[one], colors[other], vision)
                    #expect(distance > 9, "s\(one) and s\(other) under \(name): \(distance)")
                }
            }
        }
    }

    @Test func busyAndIdleDifferInLightness() {
        func color(_ name: String) -> String { Stylesheet.palette.first { $0.name == name }?.light ?? "" }
        let difference = Self.lab(Self.linear(color("idle")))[0] - Self.lab(Self.linear(color("busy")))[0]
        #expect(difference > 30, "told apart in grey print")
    }
}
