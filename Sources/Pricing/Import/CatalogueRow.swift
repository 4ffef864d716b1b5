import Primitives

/// One row of a catalogue as written, with numbers read and nothing interpreted.
struct CatalogueRow {
    var line: Int
    var provider: String
    /// Empty on rows that price an accelerator alone.
    var instanceType: String
    var region: String
    var zone: String
    /// The list's own spelling; empty for CPU only.
    var accelerator: String
    var acceleratorCount: Double
    var vCPUs: Double?
    var memoryGiB: Double?
    /// Whether vCPUs or memory are written as something other than a number; they describe, so the row still counts.
    var shapeIsUnreadable: Bool
    /// Of one accelerator, as far as the row says.
    var acceleratorMemoryMiB: Double?
    /// Whether the memory was given in gigabytes under a name that says MiB.
    var memoryWasInGigabytes: Bool
    var price: Money?
    var spotPrice: Money?
    /// What `Price` is, where a column says; empty means on-demand.
    var priceBasis: String
    var observed: String
}

/// Where each column of a catalogue stands, by name.
struct CatalogueColumns {
    private let index: [String: Int]
    private let source: CatalogueSource
    /// Columns that the importer has no use for, in file order.
    let ignored: [String]

    private static let known: Set<String> = [
        "instancetype", "acceleratorname", "acceleratorcount", "vcpus", "memorygib", "gpuinfo", "price", "spotprice",
        "region", "availabilityzone", "pricebasis", "cloud", "observed",
    ]
    private static let required = ["InstanceType", "Price", "Region"]

    init(header: [CSVField], source: CatalogueSource) throws(CatalogueError) {
        var index: [String: Int] = [:]
        var ignored: [String] = []
        for (position, field) in header.enumerated() {
            let name = field.text.lowercased()
            guard Self.known.contains(name) else {
                ignored.append(field.text)
                continue
            }
            guard index[name] == nil else { throw source.error(at: field, "column named twice") }
            index[name] = position
        }
        if let missing = Self.required.first(where: { index[$0.lowercased()] == nil }) {
            throw CatalogueError(file: source.file, line: 1, column: 1, "no column \(missing) in the header")
        }
        self.index = index
        self.ignored = ignored
        self.source = source
    }

    /// Reads the numbers of a record.
    /// - Precondition: the record is as long as the header.
    func row(_ record: [CSVField]) throws(CatalogueError) -> CatalogueRow {
        let provider = text("cloud", record).lowercased()
        let gpu = try gpuInfo(record)
        let count = try number("acceleratorcount", record)
        let (cpus, memory) = (shape("vcpus", record), shape("memorygib", record))
        var row = CatalogueRow(
            line: record[0].line, provider: provider.isEmpty ? source.provider : provider,
            instanceType: text("instancetype", record), region: text("region", record),
            zone: text("availabilityzone", record), accelerator: text("acceleratorname", record),
            acceleratorCount: count ?? 0, vCPUs: cpus.value, memoryGiB: memory.value,
            shapeIsUnreadable: cpus.isUnreadable || memory.isUnreadable, acceleratorMemoryMiB: gpu?.memoryMiB,
            memoryWasInGigabytes: false, price: try money("price", record),
            spotPrice: try money("spotprice", record), priceBasis: text("pricebasis", record),
            observed: text("observed", record))
        if row.observed.isEmpty { row.observed = source.observed }
        // A named accelerator is there at least once, whatever the count columns leave out.
        if row.acceleratorCount == 0, !row.accelerator.isEmpty { row.acceleratorCount = max(1, gpu?.count ?? 1) }
        row.settleMemory()
        return row
    }

    private func field(_ name: String, _ record: [CSVField]) -> CSVField? { index[name].map { record[$0] } }

    private func text(_ name: String, _ record: [CSVField]) -> String {
        field(name, record)?.text.trimmed ?? ""
    }

    /// A number from 0 to 10⁹; `nil` for an empty cell. Quotes around it are part of some sources' text.
    private func number(_ name: String, _ record: [CSVField]) throws(CatalogueError) -> Double? {
        guard let field = field(name, record), !field.text.trimmed.isEmpty else { return nil }
        guard let value = finiteDecimal(field.text.trimmed.filter { $0 != "'" }), (0...1e9).contains(value) else {
            throw source.error(at: field, "number from 0 to 10⁹ expected")
        }
        return value
    }

    /// A number that only describes the machine.
    private func shape(_ name: String, _ record: [CSVField]) -> (value: Double?, isUnreadable: Bool) {
        do { return (try number(name, record), false) } catch { return (nil, true) }
    }

    private func money(_ name: String, _ record: [CSVField]) throws(CatalogueError) -> Money? {
        guard let field = field(name, record), !field.text.trimmed.isEmpty else { return nil }
        guard let price = Money(decimal: field.text.trimmed), price >= .zero else {
            throw source.error(at: field, "price in dollars expected")
        }
        return price
    }

    /// What `GpuInfo` says beyond the other columns; `nil` for an empty cell or a bare name.
    private func gpuInfo(_ record: [CSVField]) throws(CatalogueError) -> (count: Double?, memoryMiB: Double?)? {
        guard let field = field("gpuinfo", record), field.text.trimmed.hasPrefix("{") else { return nil }
        var parser = LiteralParser(field.text)
        do {
            let gpu = try parser.parse()["Gpus"]?.first
            return (gpu?["Count"]?.number, gpu?["MemoryInfo"]?["SizeInMiB"]?.number)
        } catch {
            throw source.error(at: field, "\(error.problem), at character \(error.offset + 1) of GpuInfo")
        }
    }
}

extension CatalogueRow {
    /// Brings the memory of one accelerator to MiB: some lists write gigabytes under that name, and Vast writes the
    /// total of all accelerators (in an early layout also in the column of the host's memory).
    fileprivate mutating func settleMemory() {
        guard var memory = acceleratorMemoryMiB, memory > 0 else {
            acceleratorMemoryMiB = nil
            return
        }
        if memory < 2_048 {
            memory *= 1_024
            memoryWasInGigabytes = true
        }
        if provider == "vast", acceleratorCount > 1 { memory /= acceleratorCount }
        acceleratorMemoryMiB = memory
    }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    var trimmed: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        guard let start = firstIndex(where: { !isSpace($0) }), let end = lastIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(self[start...end])
    }
}
