import Pricing

extension Scenario {
    /// The bundled price book with the scenario's own catalogues on top, later ones over earlier ones.
    /// - Throws: ``ScenarioError`` where a file is missing or lists nothing that can be rented; `CatalogueError`, with
    ///   its own position, where a file is malformed.
    func priceBook(_ log: inout AssumptionLog) throws -> PriceBook {
        var book = PriceBook.bundled
        for catalogue in prices {
            let imported = try catalogue.offers(folder: folder)
            let known = book.offers.count
            book.merge(imported.offers)
            let replaced = imported.offers.count - (book.offers.count - known)
            log.note(imported, of: catalogue, replaced: replaced)
        }
        return book
    }
}

extension PriceSettings {
    /// The catalogue's offers, and an account of its rows.
    fileprivate func offers(folder: String) throws -> CatalogueImport {
        let file = try FileLocation.existing(path, in: folder, called: "catalogue")
        guard FileLocation.kind(of: file) == .file else {
            throw path.error(.missingFile, "the catalogue `\(path.value)` is a folder, not a file")
        }
        let origin = CatalogueSource(
            provider: provider, file: file, source: source ?? "imported from \(path.value)", observed: observed)
        let imported = try CatalogueImport(path: file, from: origin)
        guard !imported.offers.isEmpty else {
            let reasons = imported.skipped.descriptions
            throw path.error(
                .conflict,
                "the catalogue `\(path.value)` has no offer that can be rented: "
                    + (reasons.isEmpty ? "it has no row" : reasons.joined(separator: "; ")))
        }
        return imported
    }
}

extension AssumptionLog {
    /// Notes what an import brought, and every reason for which rows were skipped, corrected or read with care.
    fileprivate mutating func note(_ imported: CatalogueImport, of catalogue: PriceSettings, replaced: Int) {
        let offers = "\(imported.offers.count) \(imported.offers.count == 1 ? "offer" : "offers")"
        let over = replaced > 0 ? ", \(replaced) of them in place of offers known before" : ""
        let rows = "\(imported.rows) \(imported.rows == 1 ? "row" : "rows")"
        add(
            Assumption(
                subject: "prices of \(catalogue.path.value)", value: "\(offers) from \(rows)\(over)",
                source: "\(catalogue.source ?? "imported by the scenario"), \(catalogue.observed)", confidence: .given))
        for reason in imported.skipped.descriptions { warn("\(catalogue.path.value), rows skipped: \(reason).") }
        for reason in imported.warnings.descriptions {
            warn("\(catalogue.path.value), rows read with care: \(reason).")
        }
        if !imported.ignoredColumns.isEmpty {
            warn("\(catalogue.path.value), columns not read: \(imported.ignoredColumns.joined(separator: ", ")).")
        }
    }
}
