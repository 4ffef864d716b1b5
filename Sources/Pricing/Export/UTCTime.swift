/// Calendar arithmetic on seconds since 1970-01-01T00:00:00Z, without leap seconds, for the years 1970 to 9999.
enum UTCTime {
    static let secondsPerDay: Int64 = 86_400

    /// Proleptic Gregorian date of a day number, 0 = 1970-01-01.
    ///
    /// The calendar repeats every 400 years of 146 097 days; counting years from March puts the leap day last
    /// (H. Hinnant, "chrono-compatible low-level date algorithms").
    static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    /// Day number of the first of a month; `month` may exceed 12.
    static func firstDay(ofMonth month: Int64, year: Int64) -> Int64 {
        let months = year * 12 + month - 1
        // March-based year and month, as above.
        let (y, m) = ((months - 2) / 12, (months - 2) % 12)
        let era = y / 400
        let yearOfEra = y % 400
        let dayOfYear = (153 * m + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// `YYYY-MM-DDTHH:mm:ssZ`.
    static func iso8601(_ seconds: Int64) -> String {
        let (year, month, day) = date(ofDay: seconds / secondsPerDay)
        let time = seconds % secondsPerDay
        let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60)
        return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(padded(hour)):\(padded(minute)):\(padded(second))Z"
    }

    /// Start of the month that holds `seconds`, or of the one `after` months later.
    static func startOfMonth(holding seconds: Int64, after months: Int64 = 0) -> Int64 {
        let date = date(ofDay: seconds / secondsPerDay)
        return firstDay(ofMonth: date.month + months, year: date.year) * secondsPerDay
    }

    private static func padded(_ value: Int64, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
