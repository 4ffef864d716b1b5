import Primitives

/// Offers read from a catalogue in SkyPilot's layout (`vms.csv`), and an account of every row.
///
/// Columns are found by name. `InstanceType`, `Price` and `Region` are needed; `SpotPrice`, `AcceleratorName`,
/// `AcceleratorCount`, `vCPUs`, `MemoryGiB`, `GpuInfo` (a Python or JSON dictionary, or a bare name),
/// `AvailabilityZone`, `PriceBasis`, `Cloud` and `Observed` are used where present. Prices are dollars per hour of the
/// whole instance. Google's split layout, machine and accelerator on separate rows, is joined by zone.
///
/// ``rows`` = ``becameOffers`` + ``merged`` + ``joined`` + ``skipped``.total: nothing is dropped silently.
public struct CatalogueImport: Sendable, Equatable {
    /// In the order of their first rows.
    public private(set) var offers: [Offer] = []
    /// Records after the header.
    public private(set) var rows = 0
    /// Rows folded into the offer of an earlier row: another zone, or the same offer again.
    public private(set) var merged = 0
    /// Accelerator rows whose price went into machines' offers.
    public private(set) var joined = 0
    /// Rows that became no part of any offer, by reason.
    public private(set) var skipped = ImportTally<ImportSkip>()
    /// A row may have several warnings, or none.
    public private(set) var warnings = ImportTally<ImportWarning>()
    /// Columns that the importer has no use for, in file order.
    public private(set) var ignoredColumns: [String] = []

    /// Rows that started an offer.
    public var becameOffers: Int { offers.count }

    /// The account in sentences: rows first, then one line per reason for skipping and per warning.
    public var summary: [String] {
        let rowsOf = "\(rows) rows: \(becameOffers) offers, \(merged) merged into one of them, "
        return [rowsOf + "\(joined) joined to machines, \(skipped.total) skipped"]
            + skipped.descriptions.map { "skipped: \($0)" } + warnings.descriptions.map { "note: \($0)" }
    }

    /// Where an offer of the file being read stands, and the zone of its first row.
    private struct Place: Equatable {
        var index: Int
        var zone: String
    }

    /// By lower-cased id, while reading; empty afterwards.
    private var places: [String: Place] = [:]

    /// Reads a whole file's bytes.
    /// - Throws: ``CatalogueError`` with file, line and column, at the first malformed cell.
    public init(bytes: [UInt8], from source: CatalogueSource) throws(CatalogueError) {
        var reader = CSVReader(bytes: bytes, file: source.file)
        guard let header = try reader.next() else {
            throw CatalogueError(file: source.file, line: 1, column: 1, "empty file")
        }
        let columns = try CatalogueColumns(header: header, source: source)
        ignoredColumns = columns.ignored
        var read: [CatalogueRow] = []
        while let record = try reader.next() {
            guard record.count == header.count else {
                let problem = "\(record.count) fields where the header has \(header.count)"
                throw CatalogueError(file: source.file, line: record[0].line, column: 1, problem)
            }
            read.append(try columns.row(record))
        }
        rows = read.count
        take(read, source)
        places = [:]
    }

    /// Reads a whole file's text.
    /// - Throws: ``CatalogueError`` with file, line and column, at the first malformed cell.
    public init(text: String, from source: CatalogueSource) throws(CatalogueError) {
        try self.init(bytes: Array(text.utf8), from: source)
    }

    private mutating func take(_ read: [CatalogueRow], _ source: CatalogueSource) {
        var layout = SplitLayout(read)
        for row in read where !row.instanceType.isEmpty {
            guard !row.instanceType.slug.isEmpty else {
                skipped.add(.noInstanceType, line: row.line)
                continue
            }
            switch layout.join(row) {
            case .alone: add(row, source)
            case .whole(let whole, let scaled):
                if scaled { warnings.add(.acceleratorScaled, line: row.line) }
                add(whole, source)
            case .missing: skipped.add(.machineWithoutAccelerator, line: row.line)
            }
        }
        for row in read where row.instanceType.isEmpty {
            if layout.used(row) {
                joined += 1
            } else {
                skipped.add(row.accelerator.isEmpty ? .noInstanceType : .acceleratorWithoutMachine, line: row.line)
            }
        }
        for row in read where row.instanceType.isEmpty && row.shapeIsUnreadable {
            warnings.add(.unreadableShape, line: row.line)
        }
        for line in layout.implausible { warnings.add(.spotAboveOnDemand, line: line) }
        for line in layout.notOnDemand { warnings.add(.notOnDemandPrice, line: line) }
    }

    private mutating func add(_ row: CatalogueRow, _ source: CatalogueSource) {
        var offer = described(row, source)
        settlePrices(&offer, row)
        guard row.acceleratorCount == row.acceleratorCount.rounded() else {
            return skipped.add(.fractionalAccelerator, line: row.line)
        }
        guard offer.onDemandPerHour != nil || offer.spotPerHour != nil else {
            return skipped.add(.noPrice, line: row.line)
        }
        let key = offer.id.lowercased()
        if let place = places[key] {
            merged += 1
            warnings.add(place.zone == row.zone ? .duplicate : .zonesMerged, line: row.line)
            offers[place.index].fold(in: offer)
        } else {
            places[key] = Place(index: offers.count, zone: row.zone)
            offers.append(offer)
        }
    }

    /// Everything but the prices.
    private mutating func described(_ row: CatalogueRow, _ source: CatalogueSource) -> Offer {
        if row.region.slug.isEmpty { warnings.add(.noRegion, line: row.line) }
        if row.shapeIsUnreadable { warnings.add(.unreadableShape, line: row.line) }
        if row.memoryWasInGigabytes { warnings.add(.memoryInGigabytes, line: row.line) }
        let region = row.region.slug.isEmpty ? "global" : row.region
        var id = "\(row.provider)/\(row.instanceType.slug)/\(region.slug)"
        if source.zones == .separate, !row.zone.isEmpty { id += "/\(row.zone.slug)" }
        return Offer(
            id: id, provider: row.provider, instanceType: row.instanceType, region: region,
            market: .of(provider: row.provider), accelerator: accelerator(row),
            acceleratorCount: row.accelerator.isEmpty ? 0 : Int(exactly: row.acceleratorCount.rounded()) ?? 0,
            vCPUs: row.vCPUs, memoryGiB: hostMemory(row), onDemandPerHour: nil, source: source.source,
            observed: row.observed)
    }

    private mutating func accelerator(_ row: CatalogueRow) -> String? {
        guard !row.accelerator.isEmpty else { return nil }
        let resolved = AcceleratorName.resolve(
            .init(
                name: row.accelerator, memoryMiB: row.acceleratorMemoryMiB, instanceType: row.instanceType,
                provider: row.provider))
        if resolved.assumption != nil { warnings.add(.accelerator, line: row.line) }
        return resolved.name
    }

    private mutating func hostMemory(_ row: CatalogueRow) -> Double? {
        guard row.provider == "vast", let memory = row.memoryGiB, let device = row.acceleratorMemoryMiB,
            abs(memory * 1_024 - device) <= device / 100
        else { return row.memoryGiB }
        warnings.add(.hostMemoryIsAccelerators, line: row.line)
        return nil
    }

    /// Zero means none; a spot price that is not below on-demand means that none is sold.
    private mutating func settlePrices(_ offer: inout Offer, _ row: CatalogueRow) {
        offer.onDemandPerHour = row.price.flatMap { $0 > .zero ? $0 : nil }
        offer.spotPerHour = row.spotPrice.flatMap { $0 > .zero ? $0 : nil }
        if row.spotPrice == .zero { warnings.add(.spotZero, line: row.line) }
        if row.isNotOnDemand {
            warnings.add(.notOnDemandPrice, line: row.line)
            offer.onDemandPerHour = nil
        }
        if row.provider == "mithril", offer.spotPerHour != nil {
            warnings.add(.auctionReserve, line: row.line)
            offer.onDemandPerHour = nil
        }
        guard let spot = offer.spotPerHour, let onDemand = offer.onDemandPerHour, spot >= onDemand else { return }
        // Some lists round the two differently: a tenth of a percent is no difference.
        let equal = spot - onDemand <= onDemand.scaled(by: 1, over: 1_000)
        warnings.add(equal ? .spotEqualsOnDemand : .spotAboveOnDemand, line: row.line)
        offer.spotPerHour = nil
    }
}

extension CatalogueRow {
    /// Whether a column says that the price belongs to some other way of buying.
    var isNotOnDemand: Bool { !["", "on_demand", "zero_vm_price"].contains(priceBasis) }
}

extension Offer {
    /// Folds in another row of the same offer: a newer date replaces, the same date keeps the lower of each price.
    fileprivate mutating func fold(in other: Offer) {
        if other.observed != observed {
            if other.observed > observed { self = other }
            return
        }
        onDemandPerHour = [onDemandPerHour, other.onDemandPerHour].compactMap { $0 }.min()
        spotPerHour = [spotPerHour, other.spotPerHour].compactMap { $0 }.min()
        if let spot = spotPerHour, let onDemand = onDemandPerHour, spot >= onDemand { spotPerHour = nil }
    }
}

extension String {
    /// Letters, digits and `.`, `_`, `:`, `-`, `$`, `+`; everything else becomes one `-` between words.
    fileprivate var slug: String {
        split { !($0.isLetter || $0.isNumber || "._:-$+".contains($0)) }.joined(separator: "-")
    }
}
