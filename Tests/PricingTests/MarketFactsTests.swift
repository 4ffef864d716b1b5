import Foundation
import Pricing
import Primitives
import Testing

@Suite struct MarketFactsTests {
    @Test func quantilesAreLinearBetween() throws {
        let spread = try #require(MarketFacts.hostSpread(of: "RTX-4090"))
        for (probability, value) in [
            (0.0, 0.37), (0.1, 0.76), (0.25, 0.89), (0.5, 1), (0.75, 1.28), (1, 4), (-1, 0.37), (2, 4),
        ] {
            #expect(abs(spread.price.value(at: probability) - value) < 1e-12)
        }
        #expect(abs(spread.price.value(at: 0.05) - 0.565) < 1e-12)
        #expect(abs(spread.leastBid.value(at: 0.625) - 0.81) < 1e-12)
        #expect(MarketFacts.hostSpread(of: "T4") == nil)
    }

    @Test func spreadsAscendAroundTheirMedian() {
        for spread in MarketFacts.hostSpreads {
            #expect(spread.price.values == spread.price.values.sorted() && spread.price.value(at: 0.5) == 1)
            #expect(spread.leastBid.values == spread.leastBid.values.sorted() && spread.leastBid.value(at: 1) <= 1)
            #expect(spread.supply.low <= spread.supply.median && spread.supply.median <= spread.supply.high)
            #expect(spread.logSigma > 0 && spread.offers >= 200)
        }
    }

    /// The rules charge a listed price, not one of their own.
    @Test func rulesRatesAreAmongTheListedPrices() {
        for (provider, product) in [
            ("aws", "gp3 volume"), ("gcp", "balanced persistent disk"), ("runpod", "container disk"),
            ("lambda", "filesystem"),
        ] {
            let listed = MarketFacts.storagePrices.first { $0.provider == provider && $0.product == product }
            #expect(listed?.perGBMonth == BillingRule.of(provider: provider).storagePerGBMonth, "\(provider)")
        }
        #expect(MarketFacts.storagePrices.allSatisfy { $0.perGBMonth > .zero && !$0.source.isEmpty })
    }

    @Test func ownersFiguresAreInOrder() {
        for cost in MarketFacts.ownersCosts {
            #expect(cost.hyperscaler < cost.neocloud && cost.kilowatts > 1 && cost.threeYearRental > .zero)
        }
        #expect(MarketFacts.hostStorage == nil && MarketFacts.dearestHostTraffic == dollars("0.06"))
    }

    @Test func shortReservationsAreBelowOnDemandWhereBothAreListed() throws {
        for block in MarketFacts.shortReservations where block.provider == "aws" && block.name != "p5e.48xlarge" {
            let onDemand = try #require(PriceBook.bundled.offer("aws/\(block.name)").onDemandPerHour)
            #expect(block.perHour > .zero && block.perHour < onDemand, "\(block.name)")
        }
        let flex = MarketFacts.shortReservations.filter { $0.product == "DWS flex-start" }
        #expect(flex.map(\.perHour) == ["1.61", "1.85", "4.2", "4.58", "8.06"].map(dollars))
    }

    @Test func movementsAreFoundByTheLongestName() {
        #expect(MarketFacts.amazonMovement(of: "g5.xlarge").dailySigma == 0.0130)
        #expect(MarketFacts.amazonMovement(of: "g5.48xlarge").dailySigma == 0.0291)
        #expect(MarketFacts.amazonMovement(of: "g6e.xlarge").family == "other")
    }
}

/// The literals against the files they were taken from; skipped where the data is absent.
@Suite(.enabled(if: SharedData.isPresent, "needs the shared data: set ISOCOST_SHARED to its folder"))
struct MarketFactsDataTests {
    static func rows(_ file: String) throws -> [[String: String]] {
        let path = try #require(SharedData.folder) + "/data/prices/" + file
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        let header = lines[0].split(separator: ",").map(String.init)
        return lines.dropFirst().map { line in
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(zip(header, cells), uniquingKeysWith: { first, _ in first })
        }
    }

    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        return sorted[low] + (sorted[min(low + 1, sorted.count - 1)] - sorted[low]) * (place - Double(low))
    }

    static let names = [
        "RTX-4090": "RTX_4090", "RTX-5090": "RTX_5090", "A100-80GB": "A100_SXM_80GB", "H200": "H200", "B200": "B200",
        "A100-80GB-PCIe": "A100_PCIE_80GB", "H100-SXM": "H100_SXM", "L40S": "L40S",
    ]

    /// Least bid over on-demand price of the same day, count and country, on the uncapped days.
    @Test func leastBidsAreTheOnesOfTheFile() throws {
        var (asked, bids): ([String: Double], [String: [(key: String, price: Double)]]) = ([:], [:])
        for row in try Self.rows("market-history.csv") where row["provider"] == "vast.ai" {
            guard let date = row["date"], date >= "2026-05-08", date <= "2026-06-05", let model = row["gpu_model"],
                let price = row["price_median"].flatMap(Double.init), price > 0
            else { continue }
            let key = [date, model, row["gpu_count"] ?? "", row["region"] ?? ""].joined(separator: "|")
            if row["rental_type"] == "on_demand" {
                asked[key] = price
            } else {
                bids[model, default: []].append((key, price))
            }
        }
        for spread in MarketFacts.hostSpreads {
            let model = try #require(Self.names[spread.accelerator])
            let ratios = (bids[model] ?? []).compactMap { bid in asked[bid.key].map { bid.price / $0 } }
            for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
                #expect(
                    abs(Self.quantile(ratios, share) - spread.leastBid.value(at: share)) < 0.006, "\(model) \(share)")
            }
        }
    }

    /// Price over the day's median of all hosts; rows of up to three offers give each of them, longer ones three points.
    @Test func hostSpreadsAreTheOnesOfTheFile() throws {
        var days: [String: [String: [Double]]] = [:]
        for row in try Self.rows("market-history.csv")
        where row["provider"] == "vast.ai" && row["rental_type"] == "on_demand" {
            guard let date = row["date"], date >= "2026-05-08", date <= "2026-06-05", let model = row["gpu_model"],
                let low = row["price_min"].flatMap(Double.init), let middle = row["price_median"].flatMap(Double.init),
                let high = row["price_max"].flatMap(Double.init), let count = row["n_offers"].flatMap(Int.init),
                middle > 0
            else { continue }
            days[model, default: [:]][date, default: []] += (0..<count).map { index in
                guard count > 1 else { return middle }
                let place = Double(index) / Double(count - 1)
                return place <= 0.5 ? low + (middle - low) * place * 2 : middle + (high - middle) * (place - 0.5) * 2
            }
        }
        for spread in MarketFacts.hostSpreads {
            let model = try #require(Self.names[spread.accelerator])
            let ratios = try #require(days[model]).values.filter { $0.count >= 3 }.flatMap { prices in
                prices.map { $0 / Self.quantile(prices, 0.5) }
            }
            #expect(ratios.count == spread.offers, "\(model)")
            for share in [0.1, 0.25, 0.5, 0.75, 0.9] {
                #expect(abs(Self.quantile(ratios, share) - spread.price.value(at: share)) < 0.006, "\(model) \(share)")
            }
            let sigma = Mathematics.log(Self.quantile(ratios, 0.8413) / Self.quantile(ratios, 0.1587)) / 2
            #expect(abs(sigma - spread.logSigma) < 0.002, "\(model)")
        }
    }

    /// Root mean square of the log change a day, over observations 1 to 8 days apart.
    @Test(arguments: ["g5.xlarge", "g4dn.xlarge", "p4d.24xlarge", "p5.48xlarge", "c7i.8xlarge"])
    func amazonsMovementsAreTheOnesOfTheFile(type: String) throws {
        var zones: [String: [String: Double]] = [:]
        for row in try Self.rows("aws-spot-history.csv") where row["instance_type"] == type {
            guard let zone = row["availability_zone"], let date = row["date"],
                let spot = row["spot"].flatMap(Double.init)
            else { continue }
            zones[zone, default: [:]][date] = spot
        }
        var squares: [Double] = []
        for history in zones.values.map({ $0.sorted { $0.key < $1.key } }) where history.count >= 20 {
            for (a, b) in zip(history, history.dropFirst()) {
                let days = try Double(Self.day(b.key) - Self.day(a.key))
                guard days <= 8 else { continue }
                let change = Mathematics.log(b.value / a.value)
                squares.append(change * change / days)
            }
        }
        let sigma = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
        #expect(abs(sigma - MarketFacts.amazonMovement(of: type).dailySigma) < 0.0002)
    }

    /// Days since 1970 of an ISO date.
    static func day(_ date: String) throws -> Int {
        let time = try Date.ISO8601FormatStyle().year().month().day().parse(date)
        return Int((time.timeIntervalSince1970 / 86_400).rounded())
    }

    @Test func reservedRatiosAreTheOnesOfTheFile() throws {
        var prices: [String: [String: Double]] = [:]
        for row in try Self.rows("reserved-2026-06-15.csv") {
            guard let sku = row["sku"], let region = row["region"], ["us-east-1", "eastus"].contains(region) else {
                continue
            }
            prices[sku, default: [:]][row["tier"] ?? ""] = row["instance_hour"].flatMap(Double.init)
        }
        var compared = 0
        for (sku, tiers) in prices {
            guard let onDemand = tiers["on_demand"] else { continue }
            for (tier, terms) in [("12mo", PurchaseTerms.reservedOneYear), ("36mo", .reservedThreeYears)] {
                var offer = offer(sku.hasPrefix("Standard") ? "azure" : "aws", "1")
                offer.instanceType = sku
                let ratio = ReservedRatio.of(offer, on: terms)?.thousandths
                #expect(ratio == tiers[tier].map { Int64(($0 / onDemand * 1_000).rounded()) }, "\(sku) \(tier)")
                compared += 1
            }
        }
        #expect(compared >= 30)
    }
}
