import Testing

@Suite struct UsageTests {
    /// The parser's sentence comes first, then how the command is used.
    static let wrongUsage: [([String], String)] = [
        (["runn"], "runn"),
        (["run"], "Missing expected argument"),
        (["run", "x.yaml", "--nonsense"], "--nonsense"),
        (["run", "x.yaml", "--threads", "0"], "`--threads`"),
        (["run", "x.yaml", "--stepping", "warp"], "'warp'"),
        (["run", "x.yaml", "--seed", "-1"], "--seed"),
        (["compare"], "Missing expected argument"),
        (["compare", "x.yaml", "y.yaml"], "no mixture"),
        (["compare", "x.yaml", "4"], "no mixture"),
        (["compare", "4", "4-5"], "named once"),
        (["compare", "1", "2", "--seed", "3"], "`--seed`"),
        (["compare", "1", "2", "--set", "seed=3"], "`--set`"),
        (["compare", "1", "2", "--break-even-rate"], "`--break-even-rate`"),
        (["compare", "x.yaml", "--threads", "0"], "`--threads`"),
        (["sweep"], "Missing expected argument"),
        (["sweep", "x.yaml", "--jobs", "0"], "`--jobs`"),
        (["sweep", "x.yaml", "--resume", "--restart"], "either"),
        (["sweep", "x.yaml", "--sensitivity", "--vary", "seed=1"], "`--vary`"),
        (["sweep", "x.yaml", "--sensitivity", "--design", "grid"], "`--design`"),
        (["sweep", "x.yaml", "--design", "square"], "'square'"),
        (["export", "one"], "'one'"),
        (["export", "1", "--format", "xml"], "'xml'"),
        (["calibrate", "--seconds", "0"], "`--seconds`"),
        (["calibrate", "--seconds", "nan"], "`--seconds`"),
        (["calibrate", "--threads", "0"], "`--threads`"),
        (["calibrate", "--rounds", "3"], "`--limits`"),
        (["calibrate", "--limits", "--rounds", "0"], "`--rounds`"),
        (["calibrate", "--limits", "--quiet"], "`--quiet`"),
        (["calibrate", "--limits", "--model", "llama-3.1-8b"], "`--model`"),
        (["calibrate", "--limits", "--precision", "int8"], "`--precision`"),
        (["calibrate", "--limits", "--out", "p.json"], "`--out`"),
        (["calibrate", "--limits", "--seconds", "5"], "`--seconds`"),
        (["validate", "--live-tries", "3"], "`--live`"),
        (["validate", "--live", "--markdown"], "`--markdown`"),
        (["validate", "--live", "--set", "blis-agg-vllm0151"], "`--set`"),
        (["validate", "--live", "--data", "elsewhere"], "`--data`"),
        (["plan"], "Missing expected argument"),
        (["plan", "x.yaml", "--threads", "0"], "`--threads`"),
        (["capacity", "x.yaml", "--threads", "0"], "`--threads`"),
        (["explain", "one"], "'one'"),
        (["validate", "--live", "--live-tries", "0"], "`--live-tries`"),
        (["validate", "--live", "--live-requests", "0"], "`--live-requests`"),
        (["validate", "--live", "--live-seconds", "nan"], "`--live-seconds`"),
        (["validate", "--live", "--live-profile", "p.json", "--live-seconds", "3"], "`--live-seconds`"),
        (["trace", "inspect", "x.csv", "--hash-block", "0"], "`--hash-block`"),
        (["trace", "inspect", "x.csv", "--format", "csv"], "`--column arrival=NAME`"),
        (["trace", "inspect", "x.csv", "--column", "arrival=t"], "arrival, input and output"),
        (["trace", "inspect", "x.csv", "--column", "arival=t"], "`arival=t`"),
        (["trace", "inspect", "x.csv", "--column", "input=a", "--column", "input=b"], "twice"),
        (["trace", "inspect", "x.csv", "--arrival-unit", "ms"], "`--column`"),
        (
            [
                "trace", "inspect", "x.csv", "--format", "vidur", "--column", "arrival=t", "--column", "input=i",
                "--column", "output=o",
            ], "format csv"
        ),
        (["trace", "inspect", Binary.quickstart, "--seed", "2"], "`--seed`"),
        (["trace", "synthesize", "--resample", "x", "--set", "a=b", "--out", "y"], "`--scenario`"),
        (["trace", "synthesize", "--resample", "x", "--scenario", "z", "--out", "y"], "either"),
        (["trace", "convert", "x.csv", "--to", "servegen", "--out", "y"], "'servegen'"),
        (["trace", "convert", "x.csv"], "--out"),
        (["trace", "synthesize", "--out", "x.csv"], "`--preset` or `--scenario` or `--resample`"),
        (["trace", "synthesize", "--preset", "azure-conv-2023", "--scenario", "x", "--out", "y"], "either"),
        (["trace", "synthesize", "--scenario", "x", "--rate", "2", "--out", "y"], "`--set`"),
        (["trace", "synthesize", "--preset", "azure-conv-2023", "--set", "a=b", "--out", "y"], "`--scenario`"),
        (["trace", "synthesize", "--preset", "azure-conv-2023", "--rate=-1", "--out", "y"], "`--rate`"),
        (["trace", "synthesize", "--preset", "azure-conv-2023", "--requests", "0", "--out", "y"], "`--requests`"),
        (["trace", "synthesize", "--preset", "nothing", "--out", "y"], "'nothing'"),
        (["prices", "list", "--terms", "gift"], "'gift'"),
        (["prices", "import", "x.csv"], "--provider"),
    ]

    @Test(arguments: wrongUsage)
    func wrongUsageIsExplained(_ arguments: [String], _ word: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(arguments, in: folder)
        #expect(outcome.status == 64)
        #expect(outcome.errorLines.first?.hasPrefix("Error: ") == true)
        #expect(outcome.errorLines.first?.contains(word) == true, "\(outcome)")
        #expect(outcome.error.contains("Usage: isocost"))
        #expect(outcome.output.isEmpty)
        #expect(folder.files().isEmpty)
    }

    /// Names and files that are well formed, and not there.
    static let missing: [([String], Int32, String)] = [
        (["models", "show", "llama-9"], 66, "`llama-9`"),
        (["models", "show", "none.json"], 66, "none.json"),
        (["devices", "show", "L41S"], 66, "`L40S`"),
        (["devices", "show", "none.json"], 66, "none.json"),
        (["export", "1"], 66, "reports/isocost.sqlite"),
        (["runs"], 66, "`isocost run`"),
        (["compare", "1", "2"], 66, "reports/isocost.sqlite"),
        (["compare", "none.yaml"], 66, "none.yaml"),
        (["calibrate", "--model", "llama-9", "--seconds", "1"], 66, "`llama-9`"),
    ]

    @Test(arguments: missing)
    func whatIsNotThereIsNamed(_ arguments: [String], _ status: Int32, _ word: String) throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(arguments, in: folder)
        #expect(outcome.status == status)
        expectSentence(outcome, saying: [word])
        #expect(folder.files().isEmpty, "asking makes no file")
    }
}
