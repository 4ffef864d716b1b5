/// How the strategy of one index looks in every chart: colour of the Okabe–Ito palette (told apart by all common kinds
/// of colour blindness), marker and dash, so that no distinction rests on colour alone.
struct SeriesStyle: Equatable {
    var index: Int

    init(_ index: Int) { self.index = index }

    /// Hues before they repeat; yellow is left out, it vanishes on white.
    static let hues = 7

    /// CSS class that sets the colour.
    var cssClass: String { "s\(index % Self.hues)" }

    /// `stroke-dasharray`, empty for a solid line.
    var dash: String { ["", "7 3", "2 3", "9 3 2 3", "4 4", "12 4", "1 4"][(index + index / Self.hues) % 7] }

    /// The marker's outline about (0, 0), some 10 pixels across. Seven shapes against seven hues repeat a pair only
    /// after 49 strategies.
    var markerPath: Markup {
        [
            "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0Z", "M-4.2-4.2h8.4v8.4h-8.4Z", "M0-5.4L5.2 4H-5.2Z",
            "M0-5.8L5.2 0L0 5.8L-5.2 0Z", "M0 5.4L5.2-4H-5.2Z",
            "M-1.8-5.2h3.6v3.4h3.4v3.6h-3.4v3.4h-3.6v-3.4h-3.4v-3.6h3.4Z",
            "M0-5.6L5.3-1.7L3.3 4.5H-3.3L-5.3-1.7Z",
        ][(index + index / Self.hues) % 7]
    }

    func marker(x: Double, y: Double, state: String = "") -> Markup {
        #"<path class="mark \#(cssClass)\#(state)" transform="translate(\#(x) \#(y))" d="\#(markerPath)"/>"#
    }
}
