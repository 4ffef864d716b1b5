public import Planning
import Primitives
import SimulationCore

/// A run as a Chrome trace: JSON that Perfetto and `chrome://tracing` open.
///
/// One process per replica; requests are nested asynchronous spans (waiting, queue, prefill, decode), starts of replicas
/// are spans of the process, incidents are instants, and running and waiting requests of the fleet are counters. Times are
/// microseconds of the run, to the nanosecond.
public enum ChromeTrace {
    /// The whole document.
    public static func json(of explanation: RunExplanation) -> String {
        let record = explanation.run.record
        let events =
            processes(explanation) + explanation.outcomes.flatMap(spans) + record.starts.flatMap(start)
            + record.incidents.map(incident) + counters(record)
        return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n" + events.joined(separator: ",\n") + "\n]}\n"
    }

    /// The process that what belongs to no replica is shown under.
    private static let gateway = 0

    private static func processes(_ explanation: RunExplanation) -> [String] {
        let names =
            ["fleet"]
            + explanation.run.record.replicas.enumerated().map { index, replica in
                let pool = explanation.pools.indices.contains(replica.pool) ? explanation.pools[replica.pool].name : ""
                return "replica \(index) of \(pool)"
            }
        return names.enumerated().map { index, name in
            "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":\(index),\"tid\":0,\"args\":{\"name\":\(quoted(name))}}"
        }
    }

    private static func spans(_ outcome: RequestOutcome) -> [String] {
        let pid = outcome.replica == .max ? gateway : Int(outcome.replica) + 1
        let begin = outcome.arrival.nanoseconds
        guard outcome.failure == nil else {
            let reason = outcome.failure?.rawValue ?? ""
            return [
                "{\"name\":\"failed: \(reason)\",\"ph\":\"i\",\"s\":\"p\",\"pid\":\(pid),\"tid\":0,\"ts\":\(micro(begin)),"
                    + "\"args\":{\"request\":\(outcome.id)}}"
            ]
        }
        func span(_ name: String, _ from: Int64, _ to: Int64, _ arguments: String = "") -> [String] {
            let head = "{\"name\":\"\(name)\",\"cat\":\"request\",\"id\":\(outcome.id),\"pid\":\(pid),\"tid\":0,"
            return [
                head + "\"ph\":\"b\",\"ts\":\(micro(from))\(arguments)}", head + "\"ph\":\"e\",\"ts\":\(micro(to))}",
            ]
        }
        let arguments =
            ",\"args\":{\"input\":\(outcome.inputTokens),\"output\":\(outcome.outputTokens),"
            + "\"cached\":\(outcome.cachedTokens),\"preemptions\":\(outcome.preemptions),\"attempts\":\(outcome.attempts)}"
        let whole = span("request \(outcome.id)", begin, begin + outcome.e2e.nanoseconds, arguments)
        var inner: [String] = []
        var time = begin
        let before = outcome.network + outcome.coldStart + outcome.retry
        for (name, part) in [
            ("on its way", before), ("queue", outcome.queue), ("prefill", outcome.prefill), ("decode", outcome.decode),
        ] where part > .zero {
            inner += span(name, time, time + part.nanoseconds)
            time += part.nanoseconds
        }
        return [whole[0]] + inner + [whole[1]]
    }

    private static func start(_ start: StartRecord) -> [String] {
        var time = start.at.nanoseconds
        let stages = [
            ("provision", start.stages.provision), ("image pull", start.stages.imagePull),
            ("weight load", start.stages.weightLoad), ("compile", start.stages.compile),
            ("warm-up", start.stages.warmUp),
        ]
        return stages.filter { $0.1 > .zero }.map { name, length in
            defer { time += length.nanoseconds }
            return "{\"name\":\"\(name)\",\"cat\":\"start\",\"ph\":\"X\",\"pid\":\(start.replica + 1),\"tid\":1,"
                + "\"ts\":\(micro(time)),\"dur\":\(micro(length.nanoseconds))}"
        }
    }

    private static func incident(_ incident: Incident) -> String {
        "{\"name\":\"\(incident.kind.rawValue)\",\"cat\":\"incident\",\"ph\":\"i\",\"s\":\"g\",\"pid\":\(gateway),\"tid\":0,"
            + "\"ts\":\(micro(incident.at.nanoseconds)),\"args\":{\"replicas\":\(incident.replicas)}}"
    }

    private static func counters(_ record: RunRecord) -> [String] {
        let width = record.timeline.width.nanoseconds
        return record.timeline.bins.enumerated().map { index, bin in
            let (running, waiting) = (
                Double(bin.runningTime) / Double(width), Double(bin.waitingTime) / Double(width)
            )
            return
                "{\"name\":\"requests\",\"ph\":\"C\",\"pid\":\(gateway),\"tid\":0,\"ts\":\(micro(width * Int64(index))),"
                + "\"args\":{\"running\":\(Decimal.fixed(running, places: 3)),"
                + "\"waiting\":\(Decimal.fixed(waiting, places: 3))}}"
        }
    }

    private static func micro(_ nanoseconds: Int64) -> String { Decimal.exact(nanoseconds, places: 3) }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
