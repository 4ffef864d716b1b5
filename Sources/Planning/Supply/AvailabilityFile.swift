import Primitives
public import SimulationCore

/// Reads recorded spot availability in the layout of SkyPilot's traces:
///
///     {"metadata": {"gap_seconds": 300}, "data": [1, 1, 0, 2]}
///
/// `data[i]` is the number of instances that were to be had at tick i; ticks are `gap_seconds` apart, and each stands for the
/// time until the next. Other keys are allowed and not read.
public enum AvailabilityFile {
    /// The trace in the file at `path`, called by the file's name without its ending.
    ///
    /// - Parameter needed: how many instances make a tick count as up, ≥ 1.
    /// - Throws: ``ScenarioError``, with line and column, where the file is missing, malformed or too large (4 MiB), has no
    ///   tick, or never reports as many instances as needed although it reports some.
    public static func read(_ path: String, needed: Int = 1) throws -> AvailabilityTrace {
        let file = path.split(separator: "/").last ?? ""
        let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
        return try trace(of: ScenarioFile.read(path), file: path, name: String(stem), needed: needed)
    }

    /// The trace in `text`.
    /// - Parameters:
    ///   - file: what errors call it.
    ///   - name: of the trace.
    ///   - needed: how many instances make a tick count as up, ≥ 1.
    /// - Throws: as ``read(_:needed:)``.
    public static func trace(of text: String, file: String, name: String, needed: Int = 1) throws -> AvailabilityTrace {
        precondition(needed >= 1, "a trace is up when there is something")
        var cursor = JSONCursor(text, file: file)
        var gap: Int64?
        var ticks: Ticks?
        try cursor.members { key, cursor in
            switch key {
            case "metadata":
                try cursor.members { key, cursor in
                    if key == "gap_seconds" { gap = try Self.gap(&cursor) } else { try cursor.skipValue() }
                }
            case "data": ticks = try Ticks(&cursor, needed: needed)
            default: try cursor.skipValue()
            }
        }
        try cursor.expectEnd()
        guard let gap else { throw fault(file, .missingKey, "there is no `gap_seconds` in `metadata`") }
        guard let ticks else { throw fault(file, .missingKey, "there is no `data`") }
        guard ticks.count > 0 else { throw fault(file, .outOfRange, "`data` is empty") }
        guard ticks.most >= needed || ticks.most == 0 else {
            throw fault(
                file, .outOfRange, "\(needed) instances are needed, but `data` never has more than \(ticks.most)")
        }
        let length = Int64(ticks.count).multipliedReportingOverflow(by: gap)
        guard !length.overflow else { throw fault(file, .outOfRange, "the trace is longer than 292 years") }
        return AvailabilityTrace(
            name: name, changes: ticks.changes.map { SimulatedTime(nanoseconds: Int64($0) * gap) },
            startsUp: ticks.startsUp, length: SimulatedDuration(nanoseconds: length.partialValue))
    }

    /// Nanoseconds between ticks.
    private static func gap(_ cursor: inout JSONCursor) throws -> Int64 {
        let place = cursor
        let value = try cursor.number().integer(times: 1_000_000_000)
        guard let value, value > 0, value <= 31_536_000_000_000_000 else {
            var place = place
            throw place.error(
                "`gap_seconds` must be greater than 0, at most a year and a whole number of nanoseconds", .outOfRange)
        }
        return Int64(value)
    }

    private static func fault(_ file: String, _ kind: ScenarioError.Kind, _ message: String) -> ScenarioError {
        ScenarioError(kind, message, file: file)
    }

    /// A list of counts, as the ticks at which it changes between enough and too few.
    private struct Ticks {
        var count = 0
        var most = 0
        var startsUp = false
        var changes: [Int] = []

        init(_ cursor: inout JSONCursor, needed: Int) throws {
            var isUp = false
            var ticks = (count: 0, most: 0, startsUp: false, changes: [Int]())
            try cursor.elements { cursor in
                let place = cursor
                guard let value = try cursor.number().integer(times: 1), (0...1_000_000).contains(value) else {
                    var place = place
                    throw place.error("a tick must be a whole number from 0 to 1000000", .outOfRange)
                }
                ticks.most = max(ticks.most, Int(value))
                let up = value >= needed
                if ticks.count == 0 { ticks.startsUp = up } else if up != isUp { ticks.changes.append(ticks.count) }
                isUp = up
                ticks.count += 1
            }
            (count, most, startsUp, changes) = ticks
        }
    }
}
