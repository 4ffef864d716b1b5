/// Keyed randomness: a draw is a pure function of (seed, purpose, entity, counter), never the next number of a
/// shared stream. Adding a consumer, or a thread, changes nobody else's numbers.
///
/// The mixing function is the SplitMix64 finaliser (Steele, Lea, Flood 2014), applied once per word of the key.
@frozen
public struct RandomKey: Hashable, Sendable {
    @usableFromInline let state: UInt64

    /// The root key of a run.
    @inlinable public init(seed: UInt64) { state = Self.mix(seed ^ 0x6A09_E667_F3BC_C908) }
    @usableFromInline init(state: UInt64) { self.state = state }

    /// The key of one purpose, e.g. `key.derived("arrivals")`. Complexity: linear in the name's length.
    public func derived(_ purpose: StaticString) -> RandomKey {
        purpose.withUTF8Buffer { bytes in RandomKey(state: Self.mix(state ^ stableHash(bytes))) }
    }

    /// The key of one entity (host, source, replica, request) within a purpose.
    @inlinable public func derived(_ entity: UInt64) -> RandomKey {
        RandomKey(state: Self.mix(state &+ Self.mix(entity &+ 0x9E37_79B9_7F4A_7C15)))
    }

    /// The draw number `counter`: 64 uniform bits.
    @inlinable public func bits(_ counter: UInt64) -> UInt64 {
        Self.mix(state &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The draw number `counter` as a uniform in the open interval (0, 1): see ``uniform(ofBits:)``.
    @inlinable public func uniform(_ counter: UInt64) -> Double { Self.uniform(ofBits: bits(counter)) }

    /// The midpoint of the 2⁻⁵²-wide cell that the upper 52 of `bits` name, exactly: never 0, never 1, and `~bits`
    /// gives one minus it. (53 bits and a half need 54 binary digits: the uppermost cell would round to 1.)
    @inlinable public static func uniform(ofBits bits: UInt64) -> Double {
        (Double(bits >> 12) + 0.5) * 0x1p-52
    }

    /// A sequence of draws 0, 1, 2 … under this key, for algorithms that consume a varying number.
    @inlinable public func generator() -> KeyedGenerator { KeyedGenerator(key: self) }

    @inlinable static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Draws 0, 1, 2 … of one ``RandomKey``. Copying it copies its position.
@frozen
public struct KeyedGenerator: RandomNumberGenerator, Sendable {
    @usableFromInline let key: RandomKey
    @usableFromInline var counter: UInt64 = 0

    @usableFromInline init(key: RandomKey) { self.key = key }

    @inlinable public mutating func next() -> UInt64 {
        defer { counter &+= 1 }
        return key.bits(counter)
    }

    /// Uniform in the open interval (0, 1).
    @inlinable public mutating func uniform() -> Double {
        defer { counter &+= 1 }
        return key.uniform(counter)
    }
}

/// A 64-bit hash of bytes that is the same on every machine and in every run (FNV-1a, then mixed).
public func stableHash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return RandomKey.mix(hash)
}

/// Order-sensitive combination of two 64-bit hashes.
@inlinable public func combineHashes(_ a: UInt64, _ b: UInt64) -> UInt64 {
    RandomKey.mix(a &* 0x9E37_79B9_7F4A_7C15 &+ b)
}
