import Primitives

extension StepKernels {
    /// Laws for a device known by its spec sheet, one of `tensor` ranks, with the efficiencies of its generation.
    init(device: Device, precision: Precision, tensor: Int = 1) {
        let (efficiency, confidence) = DeviceEfficiency.of(device)
        let sheet = SheetLaws(device: device, precision: precision, efficiency: efficiency, confidence: confidence)
        self.init(
            matrices: sheet.matrices(weightBytes: precision.scope == .layers ? precision.weightBytes : nil),
            plain: sheet.matrices(weightBytes: nil), experts: sheet.experts(), prefill: sheet.prefill(),
            decode: sheet.decode(), elementwise: sheet.elementwise(), allReduce: sheet.allReduce(tensor: tensor),
            host: device.kind == .cpu ? Self.processorHost : Self.acceleratorHost,
            provenance: sheet.provenance(tensor: tensor), mixedAttention: device.kind == .cpu ? 0 : Self.mixedAttention,
            quantisesActivations: precision.compute.bits < precision.activations.bits)
    }

    /// Host time beside an accelerator: vLLM V1 with captured graphs and asynchronous scheduling, which hides most of
    /// it. What Llama-2-7B on one H100 leaves over after its kernels (per-request timings of vLLM 0.15); an assumption
    /// elsewhere.
    static let acceleratorHost = (perStep: 300_000.0, perSequence: 3_000.0)
    /// In a mixed step one variable-length kernel serves prompts and decodes, and reads a KV head again for each query
    /// head that shares it, partly from cache: median over mixed steps on RTX 4090 and RTX PRO 6000 (LLMServingSim
    /// 5daddb2, 4 to 64 sequences at contexts of 500 to 2,500), an assumption elsewhere.
    static let mixedAttention = 0.3
    /// Host time of a server that computes on the processor itself.
    static let processorHost = (perStep: 500_000.0, perSequence: 10_000.0)
}

/// Builds time laws from a spec sheet and efficiencies.
private struct SheetLaws {
    let device: Device
    let precision: Precision
    let efficiency: DeviceEfficiency
    let confidence: Confidence

    /// Nanoseconds per operation in `format` and per byte of device memory, before factors.
    func operation(_ format: NumberFormat) -> Double { 1e9 / device.compute.rate(format).value }
    var byte: Double { 1e9 / device.bandwidth.value }
    var element: Double { precision.activations.bytes }

    /// Whether products run in 8 bits on units that the device has.
    var eightBit: Bool {
        precision.compute == .fp8 && device.compute.fp8 != nil
            || precision.compute == .int8 && device.compute.int8 != nil
    }

    /// The law of products with the layers' matrices.
    var products: DeviceEfficiency.Law {
        guard precision.compute.bits < precision.activations.bits else { return efficiency.matrices }
        if eightBit, let own = efficiency.eightBit { return own }
        var borrowed = efficiency.matrices
        // The table's error says nothing about narrower products.
        borrowed.error = nil
        borrowed.source += ", 16-bit products"
        return borrowed
    }

    func timed(_ law: DeviceEfficiency.Law, operation: Double, weightBytes: Double? = nil) -> TimedKernel {
        let isMeasured = confidence == .fitted && element == 2 && (weightBytes ?? element) == element
        return TimedKernel(
            overhead: law.launch, perOperation: operation * law.operationFactor, perByte: byte * law.byteFactor,
            perRowByte: byte * law.rowFactor, overlap: law.overlap, weightBytes: weightBytes ?? element,
            elementBytes: element, curve: law.curve, measured: isMeasured ? law.measured : .none)
    }

    /// Weights narrower than what the device multiplies are widened while they are read.
    func matrices(weightBytes: Double?) -> TimedKernel {
        guard let weightBytes else { return timed(efficiency.matrices, operation: operation(precision.activations)) }
        return timed(products, operation: operation(precision.compute), weightBytes: weightBytes)
    }

    func experts() -> TimedKernel {
        timed(efficiency.experts, operation: operation(precision.compute), weightBytes: precision.weightBytes)
    }

    /// Scores and sums are computed in the activation format whatever the cache holds.
    func prefill() -> TimedKernel {
        var kernel = timed(efficiency.prefill, operation: operation(precision.activations))
        kernel.elementBytes = precision.kvCache.bytes
        return kernel
    }

    func decode() -> TimedKernel {
        var law = efficiency.decode
        law.operationFactor = max(law.operationFactor, efficiency.prefill.operationFactor)
        if precision.kvCache.bits == 8 { law.byteFactor *= efficiency.eightBitCache }
        var kernel = timed(law, operation: operation(precision.activations))
        kernel.elementBytes = precision.kvCache.bytes
        return kernel
    }

    func elementwise() -> TimedKernel { timed(efficiency.elementwise, operation: 0) }

    func reduction(tensor: Int) -> DeviceEfficiency.Law {
        var law = tensor == 2 ? efficiency.pairReduce ?? efficiency.allReduce : efficiency.allReduce
        guard skew(tensor: tensor) > 0 else { return law }
        // The table's error says nothing about the time that was added to it.
        law.error = nil
        law.source += ", plus 2 µs per doubling of ranks after vLLM's decode steps"
        return law
    }

    /// Nanoseconds that ranks on a switch wait for the last of them, which timings of a sum alone do not show: 2 µs per
    /// doubling of ranks. What vLLM's decode steps of 32B to 141B models on two to eight H100 leave over; an assumption
    /// elsewhere.
    func skew(tensor: Int) -> Double {
        guard device.interconnect.kind != .pcie, device.kind != .cpu else { return 0 }
        return 2_000 * Mathematics.log(Double(max(1, tensor))) / Mathematics.log(2)
    }

    func allReduce(tensor: Int) -> TimedKernel {
        let link = 1e9 / device.interconnect.bytesPerSecond.value
        let law = reduction(tensor: tensor)
        return TimedKernel(
            overhead: law.launch + skew(tensor: tensor), perOperation: law.operationFactor,
            perByte: link * law.byteFactor,
            perRowByte: 0, overlap: .sum, weightBytes: element, elementBytes: element)
    }

    func provenance(tensor: Int) -> [PartProvenance] {
        let matrix = products
        let laws: [(StepPart, DeviceEfficiency.Law)] = [
            (.attentionProjections, matrix), (.feedForward, matrix), (.experts, efficiency.experts),
            (.router, efficiency.matrices), (.prefillAttention, efficiency.prefill),
            (.decodeAttention, efficiency.decode), (.elementwise, efficiency.elementwise),
            (.outputProjection, efficiency.matrices), (.allReduce, reduction(tensor: tensor)),
            (.pipelineSend, efficiency.allReduce),
        ]
        return laws.map { provenance($0, $1) } + [
            PartProvenance(
                part: .hostOverhead, source: "assumption: per step and per sequence, scheduling overlapped",
                date: "2026-11",
                confidence: .assumed)
        ]
    }

    private func provenance(_ part: StepPart, _ law: DeviceEfficiency.Law) -> PartProvenance {
        let fitted = law.error != nil && confidence == .fitted
        let sheet = "derived from spec sheet of \(device.name) with efficiencies "
        let source =
            switch confidence {
            case .fitted where fitted: "fitted from \(law.source)"
            case .fitted: sheet + "from \(law.source)"
            default: sheet + "of \(efficiency.device) (\(law.source))"
            }
        return PartProvenance(
            part: part, source: source, date: fitted ? "2026-11" : device.bandwidth.date,
            confidence: fitted ? .fitted : max(confidence, .derived), relativeError: fitted ? law.error : nil)
    }
}
