import Primitives
import Testing

@testable import Workloads

/// Random decimals against schoolbook arithmetic on their digits.
@Suite struct NumberPropertyTests {
    /// `whole.fraction` seconds as nanoseconds, rounded half to even, by looking at the digits.
    private func reference(_ whole: [UInt8], _ fraction: [UInt8]) -> Int64 {
        let padded = fraction + [UInt8](repeating: 0, count: max(0, 9 - fraction.count))
        var value: Int64 = 0
        for digit in whole + padded[..<9] { value = value * 10 + Int64(digit) }
        let rest = padded[9...]
        guard let first = rest.first else { return value }
        let isHalf = first == 5 && rest.dropFirst().allSatisfy { $0 == 0 }
        let roundsUp = isHalf ? value % 2 == 1 : first >= 5
        return roundsUp ? value + 1 : value
    }

    private func digits(_ count: Int, _ draws: inout KeyedGenerator) -> [UInt8] {
        // Zeros, fives and nines are where rounding is decided.
        (0..<count).map { _ in
            Bool.random(using: &draws) ? UInt8.random(in: 0...9, using: &draws) : [0, 5, 9][Int(draws.next() % 3)]
        }
    }

    private func text(_ digits: [UInt8]) -> String { String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self) }

    private func parse(_ text: String) throws -> Int64 {
        let bytes = Array((text + "\0").utf8)
        return try bytes.withUnsafeBufferPointer { buffer in
            let row = Row(bytes: try #require(buffer.baseAddress), count: buffer.count - 1)
            return try NumberParsing.decimal(row, FieldSpan(offset: 0, length: row.count), "it", exponent: 9)
        }
    }

    @Test func decimalsEqualTheReference() throws {
        for number in 0..<5_000 as Range<UInt64> {
            var draws = RandomKey(seed: 41).derived(number).generator()
            let whole = digits(Int.random(in: 1...8, using: &draws), &draws)
            let fraction = digits(Int.random(in: 1...25, using: &draws), &draws)
            let plain = "\(text(whole)).\(text(fraction))"
            let expected = reference(whole, fraction)
            #expect(try parse(plain) == expected, "\(plain)")
            // The same number with its point moved and an exponent to make up for it.
            let shift = Int.random(in: 0...fraction.count, using: &draws)
            let moved = "\(text(whole + fraction[..<shift])).\(text(Array(fraction[shift...])))e-\(shift)"
            #expect(try parse(moved) == expected, "\(moved)")
        }
    }

    @Test func timestampsEqualTheReference() throws {
        for number in 0..<2_000 as Range<UInt64> {
            var draws = RandomKey(seed: 42).derived(number).generator()
            let fraction = digits(Int.random(in: 1...20, using: &draws), &draws)
            let row = Array("1970-01-01 00:00:07.\(text(fraction))\0".utf8)
            let found = try row.withUnsafeBufferPointer { buffer in
                let line = Row(bytes: try #require(buffer.baseAddress), count: buffer.count - 1)
                return try CalendarTime.parse(line, FieldSpan(offset: 0, length: line.count))
            }
            #expect(found == reference([7], fraction), "\(text(fraction))")
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        for number in 0..<5_000 as Range<UInt64> {
            let key = RandomKey(seed: 43).derived(number)
            let value = Int64(bitPattern: key.bits(0) >> (1 + key.bits(1) % 63))
            #expect(try parse(decimal(value, places: 9)) == value)
        }
    }
}

@Suite struct NameTableTests {
    /// Looks up the fields of a row of quoted or plain names.
    private func index(_ table: inout NameTable, _ text: String, inserting: Bool = false) throws -> Int? {
        let bytes = Array((text + "\0").utf8)
        return try bytes.withUnsafeBufferPointer { buffer in
            let row = Row(bytes: try #require(buffer.baseAddress), count: buffer.count - 1)
            var splitter = FieldSplitter()
            try splitter.split(row)
            if inserting { table.insert(row, splitter.fields) }
            return table.index(row, splitter.fields)
        }
    }

    @Test func namesKeepTheOrderOfTheirFirstAppearance() throws {
        var table = NameTable()
        for (text, expected) in [("b", 0), ("a", 1), ("b", 0), ("\"a\"", 1), ("x,y", 2), ("x", 3), ("\"q\"\"q\"", 4)] {
            #expect(try index(&table, text, inserting: true) == expected, "\(text)")
        }
        #expect(table.names == ["b", "a", "x/y", "x", "q\"q"])
    }

    @Test func unknownNamesAreNotFound() throws {
        var table = NameTable(["chat", "code"])
        #expect(try index(&table, "chat") == 0)
        #expect(try index(&table, "code") == 1)
        #expect(try index(&table, "cha") == nil)
        #expect(try index(&table, "chatt") == nil)
        #expect(try index(&table, "") == nil)
        #expect(try index(&table, "chat,code") == nil)
        #expect(try index(&table, "\"say \"\"\"") == nil)
        #expect(table.names == ["chat", "code"])
    }
}
