import ArgumentParser
import Pricing

/// The price book.
struct Prices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Offers and their dated prices.", subcommands: [List.self, Import.self],
        defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Offers with price, source and date.")

        @Option(help: "Only this provider, e.g. aws.")
        var provider: String?
        @Option(help: "Only this accelerator, e.g. L40S.")
        var accelerator: String?
        @Option(help: "Only this region.")
        var region: String?
        @Option(help: "Only offers on these terms: on-demand, spot, interruptible.")
        var terms: PurchaseTerms?
        @Option(help: "Only this market: hyperscale, distributed.")
        var market: Market?

        func run() throws {
            let filter = OfferFilter(
                provider: provider, accelerator: accelerator, region: region, terms: terms, market: market)
            print(PriceList(PriceBook.bundled.offers(matching: filter)).text, terminator: "")
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a price catalogue in SkyPilot's layout and say what became of every row.",
            discussion: """
                Columns are found by name. To use the offers, name the file in a scenario:
                `prices: [{path: FILE, provider: NAME, observed: DATE}]`.
                """)

        @Argument(help: "A vms.csv.", completion: .file(extensions: ["csv"]))
        var file: String
        @Option(help: "Provider that the offers are named after.")
        var provider: String
        @Option(help: "Date of the prices, e.g. 2026-07-20.")
        var observed = "undated"

        func run() throws {
            try InputError.check(file: file)
            let source = CatalogueSource(provider: provider, file: file, observed: observed)
            let catalogue = try CatalogueImport(path: file, from: source)
            print(PriceList(catalogue.offers).text, terminator: "")
            for line in catalogue.summary { print(line) }
        }
    }
}
