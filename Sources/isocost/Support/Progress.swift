import Foundation
import Reports
import Synchronization

/// A progress bar on standard error, where that is a terminal and the user did not ask for quiet.
final class Progress: Sendable {
    private let unit: String
    private let shown: Bool
    private let start = ContinuousClock.now
    private let last = Mutex(ContinuousClock.now - .seconds(1))

    init(unit: String, quiet: Bool) {
        self.unit = unit
        shown = !quiet && isatty(STDERR_FILENO) == 1
    }

    /// Redraws the bar, at most ten times a second.
    func show(_ done: UInt64, of total: UInt64?, label: String = "") {
        guard shown else { return }
        let now = ContinuousClock.now
        let due = last.withLock { last in
            guard now - last > .milliseconds(100) else { return false }
            last = now
            return true
        }
        guard due else { return }
        let elapsed = (now - start) / .seconds(1)
        let line = ProgressLine(unit: unit, done: done, total: total, elapsed: elapsed, label: label)
        standardError("\r\u{1B}[K" + line.text(width: Self.width))
    }

    /// Takes the bar away.
    func clear() {
        if shown { standardError("\r\u{1B}[K") }
    }

    private static var width: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// Today and now, in UTC: asked for at the edge, never inside a simulation.
enum WallClock {
    /// E.g. `2026-11-24T09:30:00Z`.
    static var timestamp: String { Date().formatted(.iso8601) }
    /// E.g. `2026-11-24`.
    static var day: String { String(timestamp.prefix(10)) }
}
