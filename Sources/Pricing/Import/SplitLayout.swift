import Primitives

/// Google's catalogue prices a machine and its accelerators on separate rows; the instance is the sum of both in the
/// same zone. This finds the accelerator rows that belong to a machine.
struct SplitLayout {
    enum Join {
        /// The row is priced by itself.
        case alone
        /// Machine and accelerators together; `scaled` where the price of one accelerator was multiplied.
        case whole(CatalogueRow, scaled: Bool)
        /// The machine has accelerators, and none is priced in its zone.
        case missing
    }

    private struct Place: Hashable {
        var zone: String
        var accelerator: String
        var count: Int
    }

    private var accelerators: [Place: CatalogueRow] = [:]
    private var usedLines: Set<Int> = []
    /// Lines of accelerators whose spot price exceeds the price: the latter is not on-demand.
    private(set) var implausible: [Int] = []
    /// Lines of accelerators whose price is marked as not on-demand.
    private(set) var notOnDemand: [Int] = []

    init(_ rows: [CatalogueRow]) {
        for var row in rows where row.instanceType.isEmpty {
            guard let count = Int(exactly: row.acceleratorCount), count > 0 else { continue }
            if row.isNotOnDemand {
                notOnDemand.append(row.line)
                row.price = nil
            } else if let price = row.price, let spot = row.spotPrice, spot > price {
                implausible.append(row.line)
                row.price = nil
            }
            let place = Place(zone: row.place, accelerator: row.accelerator.uppercased(), count: count)
            if accelerators[place] == nil { accelerators[place] = row }
        }
    }

    /// Whether some machine's price includes this accelerator row.
    func used(_ row: CatalogueRow) -> Bool { usedLines.contains(row.line) }

    mutating func join(_ machine: CatalogueRow) -> Join {
        guard !accelerators.isEmpty, machine.accelerator.isEmpty,
            let (name, count) = Self.accelerators(of: machine.instanceType)
        else { return .alone }
        var place = Place(zone: machine.place, accelerator: name, count: count)
        if let row = accelerators[place] { return .whole(combine(machine, row, times: 1), scaled: false) }
        place.count = 1
        guard let row = accelerators[place] else { return .missing }
        return .whole(combine(machine, row, times: Int64(count)), scaled: true)
    }

    private mutating func combine(_ machine: CatalogueRow, _ device: CatalogueRow, times: Int64) -> CatalogueRow {
        usedLines.insert(device.line)
        var whole = machine
        whole.accelerator = device.accelerator
        whole.acceleratorCount = device.acceleratorCount * Double(times)
        whole.acceleratorMemoryMiB = device.acceleratorMemoryMiB
        whole.memoryWasInGigabytes = device.memoryWasInGigabytes
        whole.price = Self.sum(machine.price, device.price, times)
        whole.spotPrice = Self.sum(machine.spotPrice, device.spotPrice, times)
        return whole
    }

    /// Known only where both parts are.
    private static func sum(_ machine: Money?, _ device: Money?, _ times: Int64) -> Money? {
        guard let machine, let device else { return nil }
        guard device.nanodollars <= (Int64.max - machine.nanodollars) / times else { return nil }
        return machine + device * times
    }

    /// What a machine type comes with, as the catalogue names it; `nil` for machines without fixed accelerators.
    static func accelerators(of machine: String) -> (name: String, count: Int)? {
        let parts = machine.split(separator: "-").map(String.init)
        guard parts.count == 3 else { return nil }
        // No machine has more than sixteen; a larger number is not a count.
        let written = parts[2].hasSuffix("g") ? Int(parts[2].dropLast()) : nil
        let count = written.flatMap { (1...16).contains($0) ? $0 : nil }
        switch (parts[0], parts[1], count) {
        case ("a2", "highgpu", let count?), ("a2", "megagpu", let count?): return ("A100", count)
        case ("a2", "ultragpu", let count?): return ("A100-80GB", count)
        case ("a3", "highgpu", let count?), ("a3", "edgegpu", let count?): return ("H100", count)
        case ("a3", "megagpu", let count?): return ("H100-MEGA", count)
        case ("a3", "ultragpu", let count?): return ("H200", count)
        case ("a4", "highgpu", let count?): return ("B200", count)
        case ("g2", "standard", _): return ("L4", ["24": 2, "48": 4, "96": 8][parts[2]] ?? 1)
        case ("g4", "standard", _):
            return ["48": 1, "96": 2, "192": 4, "384": 8][parts[2]].map { ("RTX-PRO-6000", $0) }
        default: return nil
        }
    }
}

extension CatalogueRow {
    /// The zone, or the region where the file has no zones.
    fileprivate var place: String { zone.isEmpty ? region : zone }
}
