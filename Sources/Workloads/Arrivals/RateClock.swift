import Primitives

/// The inverse of a rate curve's integral: turns operational time, in which the rate is 1, into seconds. Exact within
/// rounding: a linear piece is inverted in closed form.
struct RateClock {
    /// A stretch of time with a linear rate; `duration` may be infinite (then the rate is constant).
    private struct Piece {
        var duration: Double
        var first: Double
        var last: Double

        var area: Double { duration == .infinity && first > 0 ? .infinity : (first + last) / 2 * duration }
    }

    private let curve: RateCurve
    private let key: RandomKey
    private var piece = Piece(duration: 0, first: 0, last: 0)
    private var pieceStart = 0.0
    private var pieceStartOperational = 0.0
    /// Pieces taken so far.
    private var taken = 0
    private var state = 0

    /// - Precondition: the curve is valid.
    init(_ curve: RateCurve, key: RandomKey) {
        self.curve = curve
        self.key = key
    }

    /// Seconds at which the integrated rate reaches `target`; `nil` if it never does, or not before `horizon`.
    /// Targets must not fall from call to call.
    mutating func seconds(at target: Double, horizon: Double) -> Double? {
        while pieceStartOperational + piece.area < target || piece.duration == 0 {
            pieceStartOperational += piece.area
            pieceStart += piece.duration
            guard pieceStart < horizon else { return nil }
            piece = nextPiece()
            if piece.duration == .infinity, piece.first == 0 { return nil }
        }
        let seconds = pieceStart + offset(of: target - pieceStartOperational)
        return seconds < horizon ? seconds : nil
    }

    /// Solves first·t + slope·t²/2 = area for t, in the form that does not cancel.
    private func offset(of area: Double) -> Double {
        guard area > 0 else { return 0 }
        guard piece.first != piece.last else { return area / piece.first }
        let slope = (piece.last - piece.first) / piece.duration
        let root = max(0, piece.first * piece.first + 2 * slope * area).squareRoot()
        return min(piece.duration, 2 * area / (piece.first + root))
    }

    private mutating func nextPiece() -> Piece {
        defer { taken += 1 }
        switch curve {
        case .constant(let rate): return Piece(duration: .infinity, first: rate, last: rate)
        case .steps(let points, let period): return fixedPiece(points, period, isLinear: false)
        case .linear(let points, let period): return fixedPiece(points, period, isLinear: true)
        case .bursts(let states): return burst(states)
        }
    }

    private func fixedPiece(_ points: [RatePoint], _ period: Double?, isLinear: Bool) -> Piece {
        let index = period == nil ? min(taken, points.count - 1) : taken % points.count
        let point = points[index]
        if index + 1 < points.count {
            let next = points[index + 1]
            return Piece(
                duration: next.seconds - point.seconds, first: point.rate, last: isLinear ? next.rate : point.rate)
        }
        guard let period else { return Piece(duration: .infinity, first: point.rate, last: point.rate) }
        let last = isLinear ? points[0].rate : point.rate
        return Piece(duration: period - point.seconds, first: point.rate, last: last)
    }

    private mutating func burst(_ states: [BurstState]) -> Piece {
        let draws = key.derived(UInt64(taken))
        if taken == 0 {
            state = WeightedChoice(weights: states.map(\.meanDwell))?.index(at: draws.uniform(0)) ?? 0
        } else {
            let step = 1 + min(states.count - 2, Int(draws.uniform(0) * Double(states.count - 1)))
            state = (state + step) % states.count
        }
        let dwell = -states[state].meanDwell * Mathematics.log(draws.uniform(1))
        return Piece(duration: max(dwell, 1e-12), first: states[state].rate, last: states[state].rate)
    }
}
