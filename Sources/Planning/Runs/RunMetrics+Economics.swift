import Primitives

extension RunMetrics {
    /// Successful ÷ offered requests; `nil` where none was offered.
    public var availability: Double? {
        requestsOffered > 0 ? Double(requestsCompleted) / Double(requestsOffered) : nil
    }

    /// Requests that were never answered.
    public var requestsLost: UInt64 { requestsFailed }

    /// Requests that were answered outside the bounds of their class; `nil` where it is not known.
    public var requestsLate: UInt64? {
        account.map { requestsCompleted >= $0.good ? requestsCompleted - $0.good : 0 }
    }

    /// Minutes below the SLO, in bins of ``RunAccount/binWidth``; `nil` without an SLO.
    public var minutesBelowSLO: Double? { account?.timeBelowSLO.map { $0.seconds / 60 } }

    /// From the first bin below the SLO until the service is back for good bins in a row, in the run's longest such
    /// time (to the end of the run where it is not back); 0 where there was none, `nil` without an SLO.
    public var secondsToRecover: Double? {
        guard let account, account.timeBelowSLO != nil else { return nil }
        return account.longestEpisode?.duration.seconds ?? 0
    }

    /// What a request costs, counted three ways. The allocated cost times the completed requests is the whole bill.
    public var costPerRequestThreeWays: CostPerRequest {
        var cost = CostPerRequest(
            total: self.cost.dollars, split: account?.cost, completed: requestsCompleted, good: account?.good ?? 0)
        cost.perGood = cost.perGood ?? costPerGoodRequest
        return cost
    }

    /// Dollars for work whose results counted ÷ (input + output tokens of completed requests) × 10⁶; `nil` where it is
    /// not known. Its counterpart ``costPerMillionTokens`` is the one to set against an API's price.
    public var usedCostPerMillionTokens: Double? {
        guard let account, let split = account.cost else { return nil }
        let tokens = account.inputTokens + account.outputTokens
        return tokens > 0 ? split.used.dollars / Double(tokens) * 1e6 : nil
    }

    /// Share of the bill for machines that were ready and without work; `nil` where it is not known.
    public var idleCostShare: Double? { account?.cost?.idleShare }

    /// Dollars per hour of the run; `nil` for a run of no time.
    public var costPerHour: Double? { hours > 0 ? cost.dollars / hours : nil }
}
