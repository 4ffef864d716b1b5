/// A kernel's time law with its coefficients in nanoseconds; the law of ``KernelFit``.
struct TimedKernel: Hashable, Sendable {
    var overhead: Double
    var perOperation: Double
    var perByte: Double
    var perRowByte: Double
    var overlap: KernelFit.Overlap
    /// Bytes of one weight, and of one activation or cached element, that the coefficients were made for.
    var weightBytes: Double
    var elementBytes: Double
    /// Factor by rows of a matrix product.
    var curve = RowCurve.flat
    /// Products that need no law.
    var measured = MeasuredProducts.none

    /// Nanoseconds for `work`.
    func time(_ work: KernelWork) -> Double {
        overhead + perRowByte * work.rows
            + overlap.join(perOperation * work.operations, perByte * work.streamed)
    }

    /// Nanoseconds for a shape, in this kernel's own element sizes.
    func time(_ shape: KernelShape) -> Double {
        guard case .gemm(let rows, let outputs, let inputs) = shape else {
            return time(shape.work(weightBytes: weightBytes, elementBytes: elementBytes))
        }
        func law(_ rows: Int) -> Double {
            let product = KernelShape.gemm(m: rows, n: outputs, k: inputs)
            return curve.factor(rows: rows)
                * time(product.work(weightBytes: weightBytes, elementBytes: elementBytes))
        }
        return measured.time(rows: rows, outputs: outputs, inputs: inputs, beside: law) ?? law(rows)
    }

    /// Nanoseconds for `calls` calls that move `bytes` in total.
    func time(calls: Int, bytes: Double) -> Double { Double(calls) * overhead + perByte * bytes }
}

/// The time laws of all parts on one device, however they were come by.
struct StepKernels: Sendable {
    /// Products with the layers' matrices, quantised or not.
    var matrices: TimedKernel
    /// Products with what is never quantised: output projection and router.
    var plain: TimedKernel
    /// Grouped products of routed experts.
    var experts: TimedKernel
    var prefill: TimedKernel
    var decode: TimedKernel
    var elementwise: TimedKernel
    var allReduce: TimedKernel
    /// Nanoseconds per step and per sequence in it.
    var host: (perStep: Double, perSequence: Double)
    var provenance: [PartProvenance]
    /// Added to decode attention's time per context token, as its share per further query head of a KV head, in steps
    /// that also compute prompt chunks.
    var mixedAttention = 0.0
    /// Whether products multiply narrower numbers than the activations are kept in.
    var quantisesActivations = false
}
