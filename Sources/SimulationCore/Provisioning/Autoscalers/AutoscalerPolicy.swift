/// A way to choose the number of replicas, with its parameters.
public enum AutoscalerPolicy: Sendable, Equatable, Codable {
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
    /// ceil(load ÷ (target × capacity)).
    case targetUtilization(TargetUtilizationPolicy)
    /// A seasonal forecast of arrivals.
    case holtWinters(HoltWintersPolicy)
}
