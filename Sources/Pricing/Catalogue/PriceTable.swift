import Primitives

/// A block of the bundled price table: rows read from one source on one date.
///
/// Prices are facts copied from the named source; they are examples with a date, never a quotation. Where the source
/// names no instance type, the type reads `<count>x-<accelerator>`; where it names no region, the region is `global`.
/// A median of an even number of zones is the lower of the middle two.
struct PriceSection: Sendable {
    let provider: String
    let market: Market
    /// Where the prices were read; licence in parentheses where the source carries one.
    let source: String
    /// ISO date, or what is known of it.
    let observed: String
    /// One offer a line, eight columns: instance type, region, accelerators, accelerator, vCPUs, memory in GiB,
    /// on-demand and spot dollars per hour of the whole instance. `-` where the source has none.
    let rows: String

    /// The offers of the section. Traps on a malformed row: the table is ours.
    var offers: [Offer] {
        rows.split(separator: "\n").map { line in
            let fields = line.split(separator: " ").map { $0 == "-" ? nil : String($0) }
            precondition(fields.count == 8, "price table row has \(fields.count) columns: \(line)")
            guard let type = fields[0], let region = fields[1], let count = fields[2].flatMap({ Int($0) }) else {
                preconditionFailure("price table row lacks a type, region or count: \(line)")
            }
            return Offer(
                id: "\(provider)/\(type)/\(region)", provider: provider, instanceType: type, region: region,
                market: market, accelerator: fields[3], acceleratorCount: count,
                vCPUs: fields[4].flatMap { Double($0) }, memoryGiB: fields[5].flatMap { Double($0) },
                onDemandPerHour: fields[6].flatMap { Money(decimal: $0) },
                spotPerHour: fields[7].flatMap { Money(decimal: $0) }, source: source, observed: observed)
        }
    }
}

/// The bundled table, in the order in which a lookup without a region prefers its rows.
enum PriceTable {
    static let sections: [PriceSection] = hyperscale + clouds + marketplaces

    private static let hyperscale = [awsWithSpot, awsOnDemand, awsOtherRegions, gcp, gcpNewest, azure]
    private static let clouds = [
        lambda, lambdaMore, nebius, verda, verdaCPU, coreweave, hyperstack, hyperstackMore, jarvislabs, digitalocean,
        thunder, genesis, seeweb,
    ]
    private static let marketplaces = [
        vast, vastUnitedStates, runpod, runpodMore, runpodWithSpot, tensordock, akash, salad, novita,
    ]
}
