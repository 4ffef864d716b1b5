import ArgumentParser
import Foundation
import Kernels
import PerformanceModel
import Planning
import Pricing
import Reports
import Store
import Workloads

/// The one place where errors become exit statuses (`sysexits.h`).
enum ExitStatus {
    static let badData: Int32 = 65
    static let missingInput: Int32 = 66
    static let ourFault: Int32 = 70
    static let inputOutput: Int32 = 74
    static let interrupted: Int32 = 130

    /// Prints the error and ends the process.
    static func leave(after error: any Error) -> Never {
        if isFromParser(error) { Isocost.exit(withError: error) }
        standardError("isocost: \(sentence(of: error))\n")
        exit(status(of: error))
    }

    /// Help, version and wrong usage are the parser's to print, with status 0 or 64.
    private static func isFromParser(_ error: any Error) -> Bool {
        error is ValidationError || error is CleanExit || error is ArgumentParser.ExitCode
            || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }

    private static func sentence(of error: any Error) -> String {
        switch error {
        case let error as any CustomStringConvertible: error.description
        default: "\(error)"
        }
    }

    static func status(of error: any Error) -> Int32 {
        switch error {
        case let error as ScenarioError: error.kind == .missingFile ? missingInput : badData
        case let error as TraceError:
            switch error.kind {
            case .missing: missingInput
            case .malformed: badData
            case .inputOutput: inputOutput
            }
        case is FileError, is CatalogueError, is WorkloadError, is PriceBookError, is KernelError, is ProfileGap,
            is KeptRunsError:
            badData
        case is UnknownName, is MissingStore: missingInput
        case let error as InputError: error.isMissing ? missingInput : badData
        case is OutputError: inputOutput
        case let error as StoreError: status(of: error.reason)
        case is SweepStopped: interrupted
        case let error as RunError: error == .cancelled ? interrupted : badData
        default: ourFault
        }
    }

    private static func status(of reason: StoreError.Reason) -> Int32 {
        switch reason {
        case .unknownRun: missingInput
        case .notADatabase, .corrupted, .newerSchema, .otherSweep, .unfinishedSweep: badData
        case .unwritable, .busy, .full, .failed: inputOutput
        }
    }
}

/// Writes text to standard error, unbuffered.
func standardError(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
}
