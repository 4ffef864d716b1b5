/// Calendar timestamps as nanoseconds since 1970-01-01 00:00:00 UTC, without leap seconds.
enum CalendarTime {
    static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// Days from 1970-01-01 to a date of the Gregorian calendar; `nil` if there is no such date.
    ///
    /// Counted from 1 March, so that the leap day ends the year: 365 days a year, a day every 4th, none every 100th,
    /// one again every 400th, and (153·month + 2) ÷ 5 days before the month.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...12).contains(month), day >= 1, day <= length(of: month, in: year) else { return nil }
        let shiftedYear = month > 2 ? year : year - 1
        let shiftedMonth = month > 2 ? month - 3 : month + 9
        let leaps = shiftedYear / 4 - shiftedYear / 100 + shiftedYear / 400
        return shiftedYear * 365 + leaps + (153 * shiftedMonth + 2) / 5 + day - 1 - 719_468
    }

    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Year, month and day of a day since 1970-01-01, for years 0 and later.
    static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The nanoseconds of the 19 bytes `YYYY-MM-DD HH:MM:SS` (or `T` between); `nil` if they are not that, or lie
    /// before 1970 or after 2261.
    static func second(_ bytes: UnsafePointer<UInt8>) -> Int64? {
        guard bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x20 || bytes[10] | 0x20 == 0x74,
            bytes[13] == 0x3A, bytes[16] == 0x3A,
            let century = pair(bytes), let years = pair(bytes + 2), let month = pair(bytes + 5),
            let day = pair(bytes + 8), let hour = pair(bytes + 11), let minute = pair(bytes + 14),
            let second = pair(bytes + 17), hour < 24, minute < 60, second < 60
        else { return nil }
        let year = century * 100 + years
        guard (1970...2261).contains(year), let days = days(year: year, month: month, day: day) else { return nil }
        return (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000_000
    }

    private static func pair(_ bytes: UnsafePointer<UInt8>) -> Int64? {
        let tens = bytes[0] &- 0x30
        let ones = bytes[1] &- 0x30
        guard tens <= 9, ones <= 9 else { return nil }
        return Int64(tens) * 10 + Int64(ones)
    }

    /// A whole field: seconds, optional fraction (beyond nine digits rounded half to even), optional zone
    /// (`Z`, `UTC`, `±HH`, `±HHMM`, `±HH:MM`).
    static func parse(_ row: Row, _ field: FieldSpan) throws(RowError) -> Int64 {
        let stop = field.offset + field.length
        guard field.length >= 19, let second = second(row.bytes + field.offset) else {
            throw field.error("the timestamp is not YYYY-MM-DD HH:MM:SS of the years 1970 to 2261")
        }
        var at = field.offset + 19
        var fraction: Int64 = 0
        if at < stop, row[at] == 0x2E {
            let first = at + 1
            repeat { at += 1 } while at < stop && row[at] &- 0x30 <= 9
            guard at > first else { throw field.error("the timestamp's fraction has no digits") }
            let span = FieldSpan(offset: first - 1, length: at - first + 1)
            fraction = try NumberParsing.decimal(row, span, "the timestamp's fraction", exponent: 9)
        }
        let zone = try zoneOffset(row, from: at, to: stop, field)
        let result = second + fraction - zone
        guard result >= 0 else { throw field.error("the timestamp lies before 1970") }
        return result
    }

    private static func zoneOffset(
        _ row: Row, from start: Int, to stop: Int, _ field: FieldSpan
    ) throws(RowError) -> Int64 {
        let zone = UnsafeBufferPointer(start: row.bytes + start, count: stop - start)
        if zone.isEmpty || zone.elementsEqual("Z".utf8) || zone.elementsEqual("z".utf8)
            || zone.elementsEqual("UTC".utf8) || zone.elementsEqual(" UTC".utf8)
        {
            return 0
        }
        let digits = zone.dropFirst().filter { $0 != 0x3A }
        guard zone[0] == 0x2B || zone[0] == 0x2D, [3, 5, 6].contains(zone.count), zone.count != 6 || zone[3] == 0x3A,
            digits.count == (zone.count == 3 ? 2 : 4), digits.allSatisfy({ $0 &- 0x30 <= 9 })
        else { throw field.error("the timestamp's zone is not Z or ±HH:MM") }
        let numbers = digits.map { Int64($0 &- 0x30) }
        let hours = numbers[0] * 10 + numbers[1]
        let minutes = numbers.count == 4 ? numbers[2] * 10 + numbers[3] : 0
        guard hours < 24, minutes < 60 else { throw field.error("the timestamp's zone is not Z or ±HH:MM") }
        return (hours * 3_600 + minutes * 60) * (zone[0] == 0x2B ? 1 : -1) * 1_000_000_000
    }
}
