/// The parts of a step that depend on its number of tokens, or of emitting sequences, alone.
struct TokenParts: Sendable {
    let architecture: ModelArchitecture
    let work: LayerWork
    let kernels: StepKernels
    let split: Parallelism

    /// Nanoseconds of all parts together for a step of `tokens` tokens; 0 for none.
    func total(tokens: Int) -> Double { each(tokens: tokens).reduce(0) { $0 + $1.nanoseconds } }

    /// The parts, without those that are zero.
    func each(tokens: Int) -> [(part: StepPart, nanoseconds: Double)] {
        guard tokens > 0 else { return [] }
        let parts: [(part: StepPart, nanoseconds: Double)] = [
            (.attentionProjections, Double(architecture.layers) * products(work.attentionMatrices, tokens)),
            (.feedForward, feedForward(tokens)), (.experts, experts(tokens)), (.router, router(tokens)),
            (.elementwise, elementwise(tokens)), (.allReduce, allReduce(tokens)), (.pipelineSend, send(tokens)),
        ]
        return parts.filter { $0.nanoseconds > 0 }
    }

    private func products(_ matrices: [LayerWork.Matrix], _ rows: Int) -> Double {
        matrices.reduce(0) { sum, matrix in
            let kernel = matrix.quantised ? kernels.matrices : kernels.plain
            return sum + kernel.time(.gemm(m: rows, n: matrix.outputs, k: matrix.inputs))
        }
    }

    private func feedForward(_ tokens: Int) -> Double {
        let feed = architecture.feedForward
        let dense = products(work.feedForwardMatrices(width: feed.intermediateSize), tokens)
        let shared = products(work.feedForwardMatrices(width: feed.experts?.sharedIntermediateSize ?? 0), tokens)
        return Double(architecture.layers - architecture.expertLayers) * dense
            + Double(architecture.expertLayers) * shared
    }

    private func experts(_ tokens: Int) -> Double {
        let kernel = kernels.experts
        let work = work.expertWork(
            tokens: tokens, weightBytes: kernel.weightBytes, elementBytes: kernel.elementBytes)
        return work.map { Double(architecture.expertLayers) * kernel.time($0) } ?? 0
    }

    private func router(_ tokens: Int) -> Double {
        work.router.map { Double(architecture.expertLayers) * products([$0], tokens) } ?? 0
    }

    /// Layers, then one embedding look-up and one final norm.
    private func elementwise(_ tokens: Int) -> Double {
        let kernel = kernels.elementwise
        func layers(_ count: Int, expert: Bool) -> Double {
            var (calls, elements) = work.elementwise(expert: expert)
            if kernels.quantisesActivations {
                let inputs = quantisedInputs(expert: expert)
                calls += inputs.count
                // Read in full, written in half.
                elements += 1.5 * Double(inputs.reduce(0, +))
            }
            return Double(count) * kernel.time(calls: calls, bytes: elements * Double(tokens) * kernel.elementBytes)
        }
        let ends = Double(6 * architecture.hiddenSize) * Double(tokens) * kernel.elementBytes
        return layers(architecture.layers - architecture.expertLayers, expert: false)
            + layers(architecture.expertLayers, expert: true) + kernel.time(calls: 2, bytes: ends)
    }

    /// Widths of what one layer's products read, each quantised by a pass of its own.
    private func quantisedInputs(expert: Bool) -> [Int] {
        let feed = architecture.feedForward
        let width = expert ? feed.experts?.sharedIntermediateSize ?? 0 : feed.intermediateSize
        let matrices = work.attentionMatrices + work.feedForwardMatrices(width: width)
        return matrices.filter(\.quantised).map(\.inputs)
    }

    /// Two sums per layer: after the attention block and after the feed-forward block.
    private func allReduce(_ tokens: Int) -> Double {
        guard split.tensor > 1 else { return 0 }
        return 2 * Double(architecture.layers)
            * kernels.allReduce.time(.allReduce(ranks: split.tensor, bytes: residualBytes(tokens)))
    }

    private func send(_ tokens: Int) -> Double {
        let kernel = kernels.allReduce
        return Double(split.pipeline - 1) * kernel.time(calls: 1, bytes: Double(residualBytes(tokens)))
    }

    private func residualBytes(_ tokens: Int) -> Int {
        Int((Double(tokens * architecture.hiddenSize) * kernels.allReduce.elementBytes).rounded(.up))
    }

    /// Output projection of `sequences` rows, gathering of logits over ranks, and sampling: ten small calls that pass
    /// over the logits in fp32 three times (LLMServingSim 5daddb2, sampler times). Nanoseconds; 0 for none.
    func output(sequences: Int) -> Double {
        guard sequences > 0 else { return 0 }
        let slice = (architecture.vocabularySize + split.tensor - 1) / split.tensor
        let product = kernels.plain.time(.gemm(m: sequences, n: slice, k: architecture.hiddenSize))
        let logits = Double(sequences) * Double(architecture.vocabularySize)
        let sampling = kernels.elementwise.time(calls: 10, bytes: logits * (kernels.elementwise.elementBytes + 12))
        guard split.tensor > 1 else { return product + sampling }
        let share = Double(split.tensor - 1) / Double(split.tensor)
        let gathered = KernelWork(
            operations: Double(split.tensor - 1), streamed: share * logits * kernels.allReduce.elementBytes)
        return product + sampling + kernels.allReduce.time(gathered)
    }
}
