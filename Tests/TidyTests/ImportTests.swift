import Testing

@Suite struct ImportTests {
    @Test func everyRoomImportsWhatTheTableAllows() {
        #expect(Repository.sources.count > 100, "the sources were not found")
        expectNone(Repository.sources.flatMap(ImportTable.offences), "imports outside the table")
    }

    @Test func everyFolderOfSourcesIsARoomOrASystemLibrary() {
        let known = Set(ImportTable.rooms.map(\.name)).union(ImportTable.systemLibraries)
        #expect(Set(Repository.files.filter { $0.path.hasPrefix("Sources/") }.map(\.room)).isSubset(of: known))
    }

    /// The picture points downwards: nobody imports who imports it.
    @Test func theTableHasNoCycle() {
        var placed: Set<String> = []
        var left = ImportTable.rooms
        while !left.isEmpty {
            let free = left.filter { $0.rooms.isSubset(of: placed) }
            guard !free.isEmpty else { break }
            placed.formUnion(free.map(\.name))
            left.removeAll { placed.contains($0.name) }
        }
        #expect(left.map(\.name) == [])
    }

    @Test func everyPackageHasOneHome() {
        func homes(_ module: String) -> [String] {
            ImportTable.rooms.filter { $0.modules[module] != nil }.map(\.name)
        }
        #expect(homes("GRDB") == ["Store"])
        #expect(homes("Yams") == ["Planning"])
        #expect(homes("ArgumentParser") == ["isocost"])
        #expect(homes("COpenBLAS") == ["Kernels"])
        #expect(homes("CKernels") == ["Kernels"])
        #expect(homes("CZlib") == ["Workloads"])
    }

    @Test(arguments: [
        ("Sources/SimulationCore/Engine/A.swift", "import Foundation", 1),
        ("Sources/SimulationCore/Engine/A.swift", "public import Primitives", 0),
        ("Sources/SimulationCore/Engine/A.swift", "import struct Foundation.URL", 1),
        ("Sources/Workloads/Traces/A.swift", "import Foundation", 0),
        ("Sources/Workloads/Lengths/A.swift", "import Foundation", 1),
        ("Sources/Reports/CSV/A.swift", "@preconcurrency package import GRDB", 1),
        ("Sources/Reports/CSV/A.swift", "// import GRDB", 0),
        ("Sources/Reports/CSV/A.swift", "let word = \"import GRDB\"", 0),
        ("Sources/Planning/Scenario/ScenarioFile.swift", "import Yams", 0),
        ("Sources/Planning/Scenario/Scenario.swift", "import Yams", 1),
        ("Sources/Pricing/Offer.swift", "import Workloads", 1),
        ("Sources/Primitives/Mathematics.swift", "#if canImport(Glibc)\n    import Glibc\n#endif", 0),
        ("Sources/Primitives/Money.swift", "    import Glibc", 1),
        ("Sources/Attic/A.swift", "", 1),
    ])
    func theRuleFindsOffences(path: String, text: String, count: Int) {
        #expect(ImportTable.offences(in: SourceFile(path: path, text: text)).count == count)
    }
}
