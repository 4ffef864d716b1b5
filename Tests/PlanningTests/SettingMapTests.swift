import Testing

@testable import Planning

@Suite struct SettingMapTests {
    private func map(_ text: String, keys: [String], refused: [String: String] = [:]) throws -> SettingMap {
        let source = SettingSource(name: "m", text: text)
        return try SettingMap(try ScenarioFile.tree(of: text, in: source, label: "`m`"), keys: keys, refused: refused)
    }

    @Test func unreadKeysAreRefusedAtTheEnd() throws {
        let map = try map("a: 1\nb: 2\n", keys: ["a", "b"])
        _ = map["a"]
        let error = scenarioError { try map.finish(because: "with `a`") }
        #expect(error?.sentence == "m:2:1: `b` has no effect with `a`")
        _ = map["b"]
        try map.finish()
    }

    @Test func exactlyOneOfSeveral() throws {
        #expect(try map("b: 2", keys: ["a", "b"]).exactlyOne(of: ["a", "b"]).key == "b")
        #expect(
            scenarioError { _ = try map("{}", keys: ["a", "b"]).exactlyOne(of: ["a", "b"]) }?.message
                == "`m` needs one of `a`, `b`")
        #expect(
            scenarioError { _ = try map("{b: 1, a: 2}", keys: ["a", "b"]).exactlyOne(of: ["a", "b"]) }?.column == 8)
    }

    @Test func refusedKeysSayWhy() {
        let error = scenarioError { _ = try map("bid: 1", keys: ["price"], refused: ["bid": "belongs in the pool"]) }
        #expect(error?.message == "`bid` belongs in the pool" && error?.kind == .unsupported)
    }

    @Test(arguments: [
        ("replica", "replicas"), ("modle", "model"), ("Version", "version"),
        ("gpu_memory_utilization", "gpu-memory-utilization"),
        ("tensorparallel", "tensor-parallel"), ("pols", "pools"),
    ])
    func nearNamesAreSuggested(wrong: String, right: String) {
        let known = ["version", "model", "replicas", "gpu-memory-utilization", "tensor-parallel", "pools"]
        #expect(nearestName(to: wrong, among: known) == right)
    }

    @Test func farNamesAreNot() {
        #expect(nearestName(to: "zebra", among: ["version", "model"]) == nil)
        #expect(nearestName(to: "x", among: []) == nil)
        #expect(suggestion(for: "zebra", among: ["version", "model"]) == "; known are `version`, `model`")
        #expect(
            suggestion(for: "q", among: (1...20).map { "name\($0)" }, limit: 2)
                == "; known are `name1`, `name2` and 18 more")
        #expect(nearestName(to: "ab", among: ["ba"]) == "ba", "a swap is one edit")
    }
}
