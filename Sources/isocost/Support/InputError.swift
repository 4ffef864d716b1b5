import Foundation

/// Input that is not there, or is well formed and yet gives no answer.
enum InputError: Error, CustomStringConvertible {
    /// The file cannot be read.
    case missing(String)
    /// Two of the scenarios write to this folder.
    case sameFolder(String)
    /// A trace without a mean rate to keep.
    case noRate(String)
    /// A precision that the kernels of this host do not run.
    case notRun(precision: String, known: [String])
    /// The scenario at this path has one strategy, which leaves nothing to compare.
    case oneStrategy(String)
    /// The run has no request of this number.
    case noRequest(UInt64, run: Int64)
    /// No point of the sweep of this scenario can be carried out.
    case noPoint(scenario: String, reason: String)

    var isMissing: Bool {
        switch self {
        case .missing, .noRequest: true
        case .sameFolder, .noRate, .oneStrategy, .noPoint, .notRun: false
        }
    }

    var description: String {
        switch self {
        case .missing(let path): "\(path): there is no such file, or it cannot be read"
        case .oneStrategy(let path): "\(path): one strategy leaves nothing to compare it with; `isocost run` runs it"
        case .noPoint(let scenario, let reason): "no point of the sweep of `\(scenario)` can be carried out: \(reason)"
        case .noRequest(let number, let run): "run \(run) has no request \(number)"
        case .notRun(let precision, let known):
            "the kernels of this host do not run \(precision), only \(known.joined(separator: ", "))"
        case .sameFolder(let folder): "two of the scenarios would write to \(folder); give them different names"
        case .noRate(let path): "\(path): it has too few requests for a rate of its own; give `--rate`"
        }
    }

    /// Tells a file that is missing from one that holds bad data, before it is read.
    /// - Throws: ``missing(_:)``.
    static func check(file path: String) throws {
        guard FileManager.default.isReadableFile(atPath: path) else { throw InputError.missing(path) }
    }
}
