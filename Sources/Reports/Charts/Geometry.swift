/// A rectangle in SVG coordinates: y grows downwards.
struct Box: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var maxX: Double { x + width }
    var maxY: Double { y + height }

    func overlaps(_ other: Box) -> Bool {
        x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
    }

    func contains(_ other: Box) -> Bool {
        other.x >= x && other.maxX <= maxX && other.y >= y && other.maxY <= maxY
    }

    func inset(_ margin: Double) -> Box {
        Box(x: x + margin, y: y + margin, width: width - 2 * margin, height: height - 2 * margin)
    }
}

/// Estimated sizes of text in a sans-serif face, on the wide side, so that what is laid out apart stays apart.
enum TextMetrics {
    /// Width in pixels at `size` pixels.
    static func width(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + advance($1) } * size
    }

    private static func advance(_ character: Character) -> Double {
        if DisplayWidth.of(character) == 2 { return 1.05 }
        if "iljtfr.,:;|!'()[] -/·".contains(character) { return 0.34 }
        if "mwMW@%—".contains(character) { return 0.9 }
        return character.isUppercase ? 0.7 : 0.58
    }

    /// `text` cut with `…` to at most `width` pixels.
    static func truncated(_ text: String, to width: Double, size: Double) -> String {
        guard Self.width(text, size: size) > width else { return text }
        var kept = text
        while !kept.isEmpty, Self.width(kept + "…", size: size) > width { kept.removeLast() }
        while kept.hasSuffix(" ") { kept.removeLast() }
        return kept + "…"
    }
}

/// Finds room for the labels of points, greedily and in order: beside the point first, then farther off with a leader.
struct LabelPlacement {
    struct Label: Equatable {
        var text: String
        var box: Box
        /// The side of the box that keeps its place should the text be narrower than estimated: `start`, `middle`
        /// or `end`.
        var anchor: String
        /// Whether the label is so far off that a line must lead to the point.
        var leader: Bool

        var anchorX: Double { anchor == "start" ? box.x : anchor == "end" ? box.maxX : box.x + box.width / 2 }
    }

    let area: Box
    let fontSize: Double
    /// Boxes no label may touch: markers, lines' labels, labels already placed.
    private(set) var obstacles: [Box]
    private var labels: [Box] = []

    init(area: Box, fontSize: Double, obstacles: [Box] = []) {
        self.area = area
        self.fontSize = fontSize
        self.obstacles = obstacles
    }

    /// Places `text` near (x, y), or returns `nil` where there is no free room within 52 pixels.
    mutating func place(_ text: String, x: Double, y: Double) -> Label? {
        let width = TextMetrics.width(text, size: fontSize)
        let height = fontSize * 1.25
        for distance in [10.0, 22, 36, 52] {
            for (dx, dy) in Self.directions {
                let left = dx > 0 ? x + dx * distance : dx < 0 ? x + dx * distance - width : x - width / 2
                let top = y + dy * distance - height / 2 + (dy == 0 ? 0 : dy.sign == .minus ? -2 : 2)
                let box = Box(x: left, y: top, width: width, height: height)
                guard area.contains(box), !obstacles.contains(where: box.overlaps) else { continue }
                let leader = distance > 12 ? Self.leader(from: (x, y), to: box) : []
                guard !leader.contains(where: { dot in labels.contains(where: dot.overlaps) }) else { continue }
                obstacles += [box] + leader
                labels.append(box)
                let anchor = dx > 0 ? "start" : dx < 0 ? "end" : "middle"
                return Label(text: text, box: box, anchor: anchor, leader: distance > 12)
            }
        }
        return nil
    }

    /// A line from the point to the label's nearest edge, as a row of dots.
    private static func leader(from point: (x: Double, y: Double), to box: Box) -> [Box] {
        let end = nearest(to: point, on: box)
        return (0..<16).map { step in
            let share = Double(step) / 16
            let (x, y) = (point.x + (end.x - point.x) * share, point.y + (end.y - point.y) * share)
            return Box(x: x - 1, y: y - 1, width: 2, height: 2)
        }
    }

    /// The point of the box's edge, or inside, that is nearest to `point`.
    static func nearest(to point: (x: Double, y: Double), on box: Box) -> (x: Double, y: Double) {
        (min(max(point.x, box.x), box.maxX), min(max(point.y, box.y), box.maxY))
    }

    private static let directions: [(Double, Double)] = [
        (1, 0), (-1, 0), (0, -1), (0, 1), (0.8, -0.8), (0.8, 0.8), (-0.8, -0.8), (-0.8, 0.8),
    ]
}
