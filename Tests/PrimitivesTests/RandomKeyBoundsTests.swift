import Primitives
import Testing

/// Uniform draws feed logarithms and inverse distributions, which are infinite at 0 and 1.
@Suite struct RandomKeyBoundsTests {
    /// Half a cell from either end, for whatever the twelve bits below say.
    @Test(arguments: [0, 1, 0x7FF, 0xFFF] as [UInt64])
    func theExtremesAreInsideTheOpenInterval(low: UInt64) {
        let least = RandomKey.uniform(ofBits: low)
        let greatest = RandomKey.uniform(ofBits: .max - low)
        #expect(least == 0x1p-53 && least > 0)
        #expect(greatest == 1 - 0x1p-53 && greatest < 1)
        #expect(greatest == (1.0).nextDown, "no double lies between it and 1")
    }

    /// The cells around every power of two, where doubles change their spacing.
    @Test func neighbouringCellsStayApart() {
        for exponent in 0..<52 {
            let edge = UInt64(1) << exponent
            let cells = [edge - 1, edge, edge + 1].map { RandomKey.uniform(ofBits: $0 << 12) }
            #expect(cells[1] - cells[0] == 0x1p-52 && cells[2] - cells[1] == 0x1p-52, "at 2^\(exponent)")
        }
    }

    /// Exact midpoints: a draw and the draw of the inverted bits are mirror images about one half.
    @Test func theMappingIsSymmetric() {
        let key = RandomKey(seed: 5)
        for counter in 0..<10_000 as Range<UInt64> {
            let bits = key.bits(counter)
            #expect(RandomKey.uniform(ofBits: bits) + RandomKey.uniform(ofBits: ~bits) == 1)
            #expect(key.uniform(counter) == RandomKey.uniform(ofBits: bits))
        }
    }

    /// All but the lowest twelve bits count, and greater bits never give a smaller draw.
    @Test func theMappingIsMonotonic() {
        for step in 0..<4_096 as Range<UInt64> {
            let bits = step << 52 | 0xFFF
            #expect(RandomKey.uniform(ofBits: bits) == RandomKey.uniform(ofBits: bits & ~0xFFF))
            #expect(RandomKey.uniform(ofBits: bits + 1) > RandomKey.uniform(ofBits: bits))
        }
    }
}
