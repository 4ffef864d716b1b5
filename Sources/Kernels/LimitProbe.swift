/// Runs what a machine's limits are measured by, on arrays that it keeps: a large square product, and copying and
/// reading memory that exceeds the caches.
package final class LimitProbe {
    /// Multiplications and additions of one product.
    package let operations: Double
    /// Bytes read plus bytes written by one copy.
    package let copyBytes: Double
    /// Bytes of one reading.
    package let readBytes: Double
    private let team: ThreadTeam
    private let size: Int
    private let factors: [Matrix]
    private let arrays: [Matrix]

    /// The two arrays of the memory rates exceed the last cache fourfold (twofold when quick) where `memoryBytes`
    /// leaves room for both; with less the rates are those of a cache.
    package init(on machine: HostMachine, team: ThreadTeam, quick: Bool, memoryBytes: Int = .max) {
        let wanted = (quick ? 2 : 4) * machine.lastLevelCacheBytes
        let bytes = min(wanted, max(min(memoryBytes, machine.memoryBytes / 4) / 2, 1 << 18))
        let size = quick ? 768 : 2048
        self.team = team
        self.size = size
        factors = (0..<3).map { _ in Matrix(rows: size, columns: size) }
        arrays = (0..<2).map { _ in Matrix(rows: 1, columns: bytes / 4) }
        operations = 2 * Double(size) * Double(size) * Double(size)
        copyBytes = 2 * Double(bytes / 4) * 4
        readBytes = Double(bytes / 4) * 4
    }

    /// Times the product: OpenBLAS' `sgemm`, each thread its share of the columns.
    package func product(_ sampler: Sampler) -> TimingSample {
        sampler.measure { _ in
            MatMul.multiply(factors[0].pointer, rows: size, by: factors[1].weights, into: factors[2].pointer, on: team)
        }
    }

    /// Times the copy (STREAM's "copy").
    package func copy(_ sampler: Sampler) -> TimingSample {
        sampler.measure { _ in
            team.split(arrays[0].columns, grain: 4096) { part in
                (arrays[1].pointer + part.lowerBound)
                    .update(from: arrays[0].pointer + part.lowerBound, count: part.count)
            }
        }
    }

    /// Times the reading: a sum.
    package func read(_ sampler: Sampler) -> TimingSample {
        let sums = Matrix(rows: team.threads, columns: 16)
        return sampler.measure { _ in
            let floats = arrays[0].columns
            team.deal(team.threads) { worker, _ in
                let part = floats * worker / team.threads..<floats * (worker + 1) / team.threads
                sums[worker, 0] = VectorMath.streamingSum(arrays[0].pointer + part.lowerBound, count: part.count)
            }
        }
    }
}
