/// A way to choose the number of replicas, with its parameters.
public enum AutoscalerPolicy: Sendable, Equatable, Codable {
    case schedule(SchedulePolicy)
    case hpa(HPAPolicy)
    case knative(KnativePolicy)
    case keda(KEDAPolicy)
    case rayServe(RayServePolicy)
    case skyServe(SkyServePolicy)
    case targetUtilization(TargetUtilizationPolicy)
    case holtWinters(HoltWintersPolicy)
}
