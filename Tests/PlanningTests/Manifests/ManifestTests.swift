import Foundation
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Autoscalers read from manifests as clusters have them.
@Suite struct ManifestTests {
    private func folder(_ name: String) throws -> String {
        try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/\(name)").path
    }

    /// A scenario of one pool, scaled by a manifest of the corpus.
    private func scenario(
        _ manifest: String, _ more: String = "", replicas: String = "", in corpus: String = "manifests"
    ) throws -> Scenario {
        let autoscaler = "autoscaler: {manifest: \(manifest).yaml\(more)}"
        return try Scenario(
            text: scenarioText(pools: "[{offer: aws/g6e.xlarge\(replicas), \(autoscaler)}]"), path: "s.yaml",
            folder: try folder(corpus))
    }

    private func pool(_ manifest: String, _ more: String = "", replicas: String = "") throws -> PoolSettings {
        try scenario(manifest, more, replicas: replicas).strategies[0].pools[0]
    }

    @Test func aHorizontalPodAutoscalerArrivesWhole() throws {
        let pool = try pool("hpa")
        var policy = HPAPolicy(metrics: [
            HPAMetric(metric: .waiting, target: 4, form: .pods),
            HPAMetric(metric: .kvUse, target: 0.7, form: .externalValue),
            HPAMetric(metric: .requestsPerSecond, target: 2.5, form: .externalAverage),
        ])
        policy.scaleUp = HPAScalingRules(
            stabilization: .seconds(30),
            limits: [.init(.percent, 100, per: .seconds(60)), .init(.pods, 2, per: .seconds(30))])
        policy.scaleDown = HPAScalingRules(
            stabilization: .seconds(600), limits: [.init(.pods, 1, per: .seconds(120))], select: .min)
        policy.scaleUpTolerance = 0.05
        #expect(pool.autoscaler?.policy == .hpa(policy) && pool.autoscaler?.kind == .hpa)
        #expect(pool.range?.minimum == 2 && pool.range?.maximum == 12)
        let notes = try #require(pool.autoscaler?.manifest).notes
        #expect(
            notes.unsimulated == [
                "metadata", "spec.scaleTargetRef", "spec.metrics[1].external.metric.selector",
                "spec.metrics[2].object.describedObject",
            ])
        #expect(notes.warnings.isEmpty && notes.readings.allSatisfy { $0.remark == nil })
    }

    @Test func whatKubectlPrintsIsReadToo() throws {
        let pool = try pool("kubectl")
        let metric = HPAMetric(metric: .outstanding, target: 20, form: .externalAverage)
        #expect(pool.autoscaler?.policy == .hpa(HPAPolicy(metrics: [metric])))
        let notes = try #require(pool.autoscaler?.manifest).notes
        #expect(notes.unsimulated == ["metadata", "status", "spec.scaleTargetRef"])
        #expect(notes.readings[0].remark == "running requests are read as `outstanding`, which counts waiting ones too")
    }

    @Test func aScaledObjectArrivesWhole() throws {
        let pool = try pool("keda")
        let policy = KEDAPolicy(
            triggers: [
                KEDATrigger(metric: .waiting, target: 5, activationThreshold: 1),
                KEDATrigger(metric: .kvUse, target: 0.8, form: .externalValue),
                KEDATrigger(metric: .tokensPerSecond, target: 900),
            ], pollingInterval: .seconds(15), cooldownPeriod: .seconds(360), initialCooldownPeriod: .seconds(120),
            fallback: KEDAFallback(failureThreshold: 3, replicas: 2, behavior: .currentReplicasIfHigher),
            scaleUp: HPAScalingRules(stabilization: .zero, limits: [.init(.pods, 1, per: .seconds(60))]),
            scaleDown: HPAScalingRules(
                stabilization: .seconds(120), limits: [.init(.percent, 100, per: .seconds(15))]),
            rateWindow: .seconds(120))
        #expect(pool.autoscaler?.policy == .keda(policy) && pool.autoscaler?.kind == .keda)
        #expect(pool.range?.minimum == 0 && pool.range?.maximum == 8)
        let unsimulated = try #require(pool.autoscaler?.manifest).notes.unsimulated
        for part in [
            "the Deployment vllm-llama8b", "metadata", "spec.triggers[1].authenticationRef",
            "spec.triggers[0].metadata.serverAddress", "spec.advanced.restoreToOriginalReplicaCount",
            "or vector(0) of the query `avg(vllm:kv_cache_usage_perc) or vector(0)`",
        ] {
            #expect(unsimulated.contains(part), "\(part) in \(unsimulated)")
        }
    }

    @Test func anIdleCountOfZeroLeavesTheOthersForActiveTimes() throws {
        let pool = try pool("idle")
        guard case .keda(let policy) = pool.autoscaler?.policy else {
            Issue.record("a ScaledObject is KEDA's")
            return
        }
        #expect(policy.activeMinimum == 2 && policy.tolerance == 0.05)
        #expect(policy.triggers == [KEDATrigger(metric: .outstanding, target: 24)])
        #expect(pool.range?.minimum == 0 && pool.range?.maximum == 100)
    }

    @Test func theScenarioSaysWhatNoManifestDoes() throws {
        let more = ", sync-period: 30 s, metrics-delay: 15 s, rate-window: 2 min, starting-replicas: missing"
        guard case .hpa(let policy) = try pool("hpa", more).autoscaler?.policy else {
            Issue.record("it is an HPA")
            return
        }
        #expect(policy.syncPeriod == .seconds(30) && policy.metricsDelay == .seconds(15))
        #expect(policy.rateWindow == .seconds(120) && policy.startingReplicas == .missing)
        let custom = try pool("custom", ", signals: {cpu: kv-use, our_gateway_queue: waiting}")
        let metrics = [
            HPAMetric(metric: .kvUse, target: 0.8, form: .pods),
            HPAMetric(metric: .waiting, target: 6, form: .externalAverage),
        ]
        #expect(custom.autoscaler?.policy == .hpa(HPAPolicy(metrics: metrics)))
    }

    @Test func boundsMayBeRepeatedButNotContradicted() throws {
        let range = try #require(try pool("hpa", replicas: ", replicas: {max: 12, initial: 3}").range)
        #expect(range.minimum == 2 && range.maximum == 12 && range.initial == 3)
        let error = scenarioError { _ = try pool("hpa", replicas: ", replicas: {max: 8}") }
        #expect(
            error?.sentence
                == "s.yaml:7:53: `max` is 8, but `maxReplicas` is 12 in hpa.yaml, line 14: leave `max` out, or make them equal"
        )
        let initial = scenarioError { _ = try pool("hpa", replicas: ", replicas: {initial: 13}") }
        #expect(initial?.message == "`initial` must be from 2 to 12, not `13`")
        let fixed = scenarioError { _ = try pool("hpa", replicas: ", replicas: 3") }
        #expect(fixed?.message.contains("has no effect on a fixed number of replicas") == true)
    }

    @Test func aStrategysManifestScalesThePoolsThatSayNothing() throws {
        let text = """
            version: 1
            name: x
            workload: {preset: azure-conv-2023}
            model: llama-3.1-8b
            strategies:
              - name: a
                autoscaler: {manifest: hpa.yaml}
                pools:
                  - {offer: aws/g6e.xlarge}
                  - {offer: runpod/1x_L40S_SECURE, replicas: 2}
                  - {offer: vast/1x-L40S, replicas: {min: 0, max: 3}, autoscaler: {kind: knative}}
            """
        let scenario = try Scenario(text: text, path: "s.yaml", folder: try folder("manifests"))
        #expect(scenario.strategies[0].pools.map { $0.range?.maximum } == [12, nil, 3])
        let scaling = try scenario.resolved().strategies[0].fleet.pools.map(\.scaling)
        #expect(scaling[0]?.minimum == 2 && scaling[0]?.maximum == 12 && scaling[1] == nil)
    }

    @Test func lintTellsHowTheManifestWasTaken() throws {
        let text = try scenario("kubectl").resolved().lintText
        for part in [
            "at least 1, 1 at first, by hpa", "manifest kubectl.yaml; Kubernetes' autoscaling/v2 defaults",
            "vllm:num_requests_running in kubectl.yaml: outstanding  [assumed: running requests are read as",
            "not simulated of kubectl.yaml: metadata, status, spec.scaleTargetRef",
        ] {
            #expect(text.contains(part), "\(part) is missing in\n\(text)")
        }
    }

    @Test func aScaledPoolRunsByItsManifest() throws {
        let run = try scenario("keda").resolved().run(RunOptions()).strategies[0].runs[0]
        #expect(run.metrics.requestsCompleted == 200)
    }

    @Test(arguments: [
        ("hpa", ", kind: hpa", "`kind` belongs in the manifest"),
        ("hpa", ", target: 4", "`target` belongs in the manifest"),
        ("hpa", ", signals: {nothing: waiting}", "no metric and no trigger of `hpa.yaml` is called `nothing`"),
        ("hpa", ", signals: {nothing: wating}", "`nothing` cannot be `wating`; did you mean `waiting`?"),
        (
            "keda", ", starting-replicas: missing",
            "`starting-replicas` has no effect on the manifest keda.yaml, which is for keda"
        ),
        ("keda", ", rate-window: 1 min", "`rate-window` has no effect"),
        ("none", "", "there is no manifest `none.yaml` in "),
    ])
    func mistakesInTheScenarioAreItsOwn(manifest: String, more: String, part: String) {
        let error = scenarioError { _ = try pool(manifest, more) }
        #expect(error?.message.hasPrefix(part) == true && error?.file == "s.yaml", "\(error?.description ?? "")")
    }

    @Test func everyMalformedManifestSaysWhatItsFirstLinePromises() throws {
        let files = try corpus("manifests-malformed")
        #expect(files.count >= 50)
        for (name, bytes) in files {
            let promised = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\n" }.dropFirst(2)
            let error = scenarioError("\(name)") {
                _ = try scenario(String(name.dropLast(5)), in: "manifests-malformed").resolved()
            }
            #expect(error?.sentence == "\(name):\(promised)")
        }
    }
}
