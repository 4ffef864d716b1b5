import Testing

@testable import Pricing

@Suite struct SplitLayoutTests {
    @Test(arguments: [
        ("a2-highgpu-1g", "A100", 1), ("a2-highgpu-8g", "A100", 8), ("a2-megagpu-16g", "A100", 16),
        ("a2-ultragpu-4g", "A100-80GB", 4), ("a3-highgpu-2g", "H100", 2), ("a3-edgegpu-8g", "H100", 8),
        ("a3-megagpu-8g", "H100-MEGA", 8), ("a3-ultragpu-8g", "H200", 8), ("a4-highgpu-8g", "B200", 8),
        ("g2-standard-4", "L4", 1), ("g2-standard-32", "L4", 1), ("g2-standard-24", "L4", 2),
        ("g2-standard-96", "L4", 8),
        ("g4-standard-48", "RTX-PRO-6000", 1), ("g4-standard-384", "RTX-PRO-6000", 8),
    ])
    func machinesComeWithAccelerators(machine: String, name: String, count: Int) throws {
        let found = try #require(SplitLayout.accelerators(of: machine))
        #expect(found.name == name && found.count == count)
    }

    @Test(arguments: [
        "n1-standard-8", "c3-standard-4", "a2-highgpu", "a2-highgpu-xg", "a2-highgpu-17g", "a2-highgpu-0g", "",
        "a2-highgpu-99999999999999999999g", "g4-standard-6", "a2-highgpu-1g-extra",
    ])
    func otherMachinesComeWithNone(machine: String) {
        #expect(SplitLayout.accelerators(of: machine) == nil)
    }

    @Test func talliesCountAndRememberTheFirstLine() {
        var tally = ImportTally<ImportSkip>()
        #expect(tally.total == 0 && tally.descriptions.isEmpty && tally.firstLine(of: .noPrice) == nil)
        tally.add(.fractionalAccelerator, line: 9)
        tally.add(.noPrice, line: 4)
        tally.add(.fractionalAccelerator, line: 2)
        #expect(tally[.fractionalAccelerator] == 2 && tally[.noPrice] == 1 && tally.total == 3)
        #expect(
            tally.descriptions == [
                "1 × no usable price on any terms (first on line 4)",
                "2 × a fraction of an accelerator (first on line 9)",
            ])
    }

    @Test(arguments: [
        ("aws", Market.hyperscale), ("oci", .hyperscale), ("vast", .distributed), ("lambda", .distributed),
    ])
    func marketsOfImportedProviders(provider: String, market: Market) {
        #expect(Market.of(provider: provider) == market)
    }

    @Test func longTextsAreShortenedInErrors() {
        let error = CatalogueError(file: "f", line: 1, column: 2, "odd", text: String(repeating: "x", count: 100))
        #expect(error.text.count == 60 && error.text.hasSuffix("..."))
    }
}
