import SimulationCore
import Testing
import Workloads

@testable import Planning

/// Readers of the measurements, on samples of a few lines.
@Suite struct ValidationDataTests {
    @Test func tablesAreReadByColumn() throws {
        let table = try MeasuredTable("a,b,c\n1,x,\n2.5,y,3\n", name: "t.csv")
        #expect(table.rows.count == 2)
        #expect(try table.rows[0].number("a") == 1 && table.rows[0].optional("c") == nil)
        #expect(try table.rows[1].text("b") == "y" && table.rows[1].count("c") == 3)
    }

    @Test(arguments: [
        ("", "t.csv:1: there is no header."), ("a,b\n1\n", "t.csv:2: 1 cells under 2 columns."),
        ("a,b\n1,2\nx,2\n", "t.csv:3: `a` is no number: `x`."), ("a,b\n,2\n", "t.csv:2: `a` is empty."),
        ("c,b\n1,2\n", "t.csv:1: there is no column `a`."),
    ])
    func faultsNameTheirPlace(text: String, sentence: String) {
        let error = #expect(throws: ValidationDataError.self) {
            for row in try MeasuredTable(text, name: "t.csv").rows { _ = try row.number("a") }
        }
        #expect(error?.description == sentence && error?.kind == .malformed)
    }

    @Test func aMissingFolderSaysWhatToDo() {
        let error = #expect(throws: ValidationDataError.self) { try ValidationSet.servingSim.compare(in: "/nowhere") }
        #expect(error?.kind == .missing && error?.description.contains("`--data DIR`") == true)
    }

    @Test func setsAreFoundByTheBeginningOfTheirNames() throws {
        #expect(try ValidationSet(named: "blis-agg") == .aggregates)
        #expect(try ValidationSet(named: "silicon-loadpoints") == .loadPoints)
        for name in ["", "x", "blis"] {
            let error = #expect(throws: ValidationDataError.self) { try ValidationSet(named: name) }
            #expect(error?.kind == .unknownSet)
        }
    }

    @Test func clocksStartWhereTheSetStartsThem() throws {
        let text = """
            request_id,prompt_tokens,output_tokens,arrival_s,queued_s,scheduled_s,first_token_s,last_token_s
            0,10,3,0.0,0.5,0.6,1.0,2.0
            """
        let row = try MeasuredTable(text, name: "requests.csv").rows[0]
        let request = try ServingSimSet.measured(row)
        #expect(request.ttft == 500 && request.e2e == 1_500 && request.tpot == 500)
    }

    /// The third prompt repeats 12 tokens of the second, which itself repeats 8 of the first.
    @Test func sharedPrefixesFollowTheirOrigin() {
        let first = ServingSimSet.segments(20, own: 1, prefix: nil, earlier: [])
        let second = ServingSimSet.segments(
            16, own: 2, prefix: SharedPrefix(lcpToks: 8, lcpRequest: 0), earlier: [first])
        let third = ServingSimSet.segments(
            30, own: 3, prefix: SharedPrefix(lcpToks: 12, lcpRequest: 1), earlier: [first, second])
        #expect(second == [PromptSegment(key: 1, tokens: 8), PromptSegment(key: 2, tokens: 8)])
        #expect(
            third == [
                PromptSegment(key: 1, tokens: 8), PromptSegment(key: 2, tokens: 4), PromptSegment(key: 3, tokens: 18),
            ])
        let inner = ServingSimSet.segments(
            4, own: 9, prefix: SharedPrefix(lcpToks: 9, lcpRequest: 0), earlier: [first])
        #expect(inner == [PromptSegment(key: 1, tokens: 4)])
    }

    /// About 2.5·600 + 6·600 arrivals; 100 kinds in a cycle, groups of ten sharing their first 100 tokens.
    @Test func cycledPromptsRepeat() {
        let workload = CycledWorkload(
            stages: [.init(seconds: 600, rate: 2.5), .init(seconds: 600, rate: 6)], systemTokens: 100,
            questionTokens: 447, outputTokens: 248)
        let prompts = workload.prompts(seed: 1)
        #expect((4_850...5_350).contains(prompts.count))
        #expect(prompts == workload.prompts(seed: 1) && prompts != workload.prompts(seed: 2))
        #expect(prompts[0].segments == prompts[100].segments && prompts[0].segments != prompts[1].segments)
        #expect(prompts[0].segments[0] == prompts[10].segments[0])
        #expect(zip(prompts, prompts.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        let early = prompts.filter { $0.arrival < 600 }.count
        #expect((1_350...1_650).contains(early))
        #expect(prompts.allSatisfy { (537...557).contains($0.inputTokens) && $0.outputTokens == 248 })
    }

    @Test func pairsAreOrderedWithinAFamilyOnly() {
        let order = LoadPointOrder([("a", 10, 5), ("a", 12, 4), ("a", 10.5, 9), ("b", 1, 100)])
        #expect(order.pairs == 2 && order.wrong == 2 && order.wrongShare == 1)
        #expect(LoadPointOrder([("a", 1, 1)]).wrongShare == nil)
    }
}
