public import Planning

extension RunFolder {
    /// Writes a sweep's tables and page: `sweep.csv`, `sweep-points.csv`, `sweep.html`; for a sensitivity analysis the same
    /// under its name, and with one change at a time `…-tornado.csv`. They are replaced together.
    /// - Returns: the paths written.
    /// - Throws: ``OutputError``; earlier files are untouched then.
    @discardableResult
    public func write(_ table: SweepTable) throws -> [String] {
        try create()
        let name = table.sweep.kind.rawValue
        var contents = [
            ("\(name).csv", SweepCSV.runs(table)), ("\(name)-points.csv", SweepCSV.points(table)),
            ("\(name).html", SweepPage.html(of: table)),
        ]
        let sensitivity = Sensitivity(table)
        if !sensitivity.tornados.isEmpty { contents.append(("\(name)-tornado.csv", SweepCSV.tornado(sensitivity))) }
        let files = try contents.map { name, text in
            let file = try AtomicFile(path: self.file(name))
            try file.write(text)
            try file.flush()
            return file
        }
        for file in files { try file.commit() }
        return files.map(\.path)
    }
}
