import Primitives

/// A Prometheus query, as far as a pool's signals can answer it: metrics added up, summed or averaged over the replicas,
/// or rates of counters.
///
/// Read are `sum`, `avg`, `rate(…[time])`, `+`, brackets, label selectors, `by` and `without`, and `or vector(0)`.
struct MetricQuery: Equatable {
    /// What is made of the replicas' values.
    enum Aggregate: Equatable { case each, sum, average }

    /// Why a query is not read, and at which of its characters.
    struct Fault: Error, Equatable {
        var message: String
        /// In Unicode scalars, from 0.
        var offset: Int
    }

    /// One metric's name.
    struct Name: Equatable {
        var text: String
        var offset: Int
    }

    /// Added up.
    var metrics: [Name]
    var aggregate = Aggregate.each
    /// Of `rate`; `nil` = the value of the moment.
    var window: SimulatedDuration?
    /// What was read and has no effect where a pool is all there is: labels, groups, stand-ins for missing values.
    var unsimulated: [String] = []

    init(_ text: String) throws(Fault) {
        var parser = Parser(text)
        self = try parser.query()
    }

    private init(metrics: [Name]) { self.metrics = metrics }

    private struct Parser {
        let scalars: [Unicode.Scalar]
        var position = 0

        init(_ text: String) { scalars = Array(text.unicodeScalars) }

        // MARK: Grammar

        mutating func query() throws(Fault) -> MetricQuery {
            var query = try sum()
            if takeWord("or") {
                try expect("vector")
                try expect("(")
                guard number() == "0" else { throw fault("only `or vector(0)` is read") }
                try expect(")")
                query.note("or vector(0)")
            }
            guard isAtEnd else { throw fault("this is not read: \(rest)") }
            return query
        }

        /// Terms between plus signs.
        private mutating func sum() throws(Fault) -> MetricQuery {
            var query = try term()
            while take("+") {
                skipBlanks()
                let start = position
                let other = try term()
                guard other.aggregate == query.aggregate, other.window == query.window else {
                    throw Fault(message: "what is added must be of one sort: all sums, or all averages", offset: start)
                }
                query.metrics += other.metrics
                other.unsimulated.forEach { query.note($0) }
            }
            return query
        }

        private mutating func term() throws(Fault) -> MetricQuery {
            if take("(") {
                let inner = try sum()
                try expect(")")
                return inner
            }
            let name = try word()
            switch name.text {
            case "sum": return try aggregate(.sum)
            case "avg": return try aggregate(.average)
            case "rate": return try rate()
            case _ where isNext("("):
                throw Fault(message: "`\(name.text)` is not read; `sum`, `avg` and `rate` are", offset: name.offset)
            default: return try selector(name)
            }
        }

        private mutating func aggregate(_ kind: Aggregate) throws(Fault) -> MetricQuery {
            let before = try group()
            try expect("(")
            var inner = try sum()
            try expect(")")
            let after = try group()
            if inner.aggregate == .each { inner.aggregate = kind }
            if before || after { inner.note("groups") }
            return inner
        }

        /// `by (…)` or `without (…)`.
        private mutating func group() throws(Fault) -> Bool {
            guard takeWord("by") || takeWord("without") else { return false }
            try expect("(")
            try skip(to: ")")
            return true
        }

        private mutating func rate() throws(Fault) -> MetricQuery {
            try expect("(")
            var query = try selector(try word())
            guard take("[") else { throw fault("`rate` needs a time, as in `rate(x[1m])`") }
            let start = position
            guard let window = duration(), window > .zero, window <= .hours(1) else {
                throw Fault(message: "the time of `rate` must be from 1s to 1h, such as `1m`", offset: start)
            }
            try expect("]")
            try expect(")")
            query.window = window
            return query
        }

        private mutating func selector(_ name: Name) throws(Fault) -> MetricQuery {
            var query = MetricQuery(metrics: [name])
            if take("{") {
                try skip(to: "}")
                query.note("labels")
            }
            return query
        }

        // MARK: Words

        private var isAtEnd: Bool {
            mutating get {
                skipBlanks()
                return position == scalars.count
            }
        }

        private var rest: String {
            let shown = String(String.UnicodeScalarView(scalars[position...].prefix(40)))
            return "`\(shown)\(scalars.count - position > 40 ? "…" : "")`"
        }

        private func fault(_ message: String) -> Fault { Fault(message: message, offset: position) }

        private mutating func skipBlanks() {
            while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        }

        private mutating func isNext(_ sign: Unicode.Scalar) -> Bool {
            skipBlanks()
            return position < scalars.count && scalars[position] == sign
        }

        private mutating func take(_ sign: Unicode.Scalar) -> Bool {
            guard isNext(sign) else { return false }
            position += 1
            return true
        }

        private mutating func expect(_ text: String) throws(Fault) {
            skipBlanks()
            let wanted = Array(text.unicodeScalars)
            guard scalars[position...].starts(with: wanted) else {
                throw fault("`\(text)` is expected" + (position < scalars.count ? " before \(rest)" : " at the end"))
            }
            position += wanted.count
        }

        private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ":": true
            default: false
            }
        }

        private mutating func word() throws(Fault) -> Name {
            skipBlanks()
            let start = position
            while position < scalars.count, Self.isLetter(scalars[position]) { position += 1 }
            let text = String(String.UnicodeScalarView(scalars[start..<position]))
            guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else {
                position = start
                throw fault(
                    position < scalars.count
                        ? "the name of a metric is expected, not \(rest)" : "the name of a metric is missing")
            }
            return Name(text: text, offset: start)
        }

        /// Takes `text` where it is the next word.
        private mutating func takeWord(_ text: String) -> Bool {
            skipBlanks()
            let start = position
            if let name = try? word(), name.text == text { return true }
            position = start
            return false
        }

        private mutating func number() -> String {
            skipBlanks()
            let start = position
            while position < scalars.count, ("0"..."9").contains(scalars[position]) { position += 1 }
            return String(String.UnicodeScalarView(scalars[start..<position]))
        }

        /// `30s`, `1m`, `1h30m`.
        private mutating func duration() -> SimulatedDuration? {
            var total = SimulatedDuration.zero
            while let amount = Int64(number()), amount < 100_000 {
                let start = position
                while position < scalars.count, ("a"..."z").contains(scalars[position]) { position += 1 }
                switch String(String.UnicodeScalarView(scalars[start..<position])) {
                case "ms": total = total + .milliseconds(amount)
                case "s": total = total + .seconds(amount)
                case "m": total = total + .seconds(amount * 60)
                case "h": total = total + .seconds(amount * 3_600)
                default: return nil
                }
            }
            return total
        }

        /// Past the closing sign; quoted text is passed over.
        private mutating func skip(to end: Unicode.Scalar) throws(Fault) {
            let start = position
            var quote: Unicode.Scalar?
            while position < scalars.count {
                let scalar = scalars[position]
                position += 1
                if let open = quote {
                    if scalar == "\\" { position += 1 } else if scalar == open { quote = nil }
                } else if scalar == "\"" || scalar == "'" || scalar == "`" {
                    quote = scalar
                } else if scalar == end {
                    return
                }
            }
            throw Fault(message: "`\(end)` is missing", offset: max(0, start - 1))
        }
    }

    private mutating func note(_ what: String) {
        if !unsimulated.contains(what) { unsimulated.append(what) }
    }
}
