/// What a profile lacks to serve a model.
public struct ProfileGap: Error, Hashable, Sendable, CustomStringConvertible {
    /// The profile's name.
    public let profile: String
    /// The kernel and format that were not measured.
    public let kernel: Kernel
    /// The format that the precision asks for.
    public let format: NumberFormat
    /// The formats in which the kernel was measured.
    public let measured: [NumberFormat]

    /// One sentence naming profile, kernel and format, and the precisions that the profile can serve.
    public var description: String {
        let gap = "profile \(profile) has no measurements of \(kernel.rawValue) in \(format.rawValue)"
        guard !measured.isEmpty else { return gap }
        let names = measured.map(\.rawValue).joined(separator: ", ")
        return gap + ", only in \(names): serve it with `precision: \(measured[0].rawValue)`"
    }
}

extension StepKernels {
    /// Laws straight from a profile's fits. Matrix products must have been measured in the precision's weight format;
    /// everything else in its activation (cache) format, or in fp32, in which processors compute what is not quantised.
    /// - Throws: ``ProfileGap`` for a kernel that the step needs and the profile lacks.
    init(profile: DeviceProfile, precision: Precision, tensor: Int) throws(ProfileGap) {
        let laws = ProfileLaws(profile: profile, precision: precision)
        let matrices = try laws.fit(.gemm, [precision.weights])
        let plain = (try? laws.fit(.gemm, [precision.activations, .fp32])) ?? matrices
        let prefill = try laws.fit(.prefillAttention, [precision.kvCache, .fp32])
        let decode = try laws.fit(.decodeAttention, [precision.kvCache, .fp32])
        let reduce = tensor > 1 ? try laws.fit(.allReduce, [precision.activations, .fp32]) : nil
        let moved = try? laws.fit(.elementwise, [precision.activations, .fp32])
        let host = profile.fits.first { $0.kernel == .stepOverhead }
        let parts: [(StepPart, KernelFit?)] = [
            (.attentionProjections, matrices), (.feedForward, matrices), (.experts, matrices), (.router, plain),
            (.prefillAttention, prefill), (.decodeAttention, decode), (.elementwise, moved),
            (.outputProjection, plain), (.allReduce, reduce), (.pipelineSend, reduce), (.hostOverhead, host),
        ]
        self.init(
            matrices: laws.timed(matrices), plain: laws.timed(plain), experts: laws.timed(matrices),
            prefill: laws.timed(prefill), decode: laws.timed(decode),
            elementwise: moved.map(laws.timed) ?? laws.streaming(like: decode), allReduce: laws.timed(reduce ?? plain),
            host: host.map { ($0.overhead, $0.perRowByte) } ?? Self.processorHost,
            provenance: parts.map { laws.provenance(of: $0, from: $1) })
    }
}

private struct ProfileLaws {
    let profile: DeviceProfile
    let precision: Precision

    func fit(_ kernel: Kernel, _ formats: [NumberFormat]) throws(ProfileGap) -> KernelFit {
        for format in formats {
            if let found = profile.fit(kernel, format) { return found }
        }
        throw ProfileGap(
            profile: profile.name, kernel: kernel, format: formats[0],
            measured: profile.fits.filter { $0.kernel == kernel }.map(\.format))
    }

    func timed(_ fit: KernelFit) -> TimedKernel {
        TimedKernel(
            overhead: fit.overhead, perOperation: fit.perOperation, perByte: fit.perByte, perRowByte: fit.perRowByte,
            overlap: fit.overlap, weightBytes: fit.format.bytes,
            elementBytes: fit.kernel == .gemm ? max(fit.format.bytes, 2) : fit.format.bytes)
    }

    /// A bandwidth-bound kernel where none was measured: the machine's copy rate, or what decode attention reached.
    func streaming(like decode: KernelFit) -> TimedKernel {
        var kernel = timed(decode)
        kernel.perOperation = 0
        if profile.machine.copyBytesPerSecond > 0 { kernel.perByte = 1e9 / profile.machine.copyBytesPerSecond }
        return kernel
    }

    func provenance(of part: StepPart, from fit: KernelFit?) -> PartProvenance {
        guard let fit else {
            return PartProvenance(
                part: part, source: "assumption: not measured by profile \(profile.name)", date: profile.date,
                confidence: .assumed)
        }
        return PartProvenance(
            part: part, source: "measured: profile \(profile.name), \(profile.library)", date: profile.date,
            confidence: .measured, relativeError: fit.heldOut?.median)
    }
}

extension DeviceProfile {
    /// The measured machine as a device, for memory plans and tables.
    public var device: Device {
        func figure(_ value: Double, _ what: String) -> Figure {
            Figure(value, source: "profile \(name): \(what)", date: date, confidence: .measured)
        }
        let rate = figure(machine.peakOperationsPerSecond, "matrix products")
        return Device(
            name: name, kind: .cpu, generation: .cpu, memory: figure(Double(machine.memoryBytes), "memory"),
            bandwidth: figure(machine.copyBytesPerSecond, "copy"), compute: ComputeRates(fp32: rate, half: nil),
            interconnect: Interconnect(kind: .memory, bytesPerSecond: figure(machine.copyBytesPerSecond, "copy")),
            processors: machine.cores, power: nil)
    }
}
