import Primitives
import Testing
import Workloads

@Suite struct DelimitedFormatTests {
    // MARK: BurstGPT

    @Test func burstGPTSkipsFailedRequestsAndCountsThem() throws {
        let source = try openTrace(at: Corpus.path("burstgpt-six.csv"))
        #expect(source.classes == ["ChatGPT/Conversation log", "GPT-4/API log"])
        let found = try requests(of: source)
        #expect(found.map(\.arrival.nanoseconds) == [0, 40_000_000_000, 133_000_000_000])
        #expect(found.map(\.inputTokens) == [472, 1_087, 1_360])
        #expect(found.map(\.outputTokens) == [18, 230, 4])
        #expect(found.map(\.classIndex) == [0, 0, 1])
        #expect(found.map(\.id) == [0, 1, 2])
        #expect(source.skipped == [SkippedRows(reason: "output of zero tokens", count: 1)])
    }

    @Test func burstGPTCanKeepFailedRequestsAsOneToken() throws {
        let options = TraceOptions(origin: .file, zeroOutput: .keepAsOneToken)
        let source = try openTrace(at: Corpus.path("burstgpt-six.csv"), options: options)
        let found = try requests(of: source)
        #expect(found.map(\.outputTokens) == [18, 230, 1, 4])
        #expect(found.map(\.arrival.seconds) == [5, 45, 118, 138])
        #expect(source.skipped.isEmpty)
    }

    @Test func burstGPTOfEightColumnsKnowsSessions() throws {
        let found = try requests(of: try openTrace(at: Corpus.path("burstgpt-eight.csv")))
        #expect(found.map(\.arrival) == [.start, .start])
        #expect(found[0].session >= 0x8000_0000)
        #expect(found[1].session == 17)
        #expect(found.map(\.classIndex) == [0, 1])
    }

    @Test func aFailedFirstRowDoesNotSetTheOrigin() throws {
        let text = """
            Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type
            5,ChatGPT,472,0,472,API log
            8,ChatGPT,472,3,475,API log

            """
        #expect(try read(text).map(\.arrival) == [.start])
    }

    // MARK: Vidur

    @Test func vidurTimesAreExactDecimals() throws {
        let found = try read(
            """
            arrived_at,num_prefill_tokens,num_decode_tokens
            5e-05,374,44
            0.1,374,44
            1.2e0,396,109
            1.2000000000000000001,396,109
            12E0,1,1
            13.,1,1
            +14,1,1

            """, TraceOptions(origin: .file))
        #expect(
            found.map(\.arrival.nanoseconds) == [
                50_000, 100_000_000, 1_200_000_000, 1_200_000_000, 12_000_000_000, 13_000_000_000, 14_000_000_000,
            ])
    }

    @Test func vidurFindsItsColumnsByName() throws {
        let found = try requests(of: try openTrace(at: Corpus.path("vidur-extra-columns.csv")))
        #expect(found == [Request(id: 0, arrival: .start, inputTokens: 374, outputTokens: 44)])
    }

    // MARK: Generic CSV

    private static let columns = TraceColumns(
        arrival: "t", arrivalUnit: .milliseconds, input: "in", output: "out", requestClass: "kind", region: "where",
        priority: "p", session: "chat", images: "pics")

    @Test func genericColumnsMayStandInAnyOrder() throws {
        let text = """
            out,kind,where,p,t,in,chat,pics,other
            4,"chat, slow",eu,-2,1.5,30,77,1,x
            5,code,us,3,2.25,40,,0,
            6,"chat, slow",us,0,2.25,50,abc,0,"z"

            """
        let folder = try TemporaryFolder()
        let path = try folder.file("trace", text)
        let source = try openTrace(at: path, options: TraceOptions(columns: Self.columns))
        #expect(source.classes == ["chat, slow", "code"])
        #expect(source.regions == ["eu", "us"])
        let found = try requests(of: source)
        #expect(found.map(\.arrival.nanoseconds) == [0, 750_000, 750_000])
        #expect(found.map(\.inputTokens) == [30, 40, 50])
        #expect(found.map(\.outputTokens) == [4, 5, 6])
        #expect(found.map(\.classIndex) == [0, 1, 0])
        #expect(found.map(\.regionIndex) == [0, 1, 1])
        #expect(found.map(\.priority) == [-2, 3, 0])
        #expect(found.map(\.images) == [1, 0, 0])
        #expect(found[0].session == 77)
        #expect(found[1].session == 0)
        #expect(found[2].session >= 0x8000_0000)
    }

    @Test(
        arguments: [
            (ArrivalUnit.seconds, 1_500_000_000), (.milliseconds, 1_500_000), (.microseconds, 1_500), (.nanoseconds, 2),
        ] as [(ArrivalUnit, Int64)])
    func unitsScaleExactly(unit: ArrivalUnit, expected: Int64) throws {
        let columns = TraceColumns(arrival: "t", arrivalUnit: unit, input: "i", output: "o")
        let found = try read("t,i,o\n1.5,1,1\n", TraceOptions(origin: .file, columns: columns))
        #expect(found.map(\.arrival.nanoseconds) == [expected])
    }

    @Test func nanosecondsNeverPassThroughDouble() throws {
        let columns = TraceColumns(arrival: "t", arrivalUnit: .nanoseconds, input: "i", output: "o")
        let text = "t,i,o\n9007199254740993,1,1\n9223372036854775806,1,1\n9223372036854775807,1,1\n"
        let found = try read(text, TraceOptions(origin: .file, columns: columns))
        #expect(found.map(\.arrival.nanoseconds) == [9_007_199_254_740_993, .max - 1, .max])
    }

    @Test(arguments: [
        ("9223372036854775808", "the arrival time is too large"), ("1e30", "the arrival time is too large"),
        ("1e99999999999", "the arrival time is too large"), ("-1", "the arrival time is negative"),
        ("1.2.3", "the arrival time is not a decimal number"), ("", "the arrival time is not a decimal number"),
        ("nan", "the arrival time is not a decimal number"), ("1e", "the arrival time is not a decimal number"),
        (".", "the arrival time is not a decimal number"), ("0x10", "the arrival time is not a decimal number"),
        ("1" + String(repeating: "0", count: 40), "the arrival time has more than 38 digits"),
    ])
    func decimalsThatAreNone(text: String, message: String) throws {
        let columns = TraceColumns(arrival: "t", arrivalUnit: .nanoseconds, input: "i", output: "o")
        let found = try error(reading: "i,t,o\n1,\(text),1\n", TraceOptions(columns: columns))
        #expect(found?.message == message)
        #expect(found?.line == 2)
        #expect(found?.column == 3)
        #expect(found?.text == text)
    }

    @Test(arguments: ["-0", "0e99999999", "1e-99999999", "0.4", "0.5", "0." + String(repeating: "0", count: 80)])
    func decimalsThatAreZeroNanoseconds(text: String) throws {
        let columns = TraceColumns(arrival: "t", arrivalUnit: .nanoseconds, input: "i", output: "o")
        let found = try read("i,t,o\n1,\(text),1\n", TraceOptions(origin: .file, columns: columns))
        #expect(found.map(\.arrival) == [.start])
    }

    @Test func genericTimestamps() throws {
        let columns = TraceColumns(arrival: "t", arrivalUnit: .timestamp, input: "i", output: "o")
        let text = "t,i,o\n2026-01-01T00:00:00Z,1,1\n2026-01-01T00:00:00.001Z,1,1\n"
        #expect(try read(text, TraceOptions(columns: columns)).map(\.arrival.nanoseconds) == [0, 1_000_000])
    }

    @Test(arguments: [
        ("t,in\n", "the header has no column `out`"), ("t,in,out,in\n", "the header has two columns `in`"),
        ("T,in,out\n", "the header has no column `t`"),
    ])
    func columnsThatAreMissingOrTwice(header: String, message: String) throws {
        let columns = TraceColumns(arrival: "t", input: "in", output: "out")
        let found = try error(reading: header + "1,2,3\n", TraceOptions(columns: columns))
        #expect(found?.message == message)
        #expect(found?.line == 1)
    }

    @Test func prioritiesAndImagesAreBounded() throws {
        func found(_ priority: String, _ images: String) throws -> TraceError? {
            let columns = TraceColumns(arrival: "t", input: "i", output: "o", priority: "p", images: "n")
            return try error(reading: "t,i,o,p,n\n1,2,3,\(priority),\(images)\n", TraceOptions(columns: columns))
        }
        #expect(try found("2147483647", "65535") == nil)
        #expect(try found("-2147483648", "0") == nil)
        #expect(try found("2147483648", "0")?.column == 7)
        #expect(try found("-2147483649", "0")?.message == "the priority is too small")
        #expect(try found("0", "65536")?.message == "the number of images is too large")
        #expect(try found("0", "-1")?.message == "the number of images is negative")
    }

    @Test func manyClassesAreFoundByHash() throws {
        let rows = (0..<3_000).map { "\($0),1,1,class \($0 % 1_000)\n" }.joined()
        let columns = TraceColumns(arrival: "t", input: "i", output: "o", requestClass: "c")
        let folder = try TemporaryFolder()
        let path = try folder.file("trace", "t,i,o,c\n" + rows)
        let source = try openTrace(at: path, options: TraceOptions(columns: columns))
        #expect(source.classes.count == 1_000)
        for request in try requests(of: source) {
            #expect(source.classes[Int(request.classIndex)] == "class \(request.id % 1_000)")
        }
    }

    @Test func escapedQuotesInNames() throws {
        let columns = TraceColumns(arrival: "t", input: "i", output: "o", requestClass: "c")
        let text = "t,i,o,c\n0,1,1,\"say \"\"hi\"\"\"\n1,1,1,plain\n2,1,1,\"say \"\"hi\"\"\"\n3,1,1,\"plain\"\n"
        let folder = try TemporaryFolder()
        let source = try openTrace(at: try folder.file("trace", text), options: TraceOptions(columns: columns))
        #expect(source.classes == ["say \"hi\"", "plain"])
        #expect(try requests(of: source).map(\.classIndex) == [0, 1, 0, 1])
    }

    // MARK: Isocost

    @Test func isocostRowsHoldEverything() throws {
        let source = try openTrace(at: Corpus.path("isocost-valid.csv"))
        #expect(source.classes == ["chat", "code, \"fast\""])
        #expect(source.regions == ["eu", "us"])
        #expect(source.sharesPrefixes)
        let found = try requests(of: source)
        #expect(found[0] == Request(id: 0, arrival: .start, inputTokens: 10, outputTokens: 20))
        #expect(found[1].arrival.nanoseconds == 1)
        #expect(found[1].classIndex == 1)
        #expect(found[1].regionIndex == 1)
        #expect(found[1].priority == -1)
        #expect(found[1].session == .max)
        #expect(found[1].images == 3)
        #expect(
            source.contents.segments(of: found[1].content) == [
                PromptSegment(key: 1, tokens: 10), PromptSegment(key: .max, tokens: 20),
            ])
        #expect(source.contents.outputContinuesLastSegment(of: found[1].content))
    }

    @Test(arguments: [
        ("1:9", "the content covers 9 tokens of an input of 10"),
        ("1:10|", "the content is not key:tokens joined by |"), ("|1:10", "a content key is not a 64-bit number"),
        ("1", "the content is not key:tokens joined by |"), ("x:10", "a content key is not a 64-bit number"),
        ("18446744073709551616:10", "a content key is not a 64-bit number"),
        ("1:0|2:10", "a content segment's tokens must be at least 1"),
        ("1:5|2:x", "a content segment's tokens is not a whole number"),
        ("+", "the content is not key:tokens joined by |"),
    ])
    func contentsThatAreNone(content: String, message: String) throws {
        let head = "#isocost-trace-1\n#classes,chat\n#regions,eu\n"
        let columns = "arrival_s,input_tokens,output_tokens,class,region,priority,session,images,content\n"
        let found = try error(reading: head + columns + "0,10,20,chat,eu,0,0,0,\(content)\n")
        #expect(found?.message == message)
        #expect(found?.line == 5)
    }

    @Test func isocostHeadsThatAreBroken() throws {
        let mark = "#isocost-trace-1\n"
        #expect(try error(reading: mark)?.message == "`#classes` is missing")
        #expect(try error(reading: mark + "#regions,eu\n")?.message == "a line `#classes,name…` was expected")
        #expect(try error(reading: mark + "#classes\n")?.line == 2)
        #expect(try error(reading: mark + "#classes,a,a\n")?.line == 2)
        #expect(try error(reading: mark + "#classes,a\n#regions,b\n")?.message == "the header is missing")
        #expect(try error(reading: mark + "#classes,a\n#regions,b\nx,y\n")?.line == 4)
        let unknown = "0,10,20,other,b,0,0,0,\n"
        let columns = "arrival_s,input_tokens,output_tokens,class,region,priority,session,images,content\n"
        let found = try error(reading: mark + "#classes,a\n#regions,b\n" + columns + unknown)
        #expect(found?.description == "trace:5:9: the request class is not among the trace's classes, found \"other\"")
    }
}
