import SimulationCore

/// Names under which model servers, adapters and gateways publish what this simulation measures.
enum MetricName {
    /// Whether a name is read as it stands.
    enum Sort: Sendable {
        /// A value of the moment.
        case gauge
        /// A sum since the start, of which the rate counts.
        case counter
        case either
    }

    struct Meaning: Sendable {
        var metric: ScalingMetric
        var sort: Sort
        /// In what the two differ; `nil` = they do not.
        var remark: String?
    }

    static let running = "running requests are read as `outstanding`, which counts waiting ones too"
    private static let completions = "completions are counted where the requests arrive"

    /// Documented in `Documentation/Scenarios.md`.
    static let known: [(names: [String], meaning: Meaning)] = [
        (
            ["outstanding", "outstanding_requests", "requests_in_flight", "inflight_requests", "concurrent_requests"],
            Meaning(metric: .outstanding, sort: .gauge)
        ),
        (
            ["vllm:num_requests_running", "sglang:num_running_reqs", "num_requests_running", "tgi_batch_current_size"],
            Meaning(metric: .outstanding, sort: .gauge, remark: running)
        ),
        (
            [
                "waiting", "vllm:num_requests_waiting", "sglang:num_queue_reqs", "num_requests_waiting",
                "tgi_queue_size", "nv_inference_pending_request_count", "queue_length", "queue_size",
            ], Meaning(metric: .waiting, sort: .gauge)
        ),
        (
            [
                "kv-use", "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc", "sglang:token_usage",
                "kv_cache_usage_perc", "gpu_cache_usage_perc",
            ], Meaning(metric: .kvUse, sort: .gauge)
        ),
        (
            ["requests-per-second", "http_requests_per_second", "request_rate"],
            Meaning(metric: .requestsPerSecond, sort: .gauge)
        ),
        (
            ["http_requests_total", "istio_requests_total", "nginx_ingress_controller_requests"],
            Meaning(metric: .requestsPerSecond, sort: .counter)
        ),
        (
            ["vllm:request_success_total", "vllm:e2e_request_latency_seconds_count"],
            Meaning(metric: .requestsPerSecond, sort: .counter, remark: completions)
        ),
        (
            ["tokens-per-second", "vllm:avg_generation_throughput_toks_per_s", "sglang:gen_throughput"],
            Meaning(metric: .tokensPerSecond, sort: .gauge)
        ),
        (["vllm:generation_tokens_total"], Meaning(metric: .tokensPerSecond, sort: .counter)),
        (["late-share"], Meaning(metric: .lateShare, sort: .gauge)),
    ]

    private static let meanings: [String: Meaning] = Dictionary(
        known.flatMap { row in row.names.map { (plain($0), row.meaning) } }, uniquingKeysWith: { first, _ in first })

    /// `nil` for what is not simulated. Letters' case, and which sign divides words, do not count: adapters replace
    /// Prometheus' colons.
    static func meaning(of name: String) -> Meaning? { meanings[plain(name)] }

    private static func plain(_ name: String) -> String {
        String(name.lowercased().map { ":/.-".contains($0) ? "_" : $0 })
    }

    /// The name that was probably meant, or how a scenario can say what stands for it.
    static func advice(on name: String) -> String {
        let isUse = ["cpu", "memory"].contains(name) || name.uppercased().hasPrefix("DCGM")
        if !isUse, let near = nearestName(to: name, among: known.flatMap(\.names)) {
            return "; did you mean `\(near)`?"
        }
        let why = isUse ? ": a busy machine may have room for requests, or none" : ""
        let example: ScalingMetric = isUse ? .kvUse : .waiting
        return "\(why); the scenario can say what stands for it, as in `signals: {\(name): \(example.rawValue)}`"
    }
}
