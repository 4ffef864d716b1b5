/// The sixteen upper bits of a float: bf16.
enum BrainFloat {
    /// The nearest value's bits, ties to even.
    static func bits(nearest value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }

    /// The bits of the smallest value that is at least `value` ≥ 0.
    static func bits(atLeast value: Float) -> UInt16 { UInt16(truncatingIfNeeded: (value.bitPattern &+ 0xFFFF) >> 16) }

    /// The float that `bits` are the upper half of.
    static func value(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
}
