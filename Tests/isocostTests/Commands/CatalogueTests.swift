import Foundation
import Testing

@Suite struct CatalogueTests {
    @Test func lintPricesWithDates() throws {
        let outcome = try Binary.run("lint", Binary.quickstart, in: TemporaryFolder())
        #expect(outcome.status == 0)
        for words in ["aws/g6e.xlarge/us-east-1", "1.861 $/h", "2026-07-20", "vLLM V1's default", "Assumptions"] {
            #expect(outcome.output.contains(words), "\(words)")
        }
    }

    /// Rows of a listing, without its header and the sources below it.
    private func offers(_ filters: [String]) throws -> [Substring] {
        let outcome = try Binary.run(["prices", "list"] + filters, in: TemporaryFolder())
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.dropFirst().prefix { !$0.isEmpty })
    }

    /// The offers' ids alone: how wide the columns are depends on what else is listed.
    private static func names(_ rows: [Substring]) -> [Substring] {
        rows.compactMap { $0.split(separator: " ").first }
    }

    @Test func pricesAreFiltered() throws {
        let all = try offers([])
        #expect(all.count >= 150)
        let aws = try offers(["--provider", "aws"])
        #expect(!aws.isEmpty && aws.count < all.count && aws.allSatisfy { $0.hasPrefix("aws/") })
        #expect(Self.names(aws) == Self.names(all).filter { $0.hasPrefix("aws/") })
        let accelerated = try offers(["--accelerator", "L40S"])
        #expect(!accelerated.isEmpty && accelerated.allSatisfy { $0.contains("L40S") })
        let here = try offers(["--region", "us-east-1"])
        #expect(!here.isEmpty && here.allSatisfy { $0.contains("/us-east-1 ") })
        let markets = try ["hyperscale", "distributed"].map { try offers(["--market", $0]) }
        #expect(markets.map(\.count).reduce(0, +) == all.count && markets.allSatisfy { !$0.isEmpty })
        let both = try offers(["--accelerator", "L40S", "--market", "distributed"])
        #expect(Set(Self.names(both)) == Set(Self.names(accelerated)).intersection(Self.names(markets[1])))
        #expect(try offers(["--terms", "spot"]).count < all.count)
        #expect(try offers(["--provider", "nobody"]).isEmpty)
    }

    @Test func everyDeviceAndModelIsShown() throws {
        for (kind, least) in [("devices", 20), ("models", 25)] {
            let folder = try TemporaryFolder()
            let list = try Binary.run(kind, "list", in: folder)
            #expect(list.status == 0)
            #expect(try Binary.run(kind, in: folder).output == list.output, "listing is the default")
            let names = list.output.split(separator: "\n").dropFirst().compactMap { $0.split(separator: " ").first }
            #expect(names.count >= least)
            #expect(Set(names).count == names.count)
            for name in names {
                let shown = try Binary.run(kind, "show", String(name), in: folder)
                #expect(shown.status == 0 && shown.output.hasPrefix(name), "\(kind) show \(name): \(shown)")
            }
        }
    }

    @Test func modelOfAConfiguration() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "config.json",
            """
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
             "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
             "vocab_size": 128256, "max_position_embeddings": 131072, "tie_word_embeddings": false,
             "torch_dtype": "bfloat16"}
            """)
        let shown = try Binary.run("models", "show", "config.json", in: folder)
        #expect(shown.status == 0)
        #expect(shown.output.contains("8,030,261,248"), "Llama-3.1-8B's published parameter count: \(shown)")
        try folder.write("config.json", "{\"architectures\": [")
        let broken = try Binary.run("models", "show", "config.json", in: folder)
        #expect(broken.status == 65)
        expectSentence(broken, saying: ["config.json"])
    }

    @Test func priceImportAccountsForEveryRow() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "vms.csv",
            """
            InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region
            one-l4,L4,1,8,32,0.80,0.30,north
            two-l4,L4,2,16,64,1.60,,north

            """)
        let outcome = try Binary.run(
            "prices", "import", "vms.csv", "--provider", "acme", "--observed", "2026-07-20", in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("acme/one-l4/north") && outcome.output.contains("2026-07-20"))
        let missing = try Binary.run("prices", "import", "none.csv", "--provider", "acme", in: folder)
        #expect(missing.status == 66)
        expectSentence(missing, saying: ["none.csv"])
    }
}
