import Pricing
import Primitives
import Testing

@Suite struct BillingRuleTests {
    @Test(arguments: [
        // provider, step in ns, minimum in s, states
        ("aws", 1_000_000_000, 60, InstanceStates.running), ("gcp", 1_000_000_000, 60, .running),
        ("azure", 1_000_000_000, 60, .running), ("runpod", 1_000_000_000, 0, .running),
        ("vast", 1_000_000_000, 0, .running), ("lambda", 60_000_000_000, 0, .running),
        ("coreweave", 60_000_000_000, 0, .sinceAllocation), ("scaleway", 60_000_000_000, 0, .sinceAllocation),
        ("hyperstack", 60_000_000_000, 0, .running), ("fpt", 60_000_000_000, 60, .sinceAllocation),
        ("akash", 6_000_000_000, 0, .always), ("tensordock", 1_000, 0, .running),
        ("nebius", 1_000_000_000, 0, .running), ("verda", 1_000_000_000, 0, .running),
        ("someone new", 1_000_000_000, 0, .sinceAllocation),
    ])
    func rules(provider: String, step: Int64, minimum: Int64, states: InstanceStates) {
        let rule = BillingRule.of(provider: provider)
        #expect(rule.provider == provider)
        #expect(rule.step.nanoseconds == step)
        #expect(rule.minimum == .seconds(minimum))
        #expect(rule.billedStates == states)
    }

    @Test func everyRuleSaysWhereItComesFrom() {
        for provider in BillingRule.knownProviders + ["unheard-of"] {
            let rule = BillingRule.of(provider: provider)
            #expect(!rule.source.isEmpty)
            #expect(rule.source != "none found" || rule.assumption != nil, "\(provider)")
            #expect(rule.billedStates.contains(.busy))
        }
        #expect(BillingRule.knownProviders.count >= 15)
    }

    @Test func namesAreFoundInAnyCaseAndSpelling() {
        #expect(BillingRule.of(provider: "AWS") == .of(provider: "aws"))
        #expect(BillingRule.of(provider: "Vast.ai") == .of(provider: "vast"))
        #expect(BillingRule.of(provider: "elsewhere") == .unknown(provider: "elsewhere"))
    }

    @Test func eachStartHasItsMinimumWhereTheProviderSaysSo() {
        let aws = BillingRule.of(provider: "aws")
        #expect(aws.billedTime(metered: .seconds(70), starts: 3) == .seconds(180))
        #expect(aws.billedTime(metered: .seconds(200), starts: 3) == .seconds(200))
        #expect(BillingRule.of(provider: "fpt").billedTime(metered: .seconds(70), starts: 3) == .seconds(120))
    }

    @Test func stoppedAndPausedTimeIsFreeOfComputeExceptUnderALease() {
        for provider in BillingRule.knownProviders where provider != "akash" {
            let states = BillingRule.of(provider: provider).billedStates
            #expect(!states.contains(.stopped) && !states.contains(.paused), "\(provider)")
        }
    }

    @Test func statesAreSetsOfSingleBits() {
        #expect(InstanceStates.always == InstanceStates(InstanceState.allCases.map { InstanceStates($0) }))
        #expect(InstanceStates.running.isStrictSubset(of: .sinceAllocation))
        #expect(!InstanceStates.running.contains(.provisioning))
    }

    @Test func egressIsChargedPerByteRoundedOnce() {
        let aws = BillingRule.of(provider: "aws")
        #expect(aws.egressCharge(for: .gigabytes(140)) == dollars("12.6"))
        // A byte at .09 $/GB is .09 nano-dollars; 50 are 4.5, which is even at 4.
        #expect(aws.egressCharge(for: ByteCount(bytes: 1)) == .zero)
        #expect(aws.egressCharge(for: ByteCount(bytes: 50)).nanodollars == 4)
        #expect(BillingRule.of(provider: "runpod").egressCharge(for: .gigabytes(140)) == .zero)
    }
}
