import Primitives

/// What a FOCUS file says about the run that its charges come from.
public struct FocusContext: Sendable, Equatable {
    /// Name of the scenario.
    public var scenario: String
    /// Name of the strategy.
    public var strategy: String
    /// Seed of the run.
    public var seed: UInt64
    /// Number of the replication, from 0.
    public var replication: Int
    /// Calendar time of simulated time zero, in seconds since 1970 UTC.
    public var epochSeconds: Int64
    /// Unique within the consumer's books; marks the charges as simulated.
    public var billingAccount: String

    /// 2026-01-01T00:00:00Z, where a scenario names no date.
    public static let defaultEpochSeconds: Int64 = 1_767_225_600

    /// - Precondition: `epochSeconds` ≥ 0.
    public init(
        scenario: String, strategy: String, seed: UInt64, replication: Int = 0,
        epochSeconds: Int64 = FocusContext.defaultEpochSeconds, billingAccount: String = "isocost-simulation"
    ) {
        precondition(epochSeconds >= 0, "calendar times start in 1970")
        self.scenario = scenario
        self.strategy = strategy
        self.seed = seed
        self.replication = replication
        self.epochSeconds = epochSeconds
        self.billingAccount = billingAccount
    }
}

/// An invoice as rows of FOCUS 1.2 (FinOps Open Cost and Usage Specification): the mandatory and recommended columns
/// and those conditional ones that apply to a simulated bill, in the specification's (alphabetical) order.
///
/// Null is the empty string; quoting for CSV is the writer's. `BilledCost` adds up to the invoice's total exactly:
/// amounts are decimal dollars with up to nine places. Times are whole seconds: a charge's start is rounded down and its
/// end up. The billing period is the whole months that hold the run. `Tags` mark every row as simulated.
public enum FocusExport {
    /// Header, in the order of ``rows(invoice:context:)``.
    public static var columns: [String] { cells.map(\.name) }

    /// One row per invoice line, one cell per column.
    public static func rows(invoice: Invoice, context: FocusContext) -> [[String]] {
        let period = BillingPeriod(invoice: invoice, context: context)
        return invoice.lines.map { line in
            let source = Source(line: line, context: context, period: period)
            return cells.map { $0.text(source) }
        }
    }

    fileprivate struct Source {
        let line: InvoiceLine
        let context: FocusContext
        let period: BillingPeriod

        var instance: String { line.instance.map { "\(line.pool)/\($0)" } ?? line.pool }
        func time(_ time: SimulatedTime, up: Bool = false) -> String {
            UTCTime.iso8601(context.calendarSeconds(time, up: up))
        }
    }

    private static let cells: [(name: String, text: @Sendable (Source) -> String)] = [
        ("AvailabilityZone", { _ in "" }),
        ("BilledCost", { $0.line.billedCost.description }),
        ("BillingAccountId", { $0.context.billingAccount }),
        ("BillingAccountName", { _ in "Isocost simulation" }),
        ("BillingAccountType", { _ in "Simulation" }),
        ("BillingCurrency", { _ in "USD" }),
        ("BillingPeriodEnd", { UTCTime.iso8601($0.period.end) }),
        ("BillingPeriodStart", { UTCTime.iso8601($0.period.start) }),
        ("ChargeCategory", { $0.line.chargeCategory.rawValue }),
        ("ChargeClass", { _ in "" }),
        ("ChargeDescription", { $0.line.description }),
        ("ChargeFrequency", { frequency($0.line) }),
        ("ChargePeriodEnd", { $0.time($0.line.end, up: true) }),
        ("ChargePeriodStart", { $0.time($0.line.start) }),
        ("CommitmentDiscountCategory", { $0.line.commitment?.category.rawValue ?? "" }),
        ("CommitmentDiscountId", { $0.line.commitment?.id ?? "" }),
        ("CommitmentDiscountName", { $0.line.commitment?.name ?? "" }),
        ("CommitmentDiscountQuantity", { $0.line.commitment.map { decimal(nano: $0.nanoQuantity) } ?? "" }),
        ("CommitmentDiscountStatus", { $0.line.commitment?.status?.rawValue ?? "" }),
        ("CommitmentDiscountType", { $0.line.commitment?.type ?? "" }),
        ("CommitmentDiscountUnit", { $0.line.commitment?.unit ?? "" }),
        ("ConsumedQuantity", { consumed($0.line) ?? "" }),
        ("ConsumedUnit", { consumedUnit($0.line) }),
        ("ContractedCost", { $0.line.contractedCost.description }),
        ("ContractedUnitPrice", { $0.line.contractedUnitPrice.description }),
        ("EffectiveCost", { $0.line.effectiveCost.description }),
        ("InvoiceId", { _ in "" }),
        ("InvoiceIssuerName", { $0.line.provider }),
        ("ListCost", { $0.line.listCost.description }),
        ("ListUnitPrice", { $0.line.listUnitPrice.description }),
        ("PricingCategory", { $0.line.pricingCategory.rawValue }),
        ("PricingQuantity", { quantity($0.line) }),
        ("PricingUnit", { $0.line.pricingUnit }),
        ("ProviderName", { $0.line.provider }),
        ("PublisherName", { $0.line.provider }),
        ("RegionId", { $0.line.region }),
        ("RegionName", { $0.line.region }),
        ("ResourceId", { $0.instance }),
        ("ResourceName", { $0.instance }),
        ("ResourceType", { resourceType($0.line.kind) }),
        ("ServiceCategory", { $0.line.serviceCategory.rawValue }),
        ("ServiceName", { serviceName($0.line) }),
        ("ServiceSubcategory", { serviceSubcategory($0.line.serviceCategory) }),
        ("SkuId", { $0.line.offerID }),
        ("SkuMeter", { $0.line.description }),
        ("SkuPriceDetails", { jsonObject([("x_PriceObserved", jsonString($0.line.priceObserved))]) }),
        ("SkuPriceId", { "\($0.line.offerID)#\($0.line.pricingCategory.rawValue)" }),
        ("SubAccountId", { "\($0.context.scenario)/\($0.context.strategy)" }),
        ("SubAccountName", { $0.context.strategy }),
        ("SubAccountType", { _ in "Strategy" }),
        ("Tags", { tags($0) }),
    ]

    private static func tags(_ source: Source) -> String {
        jsonObject([
            ("pool", jsonString(source.line.pool)),
            ("replication", String(source.context.replication)),
            ("scenario", jsonString(source.context.scenario)),
            // As a string: JSON readers lose digits of large integers.
            ("seed", jsonString(String(source.context.seed))),
            ("simulated", "true"),
            ("strategy", jsonString(source.context.strategy)),
        ])
    }

    private static func quantity(_ line: InvoiceLine) -> String { decimal(nano: line.nanoQuantity) }

    /// What is bought by the hour recurs; what is paid in advance, once. Unused parts are usage, as the specification has it.
    private static func frequency(_ line: InvoiceLine) -> String {
        guard line.chargeCategory == .purchase else {
            return line.chargeCategory == .usage ? "Usage-Based" : "One-Time"
        }
        return line.commitment?.isPaidInAdvance ?? true ? "One-Time" : "Recurring"
    }

    /// Nothing is consumed by buying a commitment or by not using it.
    private static func consumed(_ line: InvoiceLine) -> String? {
        guard line.kind != .commitment, line.kind != .commitmentWaste else { return nil }
        return line.metered.map { decimal(nano: $0.nanoseconds) } ?? quantity(line)
    }

    private static func consumedUnit(_ line: InvoiceLine) -> String {
        guard consumed(line) != nil else { return "" }
        return line.metered == nil ? line.pricingUnit : "Seconds"
    }

    private static func resourceType(_ kind: InvoiceLine.Kind) -> String {
        switch kind {
        case .machine, .capital, .busyPower, .idlePower, .space, .fee: "Virtual Machine"
        case .disk: "Disk"
        case .address: "IP Address"
        case .loadBalancer: "Load Balancer"
        case .nat: "NAT Gateway"
        case .egress, .ingress: "Network Traffic"
        case .tokens: "Model"
        case .commitment, .commitmentWaste: "Commitment"
        }
    }

    private static func serviceName(_ line: InvoiceLine) -> String {
        switch line.kind {
        case .address: "IP addresses"
        case .loadBalancer: "Load balancing"
        case .nat: "Address translation"
        default: serviceName(line.serviceCategory)
        }
    }

    private static func serviceName(_ category: InvoiceLine.ServiceCategory) -> String {
        switch category {
        case .compute: "Instances"
        case .storage: "Disks"
        case .networking: "Data transfer"
        case .ai: "Inference"
        }
    }

    private static func serviceSubcategory(_ category: InvoiceLine.ServiceCategory) -> String {
        switch category {
        case .compute: "Virtual Machines"
        case .storage: "Block Storage"
        case .networking: "Other (Networking)"
        case .ai: "Generative AI"
        }
    }
}

/// The whole calendar months that hold every charge of a run.
private struct BillingPeriod {
    let start: Int64
    /// Exclusive.
    let end: Int64

    init(invoice: Invoice, context: FocusContext) {
        let first = invoice.lines.map(\.start).min() ?? .start
        let last = invoice.lines.map(\.end).max() ?? .start
        start = UTCTime.startOfMonth(holding: context.calendarSeconds(first))
        let lastSecond = max(context.calendarSeconds(last, up: true) - 1, start)
        end = UTCTime.startOfMonth(holding: lastSecond, after: 1)
    }
}

extension FocusContext {
    /// Seconds since 1970 at `time`, rounded down, or up.
    fileprivate func calendarSeconds(_ time: SimulatedTime, up: Bool = false) -> Int64 {
        let nanoseconds = time.nanoseconds
        let floor = nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((999_999_999 - nanoseconds) / 1_000_000_000)
        return epochSeconds + floor + (up && floor * 1_000_000_000 != nanoseconds ? 1 : 0)
    }
}

/// A count of 10⁻⁹ units as a decimal number without trailing zeros.
func decimal(nano: Int64) -> String { Money(nanodollars: nano).description }
