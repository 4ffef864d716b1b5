// Factors fitted to published kernel timings by least squares of log errors (soft-L1), one set per device:
//   aiconfigurator  ai-dynamo/aiconfigurator, commit 095f58a (Apache-2.0): vLLM kernels, CUDA graphs
//   llmservingsim   casys-kaist/LLMServingSim, commit 5daddb2 (MIT): layers timed inside vLLM 0.19.0
//   vidur           microsoft/vidur, commit 7d47513 (MIT): layers timed inside vLLM
// Matrix products: n·k ≥ 2·10⁶, 1 to 16,384 rows. Attention: contexts from 128, chunks from 16 tokens; 8-bit caches:
// medians over decode steps of 50 µs and more.

extension DeviceEfficiency {
    private static let configurator = "aiconfigurator 095f58a"
    private static let servingSim = "LLMServingSim 5daddb2"
    private static let vidur = "vidur 7d47513"
    private static let assumption = "assumption"

    /// PCI Express, from RTX PRO 6000 NCCL timings: latency, nanoseconds per further rank, factor on the link.
    private static let overPCIe = Law(
        3.1, byte: 2.5, operation: 3_423, error: 0.053, from: configurator + " RTX PRO 6000 NCCL")
    /// PCI Express between two ranks: vLLM's own kernel, which it uses for pairs instead of NCCL.
    private static func pairOverPCIe(_ launch: Double, byte: Double, like device: String) -> Law {
        Law(
            launch, byte: byte, operation: 3_423, error: 0.018,
            from: "\(configurator) \(device) vLLM all-reduce in graphs")
    }
    private static func overNVLink(_ launch: Double, byte: Double, hop: Double, error: Double) -> Law {
        Law(
            launch, byte: byte, operation: hop, error: error,
            from: configurator + " custom all-reduce in graphs, and 2 µs per doubling of ranks")
    }

    private static let stackedElementwise = Law(2.5, byte: 1.57, error: 0.12, from: vidur + " H100 and A100")
    private static let graphicsElementwise = Law(
        1.9, byte: 0.6, error: 0.14, from: servingSim + " RTX 4090 and RTX PRO 6000")

    /// One entry per device with timings, then processors.
    static let table: [DeviceEfficiency] = [
        DeviceEfficiency(
            device: "H100-SXM",
            matrices: Law(
                3.86, byte: 1.188, operation: 1.178, row: 0.582, join: .fourth, error: 0.060, from: configurator),
            eightBit: Law(
                5.68, byte: 1.172, operation: 1.343, row: 1.458, join: .square, error: 0.084, from: configurator
            )
            .curved([0.96, 0.98, 0.97, 0.98, 0.98, 1.04, 0.98, 0.98, 0.99, 0.93, 1.00, 1.01, 1.04, 0.91, 0.95]),
            experts: Law(32.6, byte: 1.007, operation: 1.361, row: 2.31, error: 0.073, from: configurator),
            prefill: Law(
                10.65, byte: 4, operation: 1.325, row: 1.931, join: .maximum, error: 0.050, from: configurator),
            decode: Law(10.12, byte: 1.136, row: 5.151, join: .maximum, error: 0.053, from: configurator),
            elementwise: stackedElementwise, allReduce: overNVLink(4.27, byte: 1.481, hop: 133, error: 0.087),
            eightBitCache: 1.44),
        DeviceEfficiency(
            device: "H200",
            matrices: Law(
                4.20, byte: 1.212, operation: 1.246, row: 0.536, join: .fourth, error: 0.076, from: configurator),
            eightBit: Law(
                5.91, byte: 1.214, operation: 1.204, row: 1.934, join: .square, error: 0.103, from: configurator
            )
            .curved([0.94, 0.95, 0.95, 0.95, 0.95, 1.15, 0.97, 0.98, 1.02, 0.96, 0.98, 0.97, 0.99, 0.97, 1.00]),
            experts: Law(34.5, byte: 0.995, operation: 1.412, row: 3.33, error: 0.085, from: configurator),
            prefill: Law(10.65, byte: 4, operation: 1.325, row: 1.931, join: .maximum, from: configurator + " H100"),
            decode: Law(10.89, byte: 1.363, row: 6.438, join: .maximum, error: 0.142, from: configurator),
            elementwise: stackedElementwise, allReduce: overNVLink(4.40, byte: 1.447, hop: 120, error: 0.073),
            eightBitCache: 1.98),
        DeviceEfficiency(
            // No law for narrow products: the tables' kernels gain little from them and servers run faster ones, so
            // the 16-bit factors serve.
            device: "B200",
            matrices: Law(
                3.78, byte: 1.241, operation: 1.308, row: 0.450, join: .square, error: 0.078, from: configurator),
            experts: Law(40.2, byte: 1.125, operation: 1.739, row: 5.46, error: 0.101, from: configurator),
            prefill: Law(
                10.59, byte: 4, operation: 1.466, row: 3.036, join: .maximum, error: 0.137, from: configurator),
            decode: Law(7.16, byte: 1.121, row: 2.863, join: .maximum, error: 0.070, from: configurator),
            elementwise: stackedElementwise, allReduce: overNVLink(7.04, byte: 1.766, hop: 180, error: 0.092),
            eightBitCache: 1.05),
        DeviceEfficiency(
            device: "A100-80GB",
            matrices: Law(
                5.82, byte: 1.330, operation: 1.138, row: 1.147, join: .square, error: 0.067, from: configurator),
            experts: Law(43.2, byte: 1.100, operation: 2.51, row: 2.26, error: 0.127, from: configurator),
            prefill: Law(
                11.46, byte: 4.506, operation: 1.698, row: 2.367, join: .sum, error: 0.068, from: configurator),
            decode: Law(19.09, byte: 1.421, row: 1.851, join: .maximum, error: 0.082, from: configurator),
            elementwise: stackedElementwise, allReduce: overNVLink(4.75, byte: 1.665, hop: 279, error: 0.087)),
        DeviceEfficiency(
            device: "L40S",
            matrices: Law(
                0.11, byte: 1.248, operation: 1.496, row: 0.475, join: .square, error: 0.075, from: configurator
            )
            .curved([0.95, 0.98, 0.98, 1.00, 1.00, 1.05, 1.06, 1.04, 0.96, 0.89, 0.93, 0.95, 1.01, 1.11, 1.12]),
            eightBit: Law(
                2.56, byte: 1.387, operation: 1.486, row: 2.326, join: .fourth, error: 0.096, from: configurator),
            experts: Law(13.1, byte: 1.082, operation: 1.19, row: 1.72, error: 0.098, from: configurator),
            prefill: Law(7.38, byte: 1.711, operation: 1.864, row: 0.885, join: .sum, error: 0.088, from: configurator),
            decode: Law(9.67, byte: 1.144, join: .maximum, error: 0.168, from: configurator),
            elementwise: graphicsElementwise, allReduce: overPCIe,
            pairReduce: pairOverPCIe(2.0, byte: 1.64, like: "L40S")),
        DeviceEfficiency(
            device: "RTX-PRO-6000",
            matrices: Law(
                3.63, byte: 1.266, operation: 1.203, row: 1.212, join: .square, error: 0.089, from: configurator
            )
            .curved([0.95, 0.95, 0.95, 0.95, 0.96, 1.00, 1.00, 1.00, 0.95, 1.00, 1.00, 0.97, 0.94, 0.91, 0.90])
            .knowing(.workstation),
            eightBit: Law(
                20.74, byte: 1.664, operation: 1.342, row: 0.783, join: .fourth, error: 0.179, from: configurator
            )
            .curved([1.06, 1.06, 1.05, 1.01, 0.97, 0.91, 0.88, 0.88, 0.97, 1.05, 1.04, 0.99, 0.94, 0.96, 0.98]),
            experts: Law(17.6, byte: 1.07, operation: 1.09, row: 1.90, error: 0.063, from: configurator),
            prefill: Law(
                6.12, byte: 9.194, operation: 2.044, row: 1.484, join: .fourth, error: 0.049, from: servingSim),
            decode: Law(13.7, byte: 1.263, row: 6.669, join: .maximum, error: 0.042, from: servingSim),
            elementwise: graphicsElementwise, allReduce: overPCIe,
            pairReduce: pairOverPCIe(15.4, byte: 4.2, like: "RTX PRO 6000")),
        DeviceEfficiency(
            device: "RTX-4090",
            matrices: Law(
                5.26, byte: 1.068, operation: 0.983, row: 0.807, join: .square, error: 0.022, from: servingSim
            )
            .curved([0.96, 0.99, 0.99, 0.99, 1.00, 1.06, 1.03, 0.96, 0.95, 1.03, 1.00, 0.99])
            .knowing(.graphics),
            experts: Law(13.1, byte: 1.082, operation: 1.19, row: 1.72, from: configurator + " L40S"),
            prefill: Law(
                7.08, byte: 7.413, operation: 1.295, row: 1.364, join: .maximum, error: 0.060, from: servingSim),
            decode: Law(15.47, byte: 1.112, row: 8.78, join: .maximum, error: 0.044, from: servingSim),
            elementwise: graphicsElementwise, allReduce: overPCIe),
        DeviceEfficiency(
            device: "A40",
            matrices: Law(2.94, byte: 1.298, operation: 1.251, row: 0.945, join: .square, error: 0.044, from: vidur),
            experts: Law(43.2, byte: 1.100, operation: 2.51, row: 2.26, from: configurator + " A100"),
            prefill: Law(11.46, byte: 4.506, operation: 1.698, row: 2.367, join: .sum, from: configurator + " A100"),
            decode: Law(13.0, byte: 1.3, row: 1.851, join: .maximum, from: assumption + " between A100 and L40S"),
            elementwise: Law(2.86, byte: 1.258, error: 0.048, from: vidur), allReduce: overPCIe),
        DeviceEfficiency(
            device: "RTX-3090",
            matrices: Law(
                5.88, byte: 1.105, operation: 0.888, row: 6.324, join: .square, error: 0.047, from: servingSim),
            experts: Law(43.2, byte: 1.100, operation: 2.51, row: 2.26, from: configurator + " A100"),
            prefill: Law(
                11.46, byte: 4.506, operation: 1.295, row: 2.367, join: .sum, from: assumption + " after RTX 4090"),
            decode: Law(13.0, byte: 1.117, row: 7.199, join: .maximum, from: assumption + " after RTX 4090"),
            elementwise: graphicsElementwise, allReduce: overPCIe),
        DeviceEfficiency(
            device: "CPU",
            matrices: Law(
                10, byte: 1.67, operation: 2.5, row: 1.67, join: .square,
                from: assumption + ": 60 % of bandwidth, 40 % of peak"),
            experts: Law(
                30, byte: 1.67, operation: 3.3, row: 1.67, join: .square,
                from: assumption + ": 60 % of bandwidth, 30 % of peak"),
            prefill: Law(10, byte: 2, operation: 5, row: 1.67, join: .sum, from: assumption + ": 20 % of peak"),
            decode: Law(
                10, byte: 1.67, operation: 5, row: 1.67, join: .maximum, from: assumption + ": 60 % of bandwidth"),
            elementwise: Law(5, byte: 1.67, from: assumption + ": 60 % of bandwidth"),
            allReduce: Law(10, byte: 2, operation: 2_000, from: assumption + ": half the link")),
    ]
}
