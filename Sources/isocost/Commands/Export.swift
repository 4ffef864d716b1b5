import ArgumentParser
import Foundation
import Planning
import Pricing
import Primitives
import Reports
import Store

/// Writes a stored run to standard output.
struct Export: ParsableCommand {
    enum Format: String, CaseIterable, ExpressibleByArgument { case csv, focus, json }

    static let configuration = CommandConfiguration(
        abstract: "Write a stored run: its figures (csv), its invoice (focus), or everything kept of it (json).")

    @Argument(help: "Number of the run, as `isocost runs` lists it.")
    var id: Int64

    @Option(help: "csv: a row of summary.csv. focus: FOCUS 1.2. json: all that is stored.")
    var format = Format.csv

    @OptionGroup var results: StoreOptions

    func run() throws {
        let stored = try results.open().run(id: id)
        switch format {
        case .csv: print(SummaryCSV.text(of: [stored.run.metrics]), terminator: "")
        case .focus: print(InvoiceCSV.text(of: [(stored.run.metrics, stored.invoice)]), terminator: "")
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(StoredDocument(stored)), as: UTF8.self))
        }
    }
}

/// A stored run as one JSON document.
private struct StoredDocument: Encodable {
    var id: Int64
    var created: String
    var version: String
    var scenario: String
    var workload: String
    var model: String
    var precision: String
    var metrics: RunMetrics
    var pools: [PoolSummary]
    var invoice: [Line]
    var assumptions: [Assumption]
    var warnings: [String]

    struct Line: Encodable {
        var pool: String
        var offer: String
        var description: String
        var cost: String
        var priceObserved: String
    }

    init(_ stored: StoredRunDetail) {
        id = stored.run.id
        created = stored.run.created
        version = stored.result.version
        scenario = stored.result.text
        workload = stored.result.workload
        model = stored.result.model
        precision = stored.result.precision
        metrics = stored.run.metrics
        pools = stored.pools
        invoice = stored.invoice.lines.map {
            Line(
                pool: $0.pool, offer: $0.offerID, description: $0.description, cost: $0.billedCost.description,
                priceObserved: $0.priceObserved)
        }
        assumptions = stored.result.assumptions
        warnings = stored.result.warnings
    }
}
