import Testing

@testable import PerformanceModel

@Suite struct TableTests {
    @Test func columnsAlign() {
        var table = TextTable([("name", .left), ("n", .right)])
        table.add(["é", "1,000"])
        table.add(["longer", "2"])
        #expect(table.text == "name        n\né       1,000\nlonger      2\n")
    }

    @Test(arguments: [
        (0.0, 0, "0"), (1_234_567.0, 0, "1,234,567"), (999.5, 0, "1,000"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"),
        (3.14159, 3, "3.142"), (1_000.05, 1, "1,000.1"), (2.0, 2, "2.00"),
    ])
    func decimals(value: Double, places: Int, text: String) { #expect(decimal(value, places: places) == text) }

    @Test func deviceListing() throws {
        let text = Device.listing([try Device.named("H100-SXM"), try Device.named("EPYC-Milan")])
        #expect(
            text == """
                device      kind  memory GiB   GB/s  16-bit TFLOPS  8-bit TOPS  link GB/s    W  least known
                H100-SXM    gpu         79.6  3,350          989.4     1,978.9        450  700  specified
                EPYC-Milan  cpu        512.0    205              -           -         50  280  assumed

                """)
        #expect(Device.listing().split(separator: "\n").count == Device.all.count + 1)
    }

    @Test func deviceDetailsNameSources() throws {
        let text = try Device.named("H100-SXM").details
        #expect(text.hasPrefix("H100-SXM  (gpu, hopper, 132 multiprocessors)\n"))
        #expect(text.contains("bandwidth     3,350.0  GB/s           specified  2026-11  InferenceX-app"))
        #expect(
            text.hasSuffix("kernel efficiencies: fitted, after H100-SXM (aiconfigurator 095f58a, median error 6.0 %)\n")
        )
    }

    @Test func modelListing() {
        let lines = ModelCatalogue.listing().split(separator: "\n")
        #expect(lines.count == ModelCatalogue.all.count + 1)
        let row =
            "deepseek-v3           671.03 B   36.63 B      61  MLA 128, rank 512+64                1,249.9         70.3"
        #expect(lines.contains(row + "  163,840  2024-12-26"))
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func modelDetails() throws {
        let text = try ModelCatalogue.entry(named: "mixtral-8x7b").details
        #expect(text.contains("experts               2 of 8, 14,336 wide, in 32 layers"))
        #expect(text.contains("bf16             86.99         131,072"))
        #expect(text.contains("source                huggingface.co/mistralai/Mixtral-8x7B-v0.1, 2023-12-11"))
    }
}
