extension ConfigReader {
    /// The precision that `quantization_config` describes; the plain one of `native` when there is none.
    func precision(native: NumberFormat) throws -> Precision {
        guard let config = try outer.object("quantization_config") ?? text.object("quantization_config") else {
            return Precision(
                name: native.rawValue, weights: native, activations: native, compute: native, kvCache: native)
        }
        let base = try quantised(config)
        guard native == .fp16 else { return base }
        var half = base
        half.activations = .fp16
        half.kvCache = .fp16
        if half.compute == .bf16 { half.compute = .fp16 }
        return half
    }

    private func quantised(_ config: JSONFields) throws -> Precision {
        guard let method = try config.string("quant_method") else { throw config.error("quant_method", "is missing") }
        switch method {
        case "gptq", "awq", "gptq_marlin", "awq_marlin", "auto-round":
            return try grouped(
                bits: config.required("bits", "w_bit"), group: try group(config), field: ("bits", config))
        case "fp8", "fbgemm_fp8": return .fp8
        case "mxfp4": return .mxfp4
        case "bitsandbytes":
            return try config.flag("load_in_4bit") == true ? .int4 : .int8
        case "compressed-tensors": return try compressed(config)
        default:
            throw config.error(
                "quant_method", "`\(method)` is not gptq, awq, fp8, mxfp4, bitsandbytes or compressed-tensors")
        }
    }

    /// Elements per group; `-1` means one group per row, too few scales to count.
    private func group(_ config: JSONFields) throws -> Int? {
        if case .number(let value)? = config.fields["group_size"], value < 0 { return nil }
        return try config.size("group_size", "q_group_size") ?? 128
    }

    private func grouped(bits: Int, group: Int?, field: (String, JSONFields)) throws -> Precision {
        guard bits == 4 || bits == 8 else {
            throw field.1.error(field.0, "`\(bits)` bits are not supported, only 4 and 8 are")
        }
        var precision = bits == 4 ? Precision.int4 : .int8
        precision.groupSize = group
        if let group, group != 128 { precision.name += "-g\(group)" }
        return precision
    }

    /// `config_groups.*.weights` of the compressed-tensors format; all groups must agree.
    private func compressed(_ config: JSONFields) throws -> Precision {
        guard let groups = try config.object("config_groups"), let name = groups.fields.keys.min(),
            let first = try groups.object(name), let weights = try first.object("weights")
        else { throw config.error("config_groups", "is missing or has no weights") }
        let bits = try weights.required("num_bits")
        let activations = try first.object("input_activations")
        switch (try weights.string("type") ?? "int", bits, activations != nil) {
        case ("float", 8, _): return .fp8
        case ("int", 8, true): return .w8a8
        case ("int", _, _): return try grouped(bits: bits, group: try group(weights), field: ("num_bits", weights))
        default: throw weights.error("type", "of \(bits) bits is not supported")
        }
    }
}
