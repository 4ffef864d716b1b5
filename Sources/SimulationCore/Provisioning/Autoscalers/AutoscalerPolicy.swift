/// A way to choose the number of replicas, with its parameters.
public enum AutoscalerPolicy: Sendable, Equatable, Codable {
    /// Always the same number.
    case fixed(FixedPolicy)
    /// A table by the time of day.
    case schedule(SchedulePolicy)
    /// Kubernetes' HorizontalPodAutoscaler.
    case hpa(HPAPolicy)
    /// Knative's KPA.
    case knative(KnativePolicy)
    /// KEDA.
    case keda(KEDAPolicy)
    /// Ray Serve.
    case rayServe(RayServePolicy)
    /// SkyServe.
    case skyServe(SkyServePolicy)
    /// SkyServe's on-demand fallback behind a spot pool.
    case fallback(FallbackPolicy)
    /// ceil(load ÷ (target × capacity)).
    case targetUtilization(TargetUtilizationPolicy)
    /// A seasonal forecast of arrivals.
    case holtWinters(HoltWintersPolicy)
    /// What would have been right, known in advance: a bound for all others.
    case clairvoyant(ClairvoyantPolicy)
}
