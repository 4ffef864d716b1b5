import PerformanceModel
import Testing

@testable import Kernels

/// What holds for the grid of every model that can be calibrated.
@Suite struct CalibrationGridPropertyTests {
    static let rates = MachineLimits(
        gemmOperationsPerSecond: 2e11, copyBytesPerSecond: 2e10, readBytesPerSecond: 3e10)

    static let models = ModelCatalogue.all.map(\.architecture).filter { (try? DecoderShape(calibrating: $0)) != nil }

    static func limits(memory: Int = 8 << 30, longest: Double = 0.6) -> CalibrationGrid.Limits {
        .init(memoryBytes: memory, longestRun: longest, machine: rates)
    }

    @Test func someModelsCanBeCalibrated() { #expect(Self.models.count >= 10) }

    @Test(arguments: models)
    func everyModelIsCoveredWithinTheLimits(model: ModelArchitecture) throws {
        let shape = try DecoderShape(calibrating: model)
        let limits = Self.limits()
        let points = CalibrationGrid([shape], limits: limits).points
        #expect(points == CalibrationGrid([shape], limits: limits).points)
        #expect(Set(points).count == points.count)
        #expect(Set(points.map(\.shape.kernel)).count == 5)
        for point in points {
            #expect(point.footprint <= limits.memoryBytes)
            let work = point.shape.work(weightBytes: 4, elementBytes: 4)
            #expect(work.operations / 2e11 <= 0.6 && Double(point.footprint) / 3e10 <= 0.6)
        }
        // Every matrix of a layer, by each number of rows that the limits leave.
        let matrices = [
            ((shape.heads + 2 * shape.kvHeads) * shape.headDim, shape.hiddenSize),
            (shape.hiddenSize, shape.heads * shape.headDim), (2 * shape.intermediateSize, shape.hiddenSize),
            (shape.hiddenSize, shape.intermediateSize),
        ]
        for (n, k) in matrices {
            for m in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] {
                let bytes = 4 * (n * k + m * (n + k))
                let fits = bytes <= limits.memoryBytes && Double(2 * m * n * k) <= 1.2e11 && Double(bytes) <= 1.8e10
                #expect(points.contains(.gemm(m: m, n: n, k: k)) == fits, "\(model.name) \(m) × \(n) × \(k)")
            }
        }
    }

    /// The sizes of a family ascend, so that rows kept out of the fit lie between rows in it.
    @Test(arguments: models)
    func sizesAscend(model: ModelArchitecture) throws {
        let points = CalibrationGrid([try DecoderShape(calibrating: model)], limits: Self.limits()).points
        var last: [String: Int] = [:]
        for point in points {
            let (family, size) = Self.family(point)
            if let before = last[family] { #expect(before < size, "\(family)") }
            last[family] = size
        }
        #expect(last.count > 10)
    }

    private static func family(_ point: CalibrationGrid.Point) -> (String, Int) {
        switch point {
        case .gemm(let m, let n, let k, let format): ("gemm \(format) \(n) \(k)", m)
        case .prefill(_, let tokens, let cached): ("prefill after \(cached)", tokens)
        case .decode(_, let sequences, let context): ("decode of \(sequences)", context)
        case .elementwise(_, let kernel, let tokens): ("\(kernel)", tokens)
        case .step(let sequences): ("step", sequences)
        }
    }

    /// More memory or more time only ever adds points, apart from the output projection, whose cut moves.
    @Test(arguments: models)
    func limitsAreMonotone(model: ModelArchitecture) throws {
        let shape = try DecoderShape(calibrating: model)
        let cut = { (point: CalibrationGrid.Point) -> Bool in
            guard case .gemm(_, let n, let k, _) = point else { return false }
            return k == shape.hiddenSize
                && ![shape.projectionWidth, shape.hiddenSize, 2 * shape.intermediateSize].contains(n)
        }
        var before: Set<CalibrationGrid.Point> = []
        for exponent in [20, 24, 28, 32, 36] {
            let points = CalibrationGrid([shape], limits: Self.limits(memory: 1 << exponent, longest: 10)).points
            #expect(before.isSubset(of: points), "2^\(exponent) bytes")
            before = Set(points.filter { !cut($0) })
        }
        before = []
        for longest in [0.0001, 0.01, 1, 100] {
            let points = CalibrationGrid([shape], limits: Self.limits(longest: longest)).points
            #expect(before.isSubset(of: points), "\(longest) s")
            before = Set(points)
        }
    }

    /// Several models: every point of each, shared ones once, and the steps of the host once.
    @Test func modelsJoin() throws {
        let shapes = try Self.models.prefix(5).map { try DecoderShape(calibrating: $0) }
        let joint = CalibrationGrid(Array(shapes), limits: Self.limits()).points
        let apart = shapes.map { CalibrationGrid([$0], limits: Self.limits()).points }
        #expect(Set(joint) == Set(apart.joined()))
        #expect(joint.count == Set(joint).count && joint.count < apart.reduce(0) { $0 + $1.count })
        #expect(joint.count { $0.shape.kernel == .stepOverhead } == 6)
        #expect(
            CalibrationGrid([], limits: Self.limits()).points.map(\.shape.kernel)
                == Array(repeating: .stepOverhead, count: 6))
    }

    /// Bytes by hand for a decoder of 4 and 2 heads of 4, hidden 16, intermediate 24.
    @Test func footprintsByHand() throws {
        let shape = try DecoderShape(
            hiddenSize: 16, heads: 4, kvHeads: 2, headDim: 4, intermediateSize: 24, layers: 1, vocabularySize: 32)
        typealias Point = CalibrationGrid.Point
        // 5·3 weights, 2·(5 + 3) activations.
        #expect(
            Point.gemm(m: 2, n: 5, k: 3).footprint == 4 * (15 + 16) && Point.gemm(m: 2, n: 5, k: 3).weightBytes == 64)
        // Queries and outputs of 3 tokens, 16 each; keys and values of 10, 8 each.
        #expect(Point.prefill(shape, tokens: 3, cached: 7).footprint == 4 * (2 * 3 * 16 + 2 * 10 * 8))
        #expect(Point.decode(shape, sequences: 3, context: 10).footprint == 4 * 2 * 3 * 10 * 8)
        // Hidden rows in and out; 8 heads' worth of projections in and out; gate, up and product.
        #expect(Point.elementwise(shape, .norm, tokens: 5).footprint == 5 * 2 * 16 * 4)
        #expect(Point.elementwise(shape, .rotary, tokens: 5).footprint == 5 * 2 * 32 * 4)
        #expect(Point.elementwise(shape, .activation, tokens: 5).footprint == 5 * 3 * 24 * 4)
        #expect(Point.step(sequences: 9).footprint == 0 && Point.step(sequences: 9).weightBytes == 0)
        #expect(Point.decode(shape, sequences: 3, context: 10).weightBytes == 0)
    }
}
