import GRDB

/// Why stored runs could not be read or written. Printed, it is one sentence that names the file.
public struct StoreError: Error, Equatable, CustomStringConvertible, Sendable {
    /// What went wrong.
    public enum Reason: Sendable, Equatable {
        /// The folder is missing or cannot be written, or the file cannot be opened.
        case unwritable
        /// The file is no SQLite database.
        case notADatabase
        /// The file is damaged, or holds values that this version never writes.
        case corrupted
        /// A newer version of Isocost wrote the file.
        case newerSchema
        /// Another process holds it for longer than the time allowed.
        case busy
        /// The disk is full.
        case full
        /// No run has this number.
        case unknownRun(Int64)
        /// It holds the jobs of another sweep: the scenario, what varies, or the version has changed.
        case otherSweep
        /// It holds jobs of a sweep that did not come to its end.
        case unfinishedSweep(done: Int, jobs: Int)
        /// Anything else, in SQLite's words.
        case failed(String)
    }

    /// The database's path.
    public var path: String
    public var reason: Reason

    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .unwritable: "Cannot open \(path): the folder or the file cannot be written."
        case .notADatabase: "\(path) is not a database of Isocost."
        case .corrupted: "\(path) is damaged; move it away to start a new one."
        case .newerSchema: "\(path) was written by a newer version of Isocost; use that version, or another folder."
        case .busy: "\(path) is in use by another process; try again when it has finished."
        case .full: "Cannot write \(path): no space left on the device; the runs in it are unchanged."
        case .unknownRun(let id): "\(path) has no run \(id); `isocost runs` lists those it has."
        case .otherSweep:
            "\(path) holds another sweep: the scenario, what varies, or the version has changed; give `--restart` to "
                + "throw its jobs away."
        case .unfinishedSweep(let done, let jobs):
            "\(path) holds \(done) of the \(jobs) jobs of a sweep that was stopped; give `--resume` to go on with it, or "
                + "`--restart` to throw them away."
        case .failed(let message): "\(path) cannot be used: \(message)."
        }
    }

    /// Runs `body`, turning what SQLite reports into a sentence.
    static func reporting<Value>(_ path: String, _ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError {
            throw StoreError(path: path, reason: reason(of: error))
        } catch is RowError {
            throw StoreError(path: path, reason: .corrupted)
        } catch is RowDecodingError {
            throw StoreError(path: path, reason: .corrupted)
        } catch {
            throw StoreError(path: path, reason: .failed(String(describing: error)))
        }
    }

    private static func reason(of error: DatabaseError) -> Reason {
        switch error.resultCode.primaryResultCode {
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .unwritable
        case .SQLITE_NOTADB: .notADatabase
        case .SQLITE_CORRUPT: .corrupted
        case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
        case .SQLITE_FULL: .full
        case .SQLITE_IOERR: .failed("the disk reports an error, or is full")
        default: .failed(error.message ?? "error \(error.resultCode.rawValue)")
        }
    }
}
