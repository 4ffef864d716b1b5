extension Device {
    /// The listing of `devices list`: one line per device.
    public static func listing(_ devices: [Device] = all) -> String {
        var table = TextTable([
            ("device", .left), ("kind", .left), ("memory GiB", .right), ("GB/s", .right), ("16-bit TFLOPS", .right),
            ("8-bit TOPS", .right), ("link GB/s", .right), ("W", .right), ("least known", .left),
        ])
        for device in devices {
            let eight = device.compute.fp8 ?? device.compute.int8
            table.add([
                device.name, device.kind.rawValue, decimal(device.memory.value / 1_073_741_824, places: 1),
                decimal(device.bandwidth.value / 1e9),
                device.compute.half.map { decimal($0.value / 1e12, places: 1) } ?? "-",
                eight.map { decimal($0.value / 1e12, places: 1) } ?? "-",
                decimal(device.interconnect.bytesPerSecond.value / 1e9), device.power.map { decimal($0.value) } ?? "-",
                device.worstConfidence.rawValue,
            ])
        }
        return table.text
    }

    /// The page of `devices show`: every figure with unit, confidence, date and source.
    public var details: String {
        var table = TextTable([
            ("figure", .left), ("value", .right), ("unit", .left), ("known", .left), ("date", .left), ("source", .left),
        ])
        for (name, figure, scale, unit) in figures {
            table.add([
                name, decimal(figure.value / scale, places: 1), unit, figure.confidence.rawValue, figure.date,
                figure.source,
            ])
        }
        let units = kind == .cpu ? "cores" : "multiprocessors"
        return "\(name)  (\(kind.rawValue), \(generation.rawValue), \(processors) \(units))\n"
            + table.text + efficiencyNote
    }

    private var figures: [(String, Figure, Double, String)] {
        let rates: [(String, Figure?)] = [
            ("fp32", compute.fp32), ("fp16, bf16", compute.half), ("fp8", compute.fp8), ("int8", compute.int8),
            ("fp4", compute.fp4),
        ]
        var rows: [(String, Figure, Double, String)] = [
            ("memory", memory, 1_073_741_824, "GiB"), ("bandwidth", bandwidth, 1e9, "GB/s"),
        ]
        rows += rates.compactMap { name, figure in figure.map { (name, $0, 1e12, "TFLOPS") } }
        rows.append(("link, \(interconnect.kind.rawValue)", interconnect.bytesPerSecond, 1e9, "GB/s each way"))
        if let power { rows.append(("power", power, 1, "W")) }
        return rows
    }

    private var worstConfidence: Confidence {
        figures.filter { $0.0 != "fp32" }.map(\.1.confidence).max() ?? .assumed
    }

    private var efficiencyNote: String {
        let (efficiency, confidence) = DeviceEfficiency.of(self)
        let law = efficiency.matrices
        let error = law.error.map { ", median error \(decimal($0 * 100, places: 1)) %" } ?? ""
        return "kernel efficiencies: \(confidence.rawValue), after \(efficiency.device) (\(law.source)\(error))\n"
    }
}
