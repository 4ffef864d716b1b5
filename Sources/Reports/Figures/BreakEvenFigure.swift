/// Where the decision flips, in plain values: what each strategy costs while the prices of one market move and those of
/// the other stay.
public struct BreakEvenFigure: Sendable, Equatable {
    /// One strategy's cost along the ratio.
    public struct Line: Sendable, Equatable {
        /// The strategy's name, as in the result.
        public var strategy: String
        /// Ratio (> 0, ascending, 1 = today) and dollars in the unit of ``BreakEvenFigure/costTitle``.
        public var points: [Point]

        /// A line from its points.
        public init(strategy: String, points: [Point]) {
            self.strategy = strategy
            self.points = points
        }
    }

    /// A place in the picture.
    public struct Point: Sendable, Equatable {
        /// Prices as a multiple of today's.
        public var ratio: Double
        /// Dollars.
        public var cost: Double

        /// A point from its coordinates.
        public init(ratio: Double, cost: Double) {
            self.ratio = ratio
            self.cost = cost
        }
    }

    /// Where the cheapest strategy changes.
    public struct Crossing: Sendable, Equatable {
        /// Where the lines meet.
        public var point: Point
        /// The cheapest below the ratio.
        public var below: String
        /// The cheapest above it.
        public var above: String

        /// A crossing from its parts.
        public init(point: Point, below: String, above: String) {
            self.point = point
            self.below = below
            self.above = above
        }
    }

    /// Title of the horizontal axis, e.g. `Marketplace prices, as a multiple of today's`.
    public var ratioTitle: String
    /// Title of the vertical axis, e.g. `Dollars per hour`.
    public var costTitle: String
    /// Winner and rivals, in the order of the scenario.
    public var lines: [Line]
    /// In ascending order of the ratio.
    public var crossings: [Crossing]
    /// What the picture says, in sentences.
    public var sentences: [String]

    /// A figure from its parts.
    public init(ratioTitle: String, costTitle: String, lines: [Line], crossings: [Crossing], sentences: [String]) {
        self.ratioTitle = ratioTitle
        self.costTitle = costTitle
        self.lines = lines
        self.crossings = crossings
        self.sentences = sentences
    }
}
