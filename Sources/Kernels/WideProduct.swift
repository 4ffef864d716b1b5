import CKernels

/// Products of four vectors with two, eight floats at a time.
enum WideProduct {
    typealias Row = UnsafePointer<Float>

    /// Element 2·i + j is x[i] · w[j] over `count` elements. The places `ahead` elements further in both w are asked
    /// for on the way; 0 asks for nothing.
    /// - Precondition: ``VectorUnit/best`` is not ``VectorUnit/baseline``.
    @inline(__always) static func fourByTwo(
        _ x: (Row, Row, Row, Row), _ w: (Row, Row), count: Int, ahead: Int
    ) -> SIMD8<Float> {
        var sums = SIMD8<Float>.zero
        withUnsafeTemporaryAllocation(of: Row?.self, capacity: 6) { rows in
            (rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]) = (x.0, x.1, x.2, x.3, w.0, w.1)
            guard let first = rows.baseAddress else { return }
            withUnsafeMutableBytes(of: &sums) { sums in
                isocost_dot_4x2(first, first + 4, count, ahead, sums.assumingMemoryBound(to: Float.self).baseAddress)
            }
        }
        return sums
    }
}
