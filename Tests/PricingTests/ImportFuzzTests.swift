import Pricing
import Primitives
import Testing

/// Mutated catalogues are read or refused with a position inside the file; nothing else happens.
@Suite struct ImportFuzzTests {
    static let morsels: [[UInt8]] =
        [
            "\"", ",", "\n", "\r", "{", "}", "[", "'", "\\", "-", "e", "1e9", "99999999999", "0.5", "nan", "\u{FEFF}",
            "é",
        ].map { Array($0.utf8) } + [[0xFF], [0x00]]

    /// One to six edits: a byte replaced, a stretch deleted or repeated, a morsel inserted.
    static func mutate(_ bytes: [UInt8], _ key: RandomKey) -> [UInt8] {
        var (bytes, draw) = (bytes, key.generator())
        for _ in 0...(draw.next() % 6) where !bytes.isEmpty {
            let place = Int(draw.next() % UInt64(bytes.count))
            let stretch = place..<min(bytes.count, place + Int(draw.next() % 12))
            switch draw.next() % 4 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: draw.next())
            case 1: bytes.removeSubrange(stretch)
            case 2: bytes.insert(contentsOf: bytes[stretch], at: place)
            default: bytes.insert(contentsOf: morsels[Int(draw.next() % UInt64(morsels.count))], at: place)
            }
        }
        return bytes
    }

    @Test(arguments: CatalogueExtract.all)
    func mutationsAreReadOrRefused(_ extract: CatalogueExtract) {
        let original = Array(extract.text.utf8)
        let key = RandomKey(seed: 2_026).derived(stableHash(extract.layout.utf8))
        var (read, refused) = (0, 0)
        for round in 0..<400 {
            let bytes = Self.mutate(original, key.derived(UInt64(round)))
            let source = CatalogueSource(
                provider: extract.provider, file: "f", zones: round % 2 == 0 ? .merged : .separate)
            do throws(CatalogueError) {
                let imported = try CatalogueImport(bytes: bytes, from: source)
                read += 1
                #expect(
                    imported.rows == imported.becameOffers + imported.merged + imported.joined + imported.skipped.total)
                for offer in imported.offers {
                    let prices = [offer.onDemandPerHour, offer.spotPerHour].compactMap { $0 }
                    #expect(!prices.isEmpty && prices.allSatisfy { $0 > .zero })
                    if prices.count == 2 { #expect(prices[1] < prices[0]) }
                }
                #expect(PriceBook(offers: imported.offers).offers.count == imported.offers.count)
            } catch {
                refused += 1
                let lines = bytes.split(omittingEmptySubsequences: false) { $0 == 10 || $0 == 13 }
                #expect(error.line >= 1 && error.line <= lines.count && error.column >= 1)
                #expect(error.description.hasPrefix("f:\(error.line):\(error.column): "))
                #expect(!error.description.dropFirst(2).isEmpty && error.text.count <= 60)
            }
        }
        #expect(read > 20 && refused > 20, "\(read) read, \(refused) refused")
    }
}
