/// Whether text is coloured for a terminal.
public enum TerminalStyle: Sendable {
    /// No escape sequences: for files, pipes, and terminals that asked for none.
    case plain
    /// ANSI colours and weights.
    case color

    /// What a word means; the colour follows from it.
    enum Role {
        case heading, good, bad, warning, quiet
    }

    /// The usual rule: colour on a terminal unless `NO_COLOR` is set or it is `dumb`; asked for, always or never.
    /// - Parameters:
    ///   - asked: the user's wish, if there is one.
    ///   - isTerminal: whether the output goes to a terminal.
    ///   - environment: variables by name; only `NO_COLOR` and `TERM` are read.
    public static func choose(asked: Bool?, isTerminal: Bool, environment: [String: String]) -> TerminalStyle {
        if let asked { return asked ? .color : .plain }
        let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        return isTerminal && !refused ? .color : .plain
    }

    func paint(_ text: String, _ role: Role) -> String {
        guard case .color = self, !text.isEmpty else { return text }
        return "\u{1B}[\(Self.code(role))m\(text)\u{1B}[0m"
    }

    private static func code(_ role: Role) -> String {
        switch role {
        case .heading: "1"
        case .good: "32"
        case .bad: "1;31"
        case .warning: "33"
        case .quiet: "2"
        }
    }
}
