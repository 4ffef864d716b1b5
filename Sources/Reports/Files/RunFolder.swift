import Foundation
public import Planning

/// The folder of a scenario's results, `OUT/<scenario name>/`. Its files are replaced together: all are written
/// under temporary names first, and only when every one of them is on the disk are they renamed.
public struct RunFolder: Sendable {
    /// The folder's path.
    public let path: String

    /// - Parameters:
    ///   - root: the folder that holds one folder per scenario; made with its parents when it is written to.
    ///   - scenario: the scenario's name; characters that a file name cannot hold become `-`.
    public init(root: String, scenario: String) {
        path = URL(fileURLWithPath: root).appendingPathComponent(Self.fileName(scenario)).path
    }

    /// The path of a file in the folder.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Makes the folder, so that ``requests(strategies:)`` can be written while runs go on.
    /// - Throws: ``OutputError``.
    public func create() throws {
        var folder = ""
        for name in path.split(separator: "/") {
            folder += "/" + name
            var status = stat()
            if stat(folder, &status) == 0 {
                guard status.st_mode & S_IFMT == S_IFDIR else {
                    throw OutputError(path: path, action: "create", reason: "\(folder) is not a folder")
                }
            } else if mkdir(folder, 0o777) != 0, errno != EEXIST {
                throw OutputError(path: path, action: "create", errno: errno)
            }
        }
    }

    /// The per-request file of this folder; give it back to ``write(_:requests:)``.
    /// - Parameter strategies: names in the scenario's order.
    public func requests(strategies: [String]) -> RequestsCSV {
        RequestsCSV(path: file("requests.csv"), strategies: strategies)
    }

    /// Writes `summary.csv`, `comparison.csv`, `definitions.csv`, `timeline.csv`, `invoice.csv` and `report.html`, and
    /// finishes `requests` where there is one. A `requests.csv` of an earlier run goes when this one has none: the files of a
    /// folder always belong to one run.
    /// - Parameter breakEven: as ``ReportPage/html(of:breakEven:)`` has it.
    /// - Returns: the paths written, in that order.
    /// - Throws: ``OutputError``; earlier results are untouched then.
    @discardableResult
    public func write(
        _ result: ScenarioResult, requests: RequestsCSV? = nil, breakEven: BreakEvenFigure? = nil
    ) throws -> [String] {
        try create()
        let files = try Self.contents(of: result, breakEven).map { name, text in
            let file = try AtomicFile(path: self.file(name))
            try file.write(text)
            try file.flush()
            return file
        }
        let all = try files + (requests.map { [try $0.joined()] } ?? [])
        for file in all { try file.commit() }
        if requests == nil { unlink(file("requests.csv")) }
        return all.map(\.path)
    }

    /// Writes `plan.html`, and `plan.yaml` where the plan found a fleet; an earlier one goes where it did not.
    /// - Throws: ``OutputError``; earlier files are untouched then.
    public func write(_ plan: PlanResult) throws {
        try create()
        let texts = [("plan.html", PlanPage.html(of: plan))] + (plan.scenarioText.map { [("plan.yaml", $0)] } ?? [])
        let files = try texts.map { name, text in
            let file = try AtomicFile(path: self.file(name))
            try file.write(text)
            try file.flush()
            return file
        }
        for file in files { try file.commit() }
        if plan.scenarioText == nil { unlink(file("plan.yaml")) }
    }

    private static func contents(of result: ScenarioResult, _ breakEven: BreakEvenFigure?) -> [(String, String)] {
        [
            ("summary.csv", SummaryCSV.text(of: result.strategies.flatMap(\.runs).map(\.metrics))),
            ("comparison.csv", ComparisonCSV.text(of: result.comparison)),
            ("definitions.csv", ComparisonCSV.definitions(of: result.comparison)),
            ("timeline.csv", TimelineCSV.text(of: result.strategies)),
            ("invoice.csv", InvoiceCSV.text(of: result)),
            ("report.html", ReportPage.html(of: result, breakEven: breakEven)),
        ]
    }

    /// The name without path separators, control characters and leading dots; `scenario` where nothing is left.
    static func fileName(_ name: String) -> String {
        let kept = String(name.map { $0 == "/" || $0 == "\\" || $0 == "\0" || $0.isNewline ? "-" : $0 })
        let visible = kept.drop { $0 == "." }
        return visible.isEmpty ? "scenario" : String(visible)
    }
}
