/// Collects what an answer rests on, each entry once, in order of first mention.
struct AssumptionLog {
    private(set) var assumptions: [Assumption] = []
    private(set) var warnings: [String] = []

    mutating func add(_ assumption: Assumption) {
        if !assumptions.contains(assumption) { assumptions.append(assumption) }
    }

    /// A default that was filled in.
    mutating func add(default subject: String, _ value: some CustomStringConvertible, source: String) {
        add(Assumption(subject: subject, value: value.description, source: source, confidence: .assumed))
    }

    mutating func warn(_ text: String) {
        if !warnings.contains(text) { warnings.append(text) }
    }

    /// `given`, or the default, which is noted then.
    mutating func value<Value: CustomStringConvertible>(
        _ given: Value?, default value: Value, _ subject: String, source: String
    ) -> Value {
        if let given { return given }
        add(default: subject, value, source: source)
        return value
    }
}
