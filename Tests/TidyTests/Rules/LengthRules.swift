/// How long files and functions may be, how many parameters a function takes, and how much is tested and documented.
enum LengthRules {
    static let fileCap = 600
    static let fileMedian = 170
    static let functionCap = 70
    static let function95th = 40
    static let functionMedian = 8
    static let parameterCap = 5
    static let documentedShare = 0.85
    /// The aim is 0.8; the pages and texts of plans and explanations still lack tests of their own.
    static let testShare = 0.74

    /// Catalogues and other tables of data: no cap on their length, and not counted as lines to be tested.
    static let dataTables: Set = [
        "Sources/PerformanceModel/Architectures/ModelCatalogue+Entries.swift",
        "Sources/PerformanceModel/Devices/DeviceCatalogue.swift",
        "Sources/PerformanceModel/StepCost/MeasuredProducts+Table.swift",
        "Sources/Pricing/Catalogue/PriceTable+AWS.swift",
        "Sources/Pricing/Catalogue/PriceTable+Azure.swift",
        "Sources/Pricing/Catalogue/PriceTable+Distributed.swift",
        "Sources/Pricing/Catalogue/PriceTable+GCP.swift",
        "Sources/Reports/HTML/Stylesheet.swift",
        "Sources/Workloads/Synthetic/AzureStatistics.swift",
    ]

    static func longFiles(_ files: [SourceFile]) -> [Offence] {
        files.filter { $0.lines.count > fileCap && !dataTables.contains($0.path) }
            .map { Offence(place: $0.path, detail: "\($0.lines.count) lines, cap \(fileCap)") }
    }

    static func longFunctions(_ files: [SourceFile]) -> [Offence] {
        functions(in: files) { file, function in
            guard function.length > functionCap else { return nil }
            return file.offence(function.line, "\(function.name) has \(function.length) lines, cap \(functionCap)")
        }
    }

    static func manyParameters(_ files: [SourceFile]) -> [Offence] {
        functions(in: files) { file, function in
            guard function.parameters > parameterCap, !function.fillsRecord, !dataTables.contains(file.path) else {
                return nil
            }
            return file.offence(
                function.line, "\(function.name) takes \(function.parameters) parameters, cap \(parameterCap)")
        }
    }

    private static func functions(
        in files: [SourceFile], _ judge: (SourceFile, FunctionFound) -> Offence?
    ) -> [Offence] {
        files.flatMap { file in FunctionScanner.functions(in: file).compactMap { judge(file, $0) } }
    }

    /// The value at nearest rank ⌈share · n⌉; 0 of nothing.
    static func quantile(_ values: [Int], _ share: Double) -> Int {
        guard !values.isEmpty else { return 0 }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.sorted()[max(rank, 1) - 1]
    }

    /// Lines that are not blank.
    static func lines(of files: [SourceFile]) -> Int {
        files.reduce(0) { sum, file in
            sum + file.lines.count { line in !line.allSatisfy(\.isWhitespace) }
        }
    }

    /// `public` declarations of `files`, and those that no documentation comment stands above.
    static func publicDeclarations(_ files: [SourceFile]) -> (count: Int, bare: [Offence]) {
        var (count, bare) = (0, [Offence]())
        for file in files {
            for index in file.code.indices where isPublicDeclaration(file.code[index]) {
                count += 1
                if !isDocumented(index, in: file) { bare.append(file.offence(index)) }
            }
        }
        return (count, bare)
    }

    private static func isPublicDeclaration(_ line: String) -> Bool {
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }
            .drop { $0.hasPrefix("@") }
        guard words.first == "public" || words.first == "open" else { return false }
        return !["import", "extension"].contains(words.dropFirst().first)
    }

    private static func isDocumented(_ index: Int, in file: SourceFile) -> Bool {
        var above = index - 1
        while above >= 0, isAttributeAlone(file.code[above]) { above -= 1 }
        return above >= 0 && file.lines[above].drop(while: \.isWhitespace).hasPrefix("///")
    }

    /// `@inlinable`, or `@available(…)`, with nothing behind it.
    private static func isAttributeAlone(_ line: String) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        return text.first == "@" && (text.last == ")" || text.allSatisfy { !$0.isWhitespace })
    }
}
