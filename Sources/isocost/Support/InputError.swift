/// Input that is well formed and yet gives no answer.
enum InputError: Error, CustomStringConvertible {
    /// The workload of a scenario is empty.
    case noRequests(scenario: String)
    /// Two of the scenarios write to this folder.
    case sameFolder(String)

    var description: String {
        switch self {
        case .noRequests(let scenario): "the workload of `\(scenario)` has no requests; nothing was written"
        case .sameFolder(let folder): "two of the scenarios would write to \(folder); give them different names"
        }
    }
}
