import Pricing
import Primitives
import Testing

/// Extracts in each column order met in the wild, written for this test.
struct CatalogueExtract: Sendable, CustomTestStringConvertible {
    let layout: String
    let provider: String
    let text: String
    /// Id, accelerator and count, on-demand and spot price of each offer in order, `–` for none.
    let offers: [String]
    var testDescription: String { layout }

    static func gpu(_ name: String, _ mib: Int, count: String = "1") -> String {
        "\"{'Gpus': [{'Name': '\(name)', 'Manufacturer': 'NVIDIA', 'Count': \(count), 'MemoryInfo': "
            + "{'SizeInMiB': \(mib)}}], 'TotalGpuMemoryInMiB': \(mib)}\""
    }

    static let all = [
        CatalogueExtract(
            layout: "aws v9", provider: "aws",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,\
                AvailabilityZone,Arch,LocalDiskType,NVMeSupported,LocalDiskSize,LocalDiskCount
                g6e.xlarge,L40S,1.0,4.0,32.0,\(gpu("L40S", 45_776)),1.861,1.0956,us-east-1,use1-az1,x86_64,ssd,True,250.0,1.0
                g6e.xlarge,L40S,1.0,4.0,32.0,\(gpu("L40S", 45_776)),1.861,.8548,us-east-1,use1-az2,x86_64,ssd,True,250.0,1.0
                c7i.8xlarge,,,32.0,64.0,,1.428,,us-east-1,use1-az1,x86_64,,,,
                p5e.48xlarge,H200,8.0,192.0,2048.0,\(gpu("H200", 144_384, count: "8")),,19.2257,us-east-2,use2-az1,x86_64,,,,
                """,
            offers: [
                "aws/g6e.xlarge/us-east-1 1 L40S 1.861 0.8548", "aws/c7i.8xlarge/us-east-1 0 – 1.428 –",
                "aws/p5e.48xlarge/us-east-2 8 H200 – 19.2257",
            ]),
        CatalogueExtract(
            layout: "azure v5", provider: "azure",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,Generation
                Standard_NC24ads_A100_v4,A100-80GB,1,24.0,220,A100-80GB,3.673,0.61082,eastus,"V1,V2"
                """, offers: ["azure/Standard_NC24ads_A100_v4/eastus 1 A100-80GB 3.673 0.61082"]),
        CatalogueExtract(
            layout: "gcp v5-v9", provider: "gcp",
            text: """
                InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice
                a2-highgpu-1g,12.0,85.0,,,,us-central1,us-central1-a,0.7,0.4
                a2-highgpu-2g,24.0,170.0,,,,us-central1,us-central1-a,1.4,0.8
                n2-standard-8,8.0,32.0,,,,us-central1,us-central1-a,0.388472,0.18424
                ,,,A100,1,{'Gpus': [{'MemoryInfo': {'SizeInMiB': 40960}}]},us-central1,us-central1-a,2.9,1.5
                """,
            offers: [
                "gcp/a2-highgpu-1g/us-central1 1 A100-40GB 3.6 1.9",
                "gcp/a2-highgpu-2g/us-central1 2 A100-40GB 7.2 3.8",
                "gcp/n2-standard-8/us-central1 0 – 0.388472 0.18424",
            ]),
        CatalogueExtract(
            layout: "runpod v5", provider: "runpod",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Region,SpotPrice,Price
                1x_A100-80GB_SECURE,A100-80GB,1.0,8.0,80.0,A100-80GB,CA,,1.99
                """, offers: ["runpod/1x_A100-80GB_SECURE/CA 1 A100-80GB 1.99 –"]),
        CatalogueExtract(
            layout: "runpod v8", provider: "runpod",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Region,SpotPrice,Price,AvailabilityZone,GpuInfo
                2x_H100-NVL_SECURE,H100-NVL,2.0,32.0,188.0,US,6.38,6.38,US-CA-1,\(gpu("H100 NVL", 94, count: "2"))
                1x_A100-80GB_SECURE,A100-80GB,1.0,8.0,117.0,US,0.82,1.64,US-TX-1,\(gpu("A100 PCIe", 80))
                """,
            offers: [
                "runpod/2x_H100-NVL_SECURE/US 2 H100-NVL 6.38 –", "runpod/1x_A100-80GB_SECURE/US 1 A100-80GB 1.64 0.82",
            ]),
        CatalogueExtract(
            layout: "lambda, shadeform, nebius, cudo, seeweb, lium, fluidstack", provider: "cudo",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
                broadwell-v100_4x1v2gb,V100,1.0,2,4,1.010000,us-newyork-1,\(gpu("V100", 16_384, count: "'1.0'")),
                rec3,RTXA6000,4,64.0,238.0,4.760000000100001,generic_1,\(gpu("RTXA6000", 49_152, count: "4")),
                """,
            offers: [
                "cudo/broadwell-v100_4x1v2gb/us-newyork-1 1 V100 1.01 –", "cudo/rec3/generic_1 4 A6000 4.76 –",
            ]),
        CatalogueExtract(
            layout: "vast v5", provider: "vast",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice
                2x-A100_SXM4-32-65536,A100,2,32,80.0,1.87,"Montana, US, NA",\(gpu("A100", 163_840, count: "2")),0.00
                2x-A100_SXM4-16-65536,A100,2,32,64.0,1.5,", CA, NA",\(gpu("A100", 81_920, count: "2")),1.2
                """,
            offers: [
                "vast/2x-A100_SXM4-32-65536/Montana-US-NA 2 A100-80GB 1.87 –",
                "vast/2x-A100_SXM4-16-65536/CA-NA 2 A100-40GB 1.5 1.2",
            ]),
        CatalogueExtract(
            layout: "hyperbolic v8", provider: "hyperbolic",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,StorageGiB,Price,Region,GpuInfo,SpotPrice
                1x-H100-75-722,H100,1,75,722,800,1.29,default,\(gpu("H100", 81_559)),
                """, offers: ["hyperbolic/1x-H100-75-722/default 1 H100-SXM 1.29 –"]),
        CatalogueExtract(
            layout: "primeintellect, verda v8", provider: "verda",
            text: """
                InstanceType,UpstreamCloudId,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,Price,SpotPrice
                2B300.60V,x,60,550,B300,2,\(gpu("B300", 268_800, count: "2")),FIN-03,,4.893
                """, offers: ["verda/2B300.60V/FIN-03 2 B300 – 4.893"]),
        CatalogueExtract(
            layout: "mithril v8", provider: "mithril",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,SpotPrice,Region,GpuInfo
                h100-80gb.sxm.8x,H100,8,168,1814,8,8,us-central2-a,\(gpu("H100", 81_920, count: "8"))
                """, offers: ["mithril/h100-80gb.sxm.8x/us-central2-a 8 H100-SXM – 8"]),
        CatalogueExtract(
            layout: "yotta, jarvislabs v8", provider: "yotta",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Region,SpotPrice,Price
                1x14v119g_RTX_5090,RTX5090,1,14,119,\(gpu("RTX5090", 32_607)),us-east-2,,0.65
                """, offers: ["yotta/1x14v119g_RTX_5090/us-east-2 1 RTX-5090 0.65 –"]),
        CatalogueExtract(
            layout: "hyperstack v8", provider: "hyperstack",
            text: """
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,Region,SpotPrice
                n3-H100x1,H100-80G-PCIe,1,28,180,"{'Gpus': [{'Name': 'H100', 'Manufacturer': None, 'Count': 1, \
                'MemoryInfo': {'SizeInMiB': 81920}}], 'TotalGpuMemoryInMiB': 81920}",1.9,CANADA-1,
                """, offers: ["hyperstack/n3-H100x1/CANADA-1 1 H100-PCIe 1.9 –"]),
        CatalogueExtract(
            layout: "scaleway v5", provider: "scaleway",
            text: """
                AvailabilityZone,InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,Price,SpotPrice
                fr-par-2,GPU-3070-S,8,16,RTX 3070,1,\(gpu("NVIDIA GeForce RTX 3070", 8_192)),fr-par,0.98,
                """, offers: ["scaleway/GPU-3070-S/fr-par 1 RTX-3070 0.98 –"]),
        CatalogueExtract(
            layout: "spheron v8", provider: "spheron",
            text: #"""
                InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,Provider
                H100_1,H100_PCIE_BAREMETAL,1,16,192,"{""Gpus"": [{""Name"": ""H100"", ""Count"": 1, ""MemoryInfo"": {""SizeInMiB"": 81920}, ""TotalGpuMemoryInMiB"": 81920}]}",2.6268,,Finland 3,sesterce
                """#, offers: ["spheron/H100_1/Finland-3 1 H100-PCIe 2.6268 –"]),
    ]
}

@Suite struct CatalogueImportTests {
    func load(
        _ text: String, provider: String = "p", zones: CatalogueSource.Zones = .merged
    ) throws -> CatalogueImport {
        let source = CatalogueSource(provider: provider, file: "vms.csv", observed: "2026-07-20", zones: zones)
        return try CatalogueImport(text: text, from: source)
    }

    func brief(_ offer: Offer) -> String {
        let prices = [offer.onDemandPerHour, offer.spotPerHour].map { $0?.description ?? "–" }
        return "\(offer.id) \(offer.acceleratorCount) \(offer.accelerator ?? "–") \(prices.joined(separator: " "))"
    }

    @Test(arguments: CatalogueExtract.all, [false, true])
    func everyColumnOrderReadsAlike(_ extract: CatalogueExtract, windows: Bool) throws {
        let lines = extract.text.split(separator: "\n")
        let text = windows ? "\u{FEFF}" + lines.joined(separator: "\r\n") + "\r\n" : extract.text
        let imported = try load(text, provider: extract.provider)
        #expect(imported.offers.map(brief) == extract.offers)
        #expect(imported.rows == lines.count - 1)
        #expect(imported.rows == imported.becameOffers + imported.merged + imported.joined + imported.skipped.total)
        #expect(imported.offers.allSatisfy { $0.source == "imported from vms.csv" && $0.observed == "2026-07-20" })
    }

    @Test func vastsEarlyLayoutPutsTheAcceleratorsMemoryInTheHostsColumn() throws {
        let extract = try #require(CatalogueExtract.all.first { $0.layout == "vast v5" })
        let imported = try load(extract.text, provider: "vast")
        #expect(imported.offers.map(\.memoryGiB) == [nil, 64])
        #expect(imported.warnings[.hostMemoryIsAccelerators] == 1 && imported.warnings[.spotZero] == 1)
    }

    static let head =
        "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone"

    /// One row under the common header, and the warning it must raise.
    @Test(arguments: [
        ("a,L4,1,4,16,,1,0.00,r,", ImportWarning.spotZero, "1 –"), ("a,L4,1,4,16,,1,1,r,", .spotEqualsOnDemand, "1 –"),
        ("a,L4,1,4,16,,1.0001,1.0002,r,", .spotEqualsOnDemand, "1.0001 –"),
        ("a,L4,1,4,16,,1,1.5,r,", .spotAboveOnDemand, "1 –"), ("a,H100,1,4,16,,1,,r,", .accelerator, "1 –"),
        ("a,L4,1,4,16,,1,.5,,", .noRegion, "1 0.5"), ("a,L4,1,{'x'},16,,1,,r,", .unreadableShape, "1 –"),
        ("a,L4,1,4,16,{'Gpus': [{'MemoryInfo': {'SizeInMiB': 24}}]},1,,r,", .memoryInGigabytes, "1 –"),
    ])
    func trapsAreWarnings(row: String, warning: ImportWarning, prices: String) throws {
        let imported = try load(Self.head + "\n" + row)
        #expect(imported.warnings[warning] == 1)
        #expect(imported.warnings.total == 1)
        #expect(imported.warnings.firstLine(of: warning) == 2)
        let offer = try #require(imported.offers.first)
        #expect(brief(offer).hasSuffix(prices))
        #expect(imported.summary.count == 2 && imported.summary[1].contains(warning.rawValue))
    }

    @Test(arguments: [
        ("a,L4,1,4,16,,,,r,", ImportSkip.noPrice), ("a,L4,1,4,16,,0,0.0,r,", .noPrice),
        ("g6f.large,L4,0.125,2,8,,.202,.06,r,", .fractionalAccelerator), (",,,4,16,,1,,r,", .noInstanceType),
        ("///,,,4,16,,1,,r,", .noInstanceType), (",tpu-v5,1,,,tpu-v5,307.2,76.2,r,z", .acceleratorWithoutMachine),
    ])
    func unusableRowsAreCounted(row: String, reason: ImportSkip) throws {
        let imported = try load(Self.head + "\n" + row + "\nb,,,1,1,,1,,r,")
        #expect(imported.skipped[reason] == 1 && imported.skipped.total == 1)
        #expect(imported.skipped.firstLine(of: reason) == 2)
        #expect(imported.offers.map(\.instanceType) == ["b"])
        #expect(imported.rows == 2)
    }

    @Test(arguments: [
        ("a,L4,,4,16,,1,,r,", 1), ("a,L4,0,4,16,,1,,r,", 1), ("a,L4,'2.0',4,16,,1,,r,", 2),
        ("a,L4,,4,16,{'Gpus': [{'Count': '4.0'}]},1,,r,", 4), ("a,,,4,16,,1,,r,", 0),
    ])
    func acceleratorsAreCountedHoweverWritten(row: String, count: Int) throws {
        #expect(try load(Self.head + "\n" + row).offers.map(\.acceleratorCount) == [count])
    }

    @Test func zonesMergeAtTheLowestPriceOrStayApart() throws {
        let text =
            Self.head + """

                t,L4,1,4,16,,1,.9,east,e1
                t,L4,1,4,16,,1,.3,east,e2
                t,L4,1,4,16,,1,1,east,e3
                t,L4,1,4,16,,1,.6,west,w1
                """
        let merged = try load(text)
        #expect(merged.offers.map(brief) == ["p/t/east 1 L4 1 0.3", "p/t/west 1 L4 1 0.6"])
        #expect(merged.merged == 2 && merged.warnings[.zonesMerged] == 2)
        let apart = try load(text, zones: .separate)
        #expect(
            apart.offers.map(brief) == [
                "p/t/east/e1 1 L4 1 0.9", "p/t/east/e2 1 L4 1 0.3", "p/t/east/e3 1 L4 1 –", "p/t/west/w1 1 L4 1 0.6",
            ])
        #expect(try PriceBook(offers: apart.offers).offer("p/t/east").id == "p/t/east/e1")
    }

    @Test func duplicatesKeepTheNewestThenTheLowest() throws {
        let text = """
            InstanceType,Price,SpotPrice,Region,Observed,Cloud
            t,1.5,,r,2024-01-08,One
            t,2,.5,r,2024-02-01,One
            t,1.9,.6,r,2024-02-01,One
            t,1,,r,2023-12-31,One
            t,7,,r,2023-12-31,Two
            """
        let imported = try load(text)
        #expect(imported.offers.map(brief) == ["one/t/r 0 – 1.9 0.5", "two/t/r 0 – 7 –"])
        #expect(imported.offers.map(\.observed) == ["2024-02-01", "2023-12-31"])
        #expect(imported.warnings[.duplicate] == 3 && imported.merged == 3)
    }

    @Test func aSpotPriceAboveAnotherRowsOnDemandIsDroppedWhenMerged() throws {
        let imported = try load(Self.head + "\nt,,,1,1,,2,1.5,r,a\nt,,,1,1,,1,,r,b")
        #expect(imported.offers.map(brief) == ["p/t/r 0 – 1 –"])
    }

    @Test func googlesPartsAreJoinedByZone() throws {
        let text = """
            InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice,PriceBasis
            a4-highgpu-8g,224,3968,,,,u,u-b,0,0,zero_vm_price
            a3-ultragpu-8g,224,2952,,,,u,u-b,12.266,6.68552,on_demand
            a2-highgpu-1g,12,85,,,,u,u-b,0.7,0.4,on_demand
            a2-ultragpu-1g,12,170,,,,u,u-b,1.2,0.6,on_demand
            g2-standard-48,48,192,,,,u,u-b,1,.5,on_demand
            ,,,B200,8,,u,u-b,90,37,on_demand
            ,,,A100,1,,u,u-c,2.9,1.5,on_demand
            ,,,A100-80GB,1,,u,u-b,1.8462,2.1604,
            ,,,H200,8,,u,u-b,40,20,dws_defined_duration
            ,,,L4,1,,u,u-b,.5,.2,on_demand
            ,,,T4,1,,u,u-b,.35,.1,on_demand
            """
        let imported = try load(text, provider: "gcp")
        #expect(
            imported.offers.map(brief) == [
                "gcp/a4-highgpu-8g/u 8 B200 90 37", "gcp/a3-ultragpu-8g/u 8 H200 – 26.68552",
                "gcp/a2-ultragpu-1g/u 1 A100-80GB – 2.7604", "gcp/g2-standard-48/u 4 L4 3 1.3",
            ])
        #expect(imported.joined == 4)
        #expect(
            imported.skipped[.machineWithoutAccelerator] == 1
                && imported.skipped.firstLine(of: .machineWithoutAccelerator) == 4)
        #expect(imported.skipped[.acceleratorWithoutMachine] == 2)
        #expect(imported.warnings[.notOnDemandPrice] == 1 && imported.warnings[.spotAboveOnDemand] == 1)
        #expect(imported.warnings[.acceleratorScaled] == 1)
        #expect(imported.rows == 11)
    }

    @Test(arguments: [
        ("", "vms.csv:1:1: empty file"), ("a,b\n1,2\n", "vms.csv:1:1: no column InstanceType in the header"),
        ("InstanceType,Region\n", "vms.csv:1:1: no column Price in the header"),
        ("Price,InstanceType,price,Region\n", "vms.csv:1:20: column named twice: \"price\""),
        ("InstanceType,Price,Region\na,1,r\nb,2\n", "vms.csv:3:1: 2 fields where the header has 3"),
        ("InstanceType,Price,Region\na,free,r\n", "vms.csv:2:3: price in dollars expected: \"free\""),
        ("InstanceType,Price,Region\na,-1,r\n", "vms.csv:2:3: price in dollars expected: \"-1\""),
        ("InstanceType,Price,Region\na,$1,r\n", "vms.csv:2:3: price in dollars expected: \"$1\""),
        (
            "InstanceType,Price,Region,AcceleratorCount\na,1,r,many\n",
            "vms.csv:2:7: number from 0 to 10⁹ expected: \"many\""
        ),
        (
            "InstanceType,Price,Region,GpuInfo\na,1,r,{'Gpus': }\n",
            "vms.csv:2:7: number or word expected, at character 10 of GpuInfo: \"{'Gpus': }\""
        ),
        ("InstanceType,Price,Region\n\"a,1,r\n", "vms.csv:2:1: quoted field without an end"),
    ])
    func malformedFilesAreRefusedInOneSentence(text: String, sentence: String) {
        let error = #expect(throws: CatalogueError.self) { try load(text) }
        #expect(error?.description == sentence)
    }

    @Test func missingFilesAndFoldersAreErrors() {
        for path in ["/nonexistent/vms.csv", "/tmp"] {
            let error = #expect(throws: CatalogueError.self) {
                try CatalogueImport(path: path, from: CatalogueSource(provider: "p", file: path))
            }
            #expect(error?.description == "\(path):1:1: file cannot be read")
        }
        let empty = #expect(throws: CatalogueError.self) {
            try CatalogueImport(path: "/dev/null", from: CatalogueSource(provider: "p", file: "null"))
        }
        #expect(empty?.description == "null:1:1: empty file")
    }

    @Test func importedOffersServeInABook() throws {
        var book = PriceBook.bundled
        let imported = try load("InstanceType,Price,Region\ng6e.xlarge,1.5,us-east-1\n", provider: "AWS")
        book.merge(imported.offers)
        #expect(book.offers.count == PriceBook.bundled.offers.count)
        #expect(try book.offer("aws/g6e.xlarge").onDemandPerHour == dollars("1.5"))
        #expect(imported.offers[0].market == .hyperscale)
    }
}
