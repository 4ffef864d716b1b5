/// The gated activation of Llama-like feed-forward blocks (SwiGLU, Shazeer 2020, arXiv 2002.05202).
enum Activation {
    /// For each of `rows` rows: `output`[i] = g·σ(g)·u with g = `gateUp`[i], u = `gateUp`[`width` + i].
    ///
    /// `gateUp` is `rows` × 2·`width` (gate first), `output` `rows` × `width`. Rows are divided over the team.
    static func gatedSiLU(
        _ gateUp: UnsafePointer<Float>, rows: Int, width: Int, into output: UnsafeMutablePointer<Float>,
        on team: ThreadTeam
    ) {
        team.split(rows, grain: Elementwise.rowsPerThread(width)) { part in
            for row in part {
                let gate = gateUp + row * 2 * width
                gatedRow(gate, gate + width, width, into: output + row * width)
            }
        }
    }

    @inline(__always) private static func gatedRow(
        _ gate: UnsafePointer<Float>, _ up: UnsafePointer<Float>, _ width: Int,
        into output: UnsafeMutablePointer<Float>
    ) {
        var index = 0
        while index + 16 <= width {
            product(Lanes(at: gate + index), Lanes(at: up + index)).store(to: output + index)
            index += 16
        }
        let rest = width - index
        guard rest > 0 else { return }
        product(Lanes(at: gate + index, count: rest), Lanes(at: up + index, count: rest))
            .store(to: output + index, count: rest)
    }

    @inline(__always) private static func product(_ gate: Lanes, _ up: Lanes) -> Lanes {
        gate * up / (Lanes(repeating: 1) + VectorMath.exponential(Lanes.zero - gate))
    }
}
