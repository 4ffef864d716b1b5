public import Primitives

/// Workloads synthesised from published statistics of real traffic.
///
/// Arrivals are Poisson at the trace's rate of each minute; lengths follow the trace's quantiles, the output
/// conditional on the input's band. What a minute's mean cannot say is not reproduced: the code trace is burstier
/// within its minutes than Poisson.
public enum WorkloadPreset: String, Sendable, Codable, CaseIterable {
    /// 58 minutes of conversation, 19,366 requests (Azure, 16 November 2023).
    case azureConversation2023 = "azure-conv-2023"
    /// 57 minutes of code completion, 8,819 requests (Azure, 16 November 2023).
    case azureCode2023 = "azure-code-2023"

    /// Where the statistics come from and under which licence.
    public var citation: String {
        "Azure LLM inference trace 2023, CC-BY 4.0, Splitwise (ISCA 2024)"
    }

    /// The workload over the length of the trace.
    public var workload: SyntheticWorkload {
        let statistics = statistics
        return SyntheticWorkload(
            arrivals: ArrivalProcess(gaps: .poisson, rate: .steps(Self.rates(statistics), period: nil)),
            classes: [RequestClass(name: className, lengths: .joint(Self.lengths(statistics)))],
            duration: SimulatedDuration(nanoseconds: statistics.span + 1))
    }

    /// The workload repeated to fill `duration`: the same minutes over and over, with fresh draws.
    public func workload(lasting duration: SimulatedDuration) -> SyntheticWorkload {
        var workload = workload
        let period = Double(statistics.span) / 1e9
        workload.arrivals.rate = .steps(Self.rates(statistics), period: period)
        workload.duration = duration
        return workload
    }

    private var className: String { self == .azureConversation2023 ? "conversation" : "code" }

    var statistics: AzureStatistics {
        switch self {
        case .azureConversation2023: .conversation
        case .azureCode2023: .code
        }
    }

    private static func rates(_ statistics: AzureStatistics) -> [RatePoint] {
        let minutes = statistics.requestsPerMinute
        let lastSeconds = Double(statistics.span) / 1e9 - Double(minutes.count - 1) * 60
        return minutes.enumerated().map { minute, count in
            let seconds = minute == minutes.count - 1 ? lastSeconds : 60
            return RatePoint(seconds: Double(minute) * 60, rate: Double(count) / seconds)
        }
    }

    private static func lengths(_ statistics: AzureStatistics) -> JointLengths {
        JointLengths(
            inputs: table(AzureStatistics.inputLevels, statistics.inputs),
            bands: statistics.bands.map { band in
                JointLengths.Band(upTo: band.upTo, outputs: table(AzureStatistics.outputLevels, band.outputs))
            })
    }

    private static func table(_ levels: [Double], _ values: [Double]) -> QuantileTable {
        guard let table = QuantileTable(probabilities: levels, values: values) else {
            preconditionFailure("the built-in quantiles rise")
        }
        return table
    }
}
