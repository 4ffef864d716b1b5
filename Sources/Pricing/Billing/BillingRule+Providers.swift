import Primitives

extension BillingRule {
    /// The rule of `provider` (in any case), or ``unknown(provider:)``.
    public static func of(provider: String) -> BillingRule {
        let name = provider.lowercased()
        return byProvider[aliases[name] ?? name] ?? unknown(provider: name)
    }

    /// The rule for hardware the user owns: every nanosecond from allocation on, at the price the user set.
    public static let owned = BillingRule(
        provider: "owned", step: SimulatedDuration(nanoseconds: 1), billedStates: .always, source: "set by the user")

    /// The rule for an offer on terms: the owner's, a serverless platform's, or the provider's.
    public static func of(offer: Offer, on terms: PurchaseTerms) -> BillingRule {
        if terms == .owned { return owned }
        return terms.isServerless ? serverless(provider: offer.provider) : of(provider: offer.provider)
    }

    /// A serverless platform's rule: every started second of a worker from its loading to the end of its idle time-out.
    ///
    /// Storage is paid in every state. The wait for a machine and the image pull are taken to be free.
    public static func serverless(provider: String) -> BillingRule {
        var rule = BillingRule(
            provider: of(provider: provider).provider, step: .seconds(1),
            storagePerGBMonth: of(provider: provider).storagePerGBMonth,
            egressPerGB: of(provider: provider).egressPerGB, source: "none found",
            assumption: "billed per started second of loading, work and idle time-out")
        switch rule.provider {
        case "runpod":
            rule.source = "docs.runpod.io/serverless/pricing: start to stop, rounded up to the second"
            rule.assumption = "the image pull is free"
            rule.storagePerGBMonth = nil
        case "vast":
            rule.source = "docs.vast.ai/guides/serverless/pricing: GPU in Ready and Loading, storage in all states"
            rule.assumption = nil
        default: break
        }
        return rule
    }

    /// Per second, no minimum, from allocation: what most clouds do, assumed where nothing was found.
    public static func unknown(provider: String) -> BillingRule {
        BillingRule(
            provider: provider, step: .seconds(1), billedStates: .sinceAllocation, source: "none found",
            assumption: "billed per second from allocation, no minimum")
    }

    /// Providers with a rule of their own, in alphabetical order.
    public static var knownProviders: [String] { byProvider.keys.sorted() }

    private static let aliases = [
        "vast.ai": "vast", "vast-ai": "vast", "vastai": "vast", "lambdalabs": "lambda", "google": "gcp",
        "amazon": "aws", "microsoft": "azure", "datacrunch": "verda",
    ]

    private static let byProvider = Dictionary(uniqueKeysWithValues: all.map { ($0.provider, $0) })

    private static let all = hyperscale + perSecond + coarser + finer

    private static func cents(_ value: Int64) -> Money { Money(nanodollars: value * 10_000_000) }

    /// Spot machines reclaimed early, and the least time of a disk.
    private static let hyperscale = onDemandHyperscale.map { rule in
        var rule = rule
        switch rule.provider {
        case "aws":
            rule.freeIfReclaimedWithin = .hours(1)
            rule.storageMinimum = .seconds(60)
        case "gcp": rule.freeIfReclaimedWithin = .seconds(60)
        default: break
        }
        return rule
    }

    private static let onDemandHyperscale = [
        BillingRule(
            provider: "aws", step: .seconds(1), minimum: .seconds(60), minimumAtEachStart: true,
            storagePerGBMonth: cents(8), egressPerGB: cents(9),
            source: "EC2 user guide: per second since 2017-10-02, 60 s minimum, billed while running",
            assumption: "disk as gp3; a spot machine reclaimed in the first hour of its first run is free"),
        BillingRule(
            provider: "gcp", step: .seconds(1), minimum: .seconds(60), minimumAtEachStart: true,
            storagePerGBMonth: cents(10), egressPerGB: cents(12),
            source: "Compute Engine pricing: per second, 1 minute minimum",
            assumption: "disk as balanced persistent disk, us-central1; a spot machine preempted within its first "
                + "minute is free (unverified)"),
        BillingRule(
            provider: "azure", step: .seconds(1), minimum: .seconds(60), minimumAtEachStart: true,
            egressPerGB: Money(nanodollars: 87_000_000), source: "Virtual Machines pricing: billed per second",
            assumption: "minimum of 60 s; an answer on Microsoft's Q&A site says 5 minutes from 2025-06-01. "
                + "Stopped means deallocated: an instance stopped by its guest is still billed"),
    ]

    private static let perSecond = [
        BillingRule(
            provider: "runpod", step: .seconds(1), storagePerGBMonth: cents(10), egressPerGB: .zero,
            source: "docs.runpod.io, accounts and billing: per second while running; disks always",
            assumption: "disk at the container disk's rate"),
        BillingRule(
            provider: "vast", step: .seconds(1),
            source: "docs.vast.ai, pricing: GPU per second while active; storage for every second it exists",
            assumption: "storage and bandwidth are priced by each host: charged where the rental carries its prices"),
        assumedPerSecond("nebius", egressPerGB: .zero),
        assumedPerSecond("verda"),
        assumedPerSecond("novita"),
        assumedPerSecond("salad"),
        assumedPerSecond("spheron", egressPerGB: .zero),
        assumedPerSecond("thundercompute"),
    ]

    private static func assumedPerSecond(_ provider: String, egressPerGB: Money? = nil) -> BillingRule {
        BillingRule(
            provider: provider, step: .seconds(1), egressPerGB: egressPerGB, source: "none found",
            assumption: "billed per second while running, no minimum")
    }

    private static let coarser = [
        BillingRule(
            provider: "lambda", step: .seconds(60), storagePerGBMonth: cents(20), egressPerGB: .zero,
            source: "docs.lambda.ai, billing: per minute from passing health checks until terminated",
            assumption: "disk at the filesystem's rate; started minutes are billed whole"),
        BillingRule(
            provider: "coreweave", step: .seconds(60), billedStates: .sinceAllocation, egressPerGB: .zero,
            source: "docs.coreweave.com, billing: per minute, no minimum; host CPU and memory included",
            assumption: "billed from allocation"),
        BillingRule(
            provider: "hyperstack", step: .seconds(60), egressPerGB: .zero,
            source: "tardellirs/gpu-pricing: per minute", assumption: "billed while running"),
        BillingRule(
            provider: "scaleway", step: .seconds(60), billedStates: .sinceAllocation,
            source: "Scaleway documentation: GPU per minute, start-up included (CPU instances per hour)",
            assumption: "the GPU rule for every instance"),
        BillingRule(
            provider: "fpt", step: .seconds(60), minimum: .seconds(60), billedStates: .sinceAllocation,
            source: "fptcloud.com: per minute, 1 minute minimum", assumption: "a newer page says per second"),
    ]

    private static let finer = [
        BillingRule(
            provider: "akash", step: .seconds(6), billedStates: .always,
            source: "Akash Network discussion 1524: escrow drawn at each block of about 6 s while the lease is open",
            assumption: "blocks of exactly 6 s"),
        BillingRule(
            provider: "tensordock", step: SimulatedDuration(nanoseconds: 1_000),
            source: "TensorDock: pro rata to the microsecond; GPU, vCPU, memory and disk apart",
            assumption: "one price for the whole instance"),
        BillingRule(
            provider: "gpuflow", step: .seconds(1), minimum: .hours(1),
            source: "docs.gpuflow.app: at least an hour, at most 24 hours a rental",
            assumption: "per second after the first hour; the hour is due once, also over pauses"),
    ]
}
