import Primitives

/// Prompt contents as Isocost's own format writes them: `key:tokens` joined by `|`, a `+` at the end where the
/// output continues the last segment; empty for a prompt that shares nothing.
enum ContentText {
    static func parse(
        _ row: Row, _ field: FieldSpan, _ inputTokens: Int32, into store: PromptContentStore
    ) throws(RowError) -> PromptContentHandle {
        guard field.length > 0 else { return .unique }
        var stop = field.offset + field.length
        let continues = row[stop - 1] == 0x2B
        if continues { stop -= 1 }
        var segments: [PromptSegment] = []
        var total: Int64 = 0
        var at = field.offset
        while at <= stop {
            let segment = try parseSegment(row, field, &at, stop)
            total += Int64(segment.tokens)
            segments.append(segment)
        }
        guard total == Int64(inputTokens) else {
            throw field.error("the content covers \(total) tokens of an input of \(inputTokens)")
        }
        return store.insert(segments, outputContinuesLastSegment: continues)
    }

    private static func parseSegment(
        _ row: Row, _ field: FieldSpan, _ at: inout Int, _ stop: Int
    ) throws(RowError) -> PromptSegment {
        var key: UInt64 = 0
        let first = at
        while at < stop, row[at] != 0x3A {
            let digit = row[at] &- 0x30
            let (tenfold, overflow) = key.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(UInt64(digit))
            guard digit <= 9, !overflow, !carry else { throw field.error("a content key is not a 64-bit number") }
            key = sum
            at += 1
        }
        guard at > first, at < stop else { throw field.error("the content is not key:tokens joined by |") }
        let start = at + 1
        at = start
        while at < stop, row[at] != 0x7C { at += 1 }
        let span = FieldSpan(offset: start, length: at - start)
        let tokens = try NumberParsing.integer(row, span, "a content segment's tokens", in: 1...Int64(Int32.max))
        at += 1
        return PromptSegment(key: key, tokens: Int32(tokens))
    }

    static func text(_ handle: PromptContentHandle, in store: PromptContentStore) -> String {
        guard !handle.isUnique else { return "" }
        let segments = store.segments(of: handle).map { "\($0.key):\($0.tokens)" }.joined(separator: "|")
        return store.outputContinuesLastSegment(of: handle) ? segments + "+" : segments
    }
}
