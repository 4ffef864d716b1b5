import Testing

@testable import Reports

@Suite struct LabelPlacementTests {
    private let area = Box(x: 0, y: 0, width: 400, height: 300)

    @Test func aLonelyPointHasItsLabelOnTheRight() throws {
        var placement = LabelPlacement(area: area, fontSize: 12)
        let placed = placement.place("one", x: 100, y: 100)
        let label = try #require(placed)
        #expect(label.box.x == 110)
        #expect(label.anchor == "start")
        #expect(!label.leader)
    }

    @Test func atTheEdgeItGoesToTheLeft() throws {
        var placement = LabelPlacement(area: area, fontSize: 12)
        let placed = placement.place("a longer name", x: 395, y: 150)
        let label = try #require(placed)
        #expect(label.box.maxX <= 395)
        #expect(label.anchor == "end")
        #expect(label.anchorX == label.box.maxX)
    }

    @Test func labelsNeverOverlapAndStayInside() {
        // Forty points in a heap: whatever is placed is apart from all else.
        var placement = LabelPlacement(area: area, fontSize: 12, obstacles: [Box(x: 0, y: 140, width: 400, height: 2)])
        var boxes = placement.obstacles
        var placed = 0
        for index in 0..<40 {
            let (x, y) = (Double(index * 37 % 360) + 20, Double(index * 53 % 260) + 20)
            guard let label = placement.place("strategy \(index)", x: x, y: y) else { continue }
            placed += 1
            #expect(area.contains(label.box))
            #expect(!boxes.contains(where: label.box.overlaps), "label \(index)")
            boxes.append(label.box)
        }
        #expect(placed >= 20)
    }

    @Test func whereThereIsNoRoomThereIsNoLabel() {
        var placement = LabelPlacement(area: Box(x: 0, y: 0, width: 30, height: 20), fontSize: 12)
        let placed = placement.place("far too long for this", x: 15, y: 10)
        #expect(placed == nil)
    }

    @Test func leadersCrossNoLabel() {
        var placement = LabelPlacement(area: area, fontSize: 12)
        var placed: [LabelPlacement.Label] = []
        for index in 0..<12 {
            let (x, y) = (100 + Double(index % 4) * 40, 110 + Double(index / 4) * 26)
            guard let label = placement.place("strategy \(index)", x: x, y: y) else { continue }
            if label.leader {
                let end = LabelPlacement.nearest(to: (x, y), on: label.box)
                for share in stride(from: 0.0, to: 1, by: 0.05) {
                    let dot = Box(
                        x: x + (end.x - x) * share - 0.1, y: y + (end.y - y) * share - 0.1, width: 0.2, height: 0.2)
                    #expect(!placed.contains { $0.box.overlaps(dot) }, "label \(index)")
                }
            }
            placed.append(label)
        }
        #expect(placed.count >= 6)
    }

    @Test func farLabelsHaveALeader() throws {
        let wall = Box(x: 70, y: 85, width: 200, height: 30)
        var placement = LabelPlacement(area: area, fontSize: 12, obstacles: [wall])
        let placed = placement.place("name", x: 170, y: 100)
        #expect(try #require(placed).leader)
    }
}

@Suite struct TextMetricsTests {
    @Test func widthGrowsWithText() {
        #expect(TextMetrics.width("", size: 12) == 0)
        #expect(TextMetrics.width("iii", size: 12) < TextMetrics.width("www", size: 12))
        #expect(TextMetrics.width("日本", size: 10) > TextMetrics.width("ab", size: 10))
        #expect(TextMetrics.width("abc", size: 24) == 2 * TextMetrics.width("abc", size: 12))
    }

    @Test func truncationFits() {
        #expect(TextMetrics.truncated("short", to: 100, size: 12) == "short")
        let cut = TextMetrics.truncated("a rather long strategy name", to: 80, size: 12)
        #expect(cut.hasSuffix("…"))
        #expect(TextMetrics.width(cut, size: 12) <= 80)
        #expect(!cut.contains(" …"))
    }

    @Test func boxes() {
        let box = Box(x: 0, y: 0, width: 10, height: 10)
        #expect(box.overlaps(Box(x: 9, y: 9, width: 5, height: 5)))
        #expect(!box.overlaps(Box(x: 10, y: 0, width: 5, height: 5)), "touching is not overlapping")
        #expect(box.contains(box.inset(1)))
        #expect(!box.inset(1).contains(box))
    }
}

@Suite struct SeriesStyleTests {
    @Test func neighboursDifferInEverything() {
        let styles = (0..<7).map(SeriesStyle.init)
        #expect(Set(styles.map(\.cssClass)).count == 7)
        #expect(Set(styles.map(\.markerPath.text)).count == 7)
        #expect(Set(styles.map(\.dash)).count == 7)
    }

    @Test func pairsOfHueAndMarkerDoNotRepeatEarly() {
        let pairs = (0..<49).map { SeriesStyle($0) }.map { $0.cssClass + $0.markerPath.text }
        #expect(Set(pairs).count == 49)
    }

    @Test func everyHueIsInTheStylesheet() {
        for index in 0..<SeriesStyle.hues {
            #expect(Stylesheet.text.contains("--s\(index):"))
            #expect(Stylesheet.text.contains(".line.s\(index){"))
        }
    }
}
