import Primitives
import Testing

@testable import Planning

/// Mutated scenarios: whatever a file holds, reading it gives a scenario or a ``ScenarioError`` with a position.
@Suite struct ScenarioFuzzTests {
    private static let fragments = [
        "{", "}", "[", "]", ": ", "- ", "\n", "\t", "\"", "'", "&a ", "*a", "|", ">", "#", "---\n", "...\n", "? ",
        "!!int ",
        "%", "~", "null", "0", "-1", "1e999", "99999999999999999999", "\u{0}", "\u{FEFF}", "é", "<<: ", "$", "ms", "  ",
        "{a: {a: {a: 1}}}", "@", "`",
    ]

    /// One keyed mutation: bytes changed, removed, doubled or inserted, lines swapped, files spliced.
    private func mutate(_ bytes: [UInt8], with other: [UInt8], _ generator: inout KeyedGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...(generator.next() % 4) {
            let place = bytes.isEmpty ? 0 : Int(generator.next() % UInt64(bytes.count))
            let end = min(bytes.count, place + 1 + Int(generator.next() % 12))
            switch generator.next() % 7 {
            case 0: if !bytes.isEmpty { bytes[place] = UInt8(truncatingIfNeeded: generator.next()) }
            case 1: bytes.removeSubrange(place..<end)
            case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 3, 4:
                let fragment = Self.fragments[Int(generator.next() % UInt64(Self.fragments.count))]
                bytes.insert(contentsOf: fragment.utf8, at: place)
            case 5:
                var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
                let first = Int(generator.next() % UInt64(lines.count)),
                    second = Int(generator.next() % UInt64(lines.count))
                lines.swapAt(first, second)
                bytes = Array(lines.joined(separator: [0x0A]))
            default:
                let cut = other.isEmpty ? 0 : Int(generator.next() % UInt64(other.count))
                bytes = Array(bytes[..<place] + other[cut...])
            }
        }
        return bytes
    }

    @Test func mutatedScenariosGiveAValueOrAnErrorWithAPosition() throws {
        let (valid, malformed) = (try corpus("valid"), try corpus("malformed"))
        let files = malformed.indices.flatMap { [malformed[$0], valid[$0 % valid.count]] }
        let root = RandomKey(seed: 20_260_101).derived("scenario fuzz")
        var decoded = 0
        var kinds: Set<ScenarioError.Kind> = []
        for round in 0..<4_000 {
            var generator = root.derived(UInt64(round)).generator()
            let file = files[round % files.count]
            let other = files[Int(generator.next() % UInt64(files.count))].bytes
            let bytes = mutate(file.bytes, with: other, &generator)
            do {
                let text = try ScenarioFile.decode(bytes, name: "fuzz.yaml")
                _ = try Scenario(text: text, path: "fuzz.yaml", folder: "/nowhere")
                decoded += 1
            } catch let error as ScenarioError {
                kinds.insert(error.kind)
                let isPlaced = error.line >= 1 && error.column >= 1 && !error.message.isEmpty
                #expect(isPlaced && !error.sentence.contains("\n"), "round \(round) of \(file.name): \(error)")
            } catch {
                Issue.record("round \(round) of \(file.name): \(error) is no scenario error")
            }
        }
        // The mutations reach deep: some files still decode, and many kinds of fault occur.
        #expect(decoded > 50 && kinds.count >= 9, "\(decoded) decoded, kinds \(kinds)")
    }

    @Test func mutatedOverridesGiveAValueOrAnError() throws {
        let seeds = [
            "strategies.0.pools.0.replicas=3", "slo.ttft[p99.9]=2 s", "workload={preset: azure-conv-2023}", "seed=1",
            "strategies[a].router=random",
        ].map { Array($0.utf8) }
        let root = RandomKey(seed: 7).derived("override fuzz")
        for round in 0..<500 {
            var generator = root.derived(UInt64(round)).generator()
            let bytes = mutate(seeds[round % seeds.count], with: seeds[(round + 1) % seeds.count], &generator)
            let setting = String(decoding: bytes, as: UTF8.self)
            do {
                _ = try scenario(scenarioText(), overrides: ScenarioOverrides(settings: [setting]))
            } catch let error as ScenarioError {
                #expect(error.line >= 1 && error.column >= 1, "\(setting): \(error)")
            }
        }
    }
}
