import Testing

@testable import Workloads

@Suite struct CalendarTimeTests {
    @Test func knownDays() {
        #expect(CalendarTime.days(year: 1970, month: 1, day: 1) == 0)
        #expect(CalendarTime.days(year: 1970, month: 3, day: 1) == 59)
        #expect(CalendarTime.days(year: 2000, month: 1, day: 1) == 10_957)
        #expect(CalendarTime.days(year: 2000, month: 2, day: 29) == 11_016)
        #expect(CalendarTime.days(year: 2023, month: 11, day: 16) == 19_677)
        #expect(CalendarTime.days(year: 2100, month: 2, day: 29) == nil)
        #expect(CalendarTime.days(year: 2024, month: 2, day: 30) == nil)
    }

    @Test func everyDayFollowsTheOneBefore() throws {
        var expected: Int64 = 0
        for year in 1970...2261 as ClosedRange<Int64> {
            for month in 1...12 as ClosedRange<Int64> {
                for day in 1...31 as ClosedRange<Int64> {
                    guard let found = CalendarTime.days(year: year, month: month, day: day) else { continue }
                    #expect(found == expected)
                    let back = CalendarTime.date(ofDay: found)
                    #expect(back == (year, month, day))
                    expected += 1
                }
            }
        }
        // 292 years with 71 leap days (1972 to 2260 without 2100 and 2200).
        #expect(expected == 292 * 365 + 71)
    }

    @Test func secondsOfADay() {
        func second(_ text: String) -> Int64? {
            Array(text.utf8).withUnsafeBufferPointer { $0.baseAddress.flatMap(CalendarTime.second) }
        }
        #expect(second("1970-01-01 00:00:00") == 0)
        #expect(second("1970-01-02t01:02:03") == 90_123_000_000_000)
        #expect(second("2023-11-16T18:15:46") == 1_700_158_546_000_000_000)
        #expect(second("2023-11-16_18:15:46") == nil)
        #expect(second("2023-11-16 18-15-46") == nil)
        #expect(second("20x3-11-16 18:15:46") == nil)
    }
}
