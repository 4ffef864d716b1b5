extension ModelCatalogue {
    /// The listing of `models list`: one line per model.
    public static func listing() -> String {
        var table = TextTable([
            ("model", .left), ("parameters", .right), ("active", .right), ("layers", .right), ("attention", .left),
            ("bf16 GiB", .right), ("KV kB/token", .right), ("context", .right), ("published", .left),
        ])
        for entry in all {
            let model = entry.architecture
            table.add([
                entry.name, billions(model.parameterCount), billions(model.activeParameterCount),
                decimal(Double(model.layers)),
                model.attentionSummary, decimal(Double(model.weightBytes(.bf16)) / 1_073_741_824, places: 1),
                decimal(Double(model.kvBytesPerToken(.bf16)) / 1_000, places: 1), decimal(Double(model.contextLength)),
                entry.date,
            ])
        }
        return table.text
    }

    private static func billions(_ count: Int) -> String { decimal(Double(count) / 1e9, places: 2) + " B" }
}

extension CatalogueModel {
    /// The page of `models show`: shape, counts and bytes under every precision.
    public var details: String {
        var facts = TextTable([("\(name)", .left), ("", .left)])
        for (label, value) in architecture.facts { facts.add([label, value]) }
        facts.add(["published parameters", decimal(Double(publishedParameters))])
        facts.add(["source", "\(source), \(date)"])
        facts.add(["also called", aliases.joined(separator: ", ")])
        return facts.text + "\n" + architecture.precisionTable
    }
}

extension ModelArchitecture {
    /// E.g. `GQA 32/8×128`, `MLA 128, rank 512+64`, with the window where there is one.
    var attentionSummary: String {
        let base =
            switch attention {
            case .grouped(let shape):
                "\(shape.kvHeads == shape.heads ? "MHA" : "GQA") \(shape.heads)/\(shape.kvHeads)×\(shape.headDim)"
            case .latent(let shape): "MLA \(shape.heads), rank \(shape.keyValueRank)+\(shape.ropeHeadDim)"
            }
        return slidingWindow.map { "\(base), \($0.layers) layers see \($0.tokens)" } ?? base
    }

    /// Shape and counts as label and value, for a page.
    public var facts: [(label: String, value: String)] {
        var rows = [
            ("parameters", decimal(Double(parameterCount))),
            ("active per token", decimal(Double(activeParameterCount))),
            ("layers", "\(layers)"), ("hidden size", decimal(Double(hiddenSize))), ("attention", attentionSummary),
            ("vocabulary", decimal(Double(vocabularySize)) + (tiedEmbeddings ? ", tied" : "")),
            ("context length", decimal(Double(contextLength))), ("published in", nativeFormat.rawValue),
        ]
        if feedForward.intermediateSize > 0 {
            rows.append(
                ("feed-forward", decimal(Double(feedForward.intermediateSize)) + (feedForward.gated ? ", gated" : "")))
        }
        if let experts = feedForward.experts {
            let width = decimal(Double(experts.intermediateSize))
            let many = "\(experts.perToken) of \(experts.experts), \(width) wide, in \(expertLayers) layers"
            rows.append(("experts", many))
        }
        return rows
    }

    /// Weights and cache in every precision.
    var precisionTable: String {
        var table = TextTable([("precision", .left), ("weights GiB", .right), ("KV bytes/token", .right)])
        for precision in Precision.all {
            table.add([
                precision.name, decimal(Double(weightBytes(precision)) / 1_073_741_824, places: 2),
                decimal(Double(kvBytesPerToken(precision))),
            ])
        }
        return table.text
    }
}
