import Foundation
import PerformanceModel
import Pricing
import Testing
import Workloads

@testable import Planning
@testable import SimulationCore

/// The page of scenario keys, held against what reads them: keys both ways, and the autoscalers' defaults.
@Suite struct DocumentationTests {
    private typealias Kind = AutoscalerSettings.Kind

    /// The fewest settings with which a kind can be read.
    private static let needed: [Kind: [String: String]] = [
        .hpa: ["metric": "outstanding", "target": "16"], .keda: ["metric": "outstanding", "target": "16"],
        .knative: [:], .rayServe: [:], .skyServe: ["target-qps-per-replica": "2 /s"],
        .targetUtilization: ["capacity": "8"], .schedule: ["steps": "[{at: 0 s, replicas: 2}]"],
        .holtWinters: ["requests-per-second-per-replica": "2 /s"], .fixed: ["replicas": "2"],
        .clairvoyant: ["requests-per-second-per-replica": "2 /s"],
    ]

    /// What settings of a kind come to.
    private struct Reading: Equatable {
        var policy: AutoscalerPolicy
        var foresight: Foresight?
    }

    private static func policy(_ kind: Kind, _ settings: [String: String]) throws -> Reading {
        let pairs = settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        let autoscaler = "{\((["kind: \(kind.rawValue)"] + pairs).joined(separator: ", "))}"
        let pools = "[{offer: aws/g6e.xlarge, replicas: {min: 1, max: 4}, autoscaler: \(autoscaler)}]"
        let read = try #require(try scenario(scenarioText(pools: pools)).strategies[0].pools[0].autoscaler)
        return Reading(policy: read.policy, foresight: read.foresight)
    }

    @Test(arguments: Kind.allCases)
    fileprivate func autoscalersHaveTheDocumentedKeysAndNoOthers(kind: AutoscalerSettings.Kind) throws {
        #expect(try DocumentationPage.rows("### `\(kind.rawValue)`").flatMap(\.keys).sorted() == kind.keys.sorted())
    }

    /// A default that is written as a value, given as a value, changes nothing; and a value it could not be does.
    @Test(arguments: Kind.allCases)
    fileprivate func documentedDefaultsAreTheReadersOwn(kind: AutoscalerSettings.Kind) throws {
        let needed = try #require(Self.needed[kind])
        let plain = try Self.policy(kind, needed)
        var checked = 0
        for row in try DocumentationPage.rows("### `\(kind.rawValue)`") where row.default.hasPrefix("`") {
            let value = try #require(DocumentationPage.quoted(row.default).first)
            let given = try Self.policy(kind, needed.merging([row.keys[0]: value]) { _, new in new })
            #expect(given == plain, "`\(row.keys[0])` is not \(value) by default")
            checked += 1
        }
        #expect(checked >= 1)
    }

    @Test(arguments: Kind.allCases)
    fileprivate func whatIsNeededIsMissed(kind: AutoscalerSettings.Kind) throws {
        let needed = try #require(Self.needed[kind])
        for row in try DocumentationPage.rows("### `\(kind.rawValue)`") where row.default.hasPrefix("needed") {
            let rest = needed.filter { $0.key != row.keys[0] }
            #expect(rest.count < needed.count, "`\(row.keys[0])` can be left out")
            let error = scenarioError("\(row.keys[0])") { _ = try Self.policy(kind, rest) }
            #expect(error?.kind == .missingKey)
        }
    }

    /// Every key that some mapping of a scenario may have, gathered from the lists in the readers.
    private static func keysRead() throws -> Set<String> {
        let folder = DocumentationPage.root.appendingPathComponent("Sources/Planning/Scenario")
        let lists = try Regex(#"(?:keys:|let (?:keys|sources|curves|distributions|hpaKeys) =)\s*\[([^\]]*)\]"#)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).reduce(into: ["kind"]) { keys, file in
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for match in text.matches(of: lists) {
                let literals = match.output[1].substring?.split(separator: "\"", omittingEmptySubsequences: false) ?? []
                keys.formUnion(literals.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) })
            }
        }
    }

    @Test func everyKeyThatIsReadIsDocumented() throws {
        let keys = try Self.keysRead()
        #expect(keys.count > 100, "the readers' lists were not found")
        #expect(keys.isSuperset(of: ["version", "mean-stay", "arrival-unit", "failure-threshold", "profile", "zipf"]))
        #expect(keys.subtracting(DocumentationPage.words(DocumentationPage.page)).sorted() == [])
    }

    /// An invented key would be refused; what stands in a first column is a key.
    @Test(arguments: [
        "## Top level", "## `workload`", "## `strategies`", "## `start`", "## `engine`", "## `spot` and `capacity`",
        "## `market`", "## `commitment`", "## `owned`", "## `serverless`", "## `api`", "## `extras`",
        "## `reliability`",
        "## `outages`", "## `clients`", "## `users`", "## `regions`", "## `fallback`", "## `kept`",
    ])
    func everyKeyThatIsDocumentedIsRead(heading: String) throws {
        let documented = try DocumentationPage.rows(heading).flatMap(\.keys)
        #expect(documented.count >= 3)
        #expect(try Set(documented).subtracting(Self.keysRead()).sorted() == [])
    }

    @Test func everyWordThatASettingMayBeIsDocumented() {
        let choices: [[String]] = [
            TraceFormat.allCases.map(\.rawValue), TraceOrigin.allCases.map(\.rawValue),
            ZeroOutputPolicy.allCases.map(\.rawValue), ArrivalUnit.allCases.map(\.rawValue),
            WorkloadPreset.allCases.map(\.rawValue), RouterPolicy.allCases.map(\.rawValue),
            ScalingMetric.allCases.map(\.rawValue), ServiceObjective.Quantity.allCases.map(\.rawValue),
            EngineConfiguration.QueueOrder.allCases.map(\.rawValue),
            EngineConfiguration.Batching.allCases.map(\.rawValue), NumberFormat.allCases.map(\.rawValue),
            Precision.all.map(\.name),
            ObjectiveSettings.percentiles.map(\.key), PurchaseTerms.allCases.map(\.rawValue),
            SpotTightness.allCases.map(\.rawValue), CapacitySettings.PriceMovement.allCases.map(\.rawValue),
            CommitmentSettings.Kind.allCases.map(\.rawValue), StartSettings.WeightSource.allCases.map(\.rawValue),
            KeptMachines.Mode.allCases.map(\.rawValue), DrainSettings.Policy.allCases.map(\.rawValue),
            RoutingSettings.Policy.allCases.map(\.rawValue), ["lost", "restarted", "resumed", "hyperscale"],
            ["data-centre", "community", "simulated", "none", "serving", "built-in"],
        ]
        #expect(Set(choices.joined()).subtracting(DocumentationPage.words(DocumentationPage.page)).sorted() == [])
    }
}
