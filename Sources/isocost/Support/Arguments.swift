public import ArgumentParser
public import Planning
public import Pricing
public import SimulationCore
public import Workloads

// Values of the library that options take by their raw names.
extension PurchaseTerms: ExpressibleByArgument {}
extension Market: ExpressibleByArgument {}
extension SimulationOptions.Stepping: ExpressibleByArgument {}
extension TraceFormat: ExpressibleByArgument {}
extension TraceOrigin: ExpressibleByArgument {}
extension ArrivalUnit: ExpressibleByArgument {}
extension ZeroOutputPolicy: ExpressibleByArgument {}
extension WorkloadPreset: ExpressibleByArgument {}
extension SweepDesign: ExpressibleByArgument {}
