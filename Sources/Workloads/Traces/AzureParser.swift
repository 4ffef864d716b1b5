import Primitives

/// The Azure LLM rows `YYYY-MM-DD HH:MM:SS.fffffff,context,generated` at speed: consecutive rows mostly lie in the
/// same second, so the 19 bytes of the second are compared with the previous row's and parsed only when they differ;
/// the fraction is converted eight digits at a time. Any row of another shape goes to the general parser, which
/// also words every error.
struct AzureParser: RowParser {
    private var general: DelimitedParser
    private var head: UInt64 = 0
    private var middle: UInt64 = 0
    private var tail: UInt64 = 0
    private var second: Int64 = 0

    init(general: DelimitedParser) { self.general = general }

    var classes: [String] { general.classes }
    var regions: [String] { general.regions }
    var contents: PromptContentStore { general.contents }
    var sharesPrefixes: Bool { false }
    var skipped: [SkippedRows] { general.skipped }

    @inline(__always)
    mutating func parse(_ row: Row, into request: inout Request) throws(RowError) -> Bool {
        if parseFast(row, into: &request) { return true }
        return try general.parse(row, into: &request)
    }

    mutating func arrivalField(of row: Row) -> FieldSpan { general.arrivalField(of: row) }
    func fileOrigin(firstRowAt time: Int64) -> Int64 { general.fileOrigin(firstRowAt: time) }

    @inline(__always)
    private mutating func parseFast(_ row: Row, into request: inout Request) -> Bool {
        let bytes = row.bytes
        // At least: the second, a point, seven digits and a comma, a digit, a comma, a digit.
        guard row.count >= 31, bytes[19] == 0x2E, updateSecond(bytes) else { return false }
        guard let (fraction, context) = Self.fraction(row) else { return false }
        var at = context
        guard let input = Self.tokens(bytes, &at), bytes[at] == 0x2C else { return false }
        at &+= 1
        guard let output = Self.tokens(bytes, &at), at == row.count else { return false }
        request.arrival.nanoseconds = second &+ fraction
        request.inputTokens = input
        request.outputTokens = output
        return true
    }

    /// The nanoseconds of the fraction, and where the field after it starts. Three shapes: seven digits (2023), six
    /// digits and `+00:00` (2024), nine digits (nanoseconds, as Isocost writes them).
    @inline(__always)
    private static func fraction(_ row: Row) -> (nanoseconds: Int64, next: Int)? {
        let bytes = row.bytes
        let word = load(bytes + 20)
        if word >> 56 == 0x2C {
            guard let value = eightDigits(word << 8 | 0x30) else { return nil }
            return (value &* 100, 28)
        }
        if row.count >= 33, bytes[29] == 0x2C, bytes[28] &- 0x30 <= 9 {
            guard let value = eightDigits(word) else { return nil }
            return (value &* 10 &+ Int64(bytes[28] &- 0x30), 30)
        }
        guard row.count >= 36, load(bytes + 26) << 8 == 0x2C30_303A_3030_2B00,
            let value = eightDigits(word << 16 | 0x3030)
        else { return nil }
        return (value &* 1_000, 33)
    }

    @inline(__always)
    private mutating func updateSecond(_ bytes: UnsafePointer<UInt8>) -> Bool {
        let words = (Self.load(bytes), Self.load(bytes + 8), Self.load(bytes + 11))
        if (words.0 ^ head) | (words.1 ^ middle) | (words.2 ^ tail) == 0 { return true }
        guard let value = CalendarTime.second(bytes) else { return false }
        (head, middle, tail) = words
        second = value
        return true
    }

    /// Eight bytes, the first in the lowest place on every machine.
    @inline(__always)
    private static func load(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    }

    /// The number written by eight ASCII digits: pairs, then fours, then all, each by one multiplication.
    @inline(__always)
    private static func eightDigits(_ word: UInt64) -> Int64? {
        let isDigits =
            ((word & 0xF0F0_F0F0_F0F0_F0F0) ^ 0x3030_3030_3030_3030)
            | (((word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) ^ 0x3030_3030_3030_3030)
        guard isDigits == 0 else { return nil }
        let pairs = ((word & 0x0F0F_0F0F_0F0F_0F0F) &* 2_561) >> 8
        let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
        return Int64(((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32)
    }

    /// One to nine digits worth at least 1. Never runs past the row, whose next byte is no digit.
    @inline(__always)
    private static func tokens(_ bytes: UnsafePointer<UInt8>, _ at: inout Int) -> Int32? {
        let first = at
        var value: UInt32 = 0
        while bytes[at] &- 0x30 <= 9 {
            value = value &* 10 &+ UInt32(bytes[at] &- 0x30)
            at &+= 1
        }
        guard at &- first <= 9, value > 0 else { return nil }
        return Int32(bitPattern: value)
    }
}
