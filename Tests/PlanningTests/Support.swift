import Foundation
import Testing

@testable import Planning

/// A small valid scenario; parts can be replaced.
func scenarioText(
    workload: String = "{synthetic: {arrivals: {rate: 20 /s}, lengths: {input: 200, output: 30}, requests: 200}}",
    model: String = "llama-3.1-8b", pools: String = "[{offer: aws/g6e.xlarge/us-east-1, replicas: 2}]",
    more: String = ""
) -> String {
    """
    version: 1
    name: test
    workload: \(workload)
    model: \(model)
    strategies:
      - name: a
        pools: \(pools)
    \(more)
    """
}

/// Decodes a scenario text called `s.yaml`.
func scenario(_ text: String, overrides: ScenarioOverrides = ScenarioOverrides(), folder: String = "/tmp") throws
    -> Scenario
{
    try Scenario(text: text, path: "s.yaml", folder: folder, overrides: overrides)
}

/// The error that `body` throws; a recorded failure where it throws none, or another kind.
func scenarioError(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> ScenarioError? {
    do {
        try body()
        Issue.record(comment ?? "no error", sourceLocation: sourceLocation)
        return nil
    } catch let error as ScenarioError {
        return error
    } catch {
        Issue.record("\(error) is no scenario error", sourceLocation: sourceLocation)
        return nil
    }
}

/// Files of a corpus folder, sorted by name.
func corpus(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
    let base = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(folder)")
    return try FileManager.default.contentsOfDirectory(atPath: base.path).sorted().filter { $0.hasSuffix(".yaml") }.map
    {
        ($0, [UInt8](try Data(contentsOf: base.appendingPathComponent($0))))
    }
}

/// The folder of real data, if this machine has it: `ISOCOST_SHARED`, else `../shared` beside the package.
let sharedFolder: URL? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["ISOCOST_SHARED"].map { URL(fileURLWithPath: $0) }
    let folder = named ?? root.deletingLastPathComponent().appendingPathComponent("shared")
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent("data").path) ? folder : nil
}()
