// Alone in its file, without Foundation: only so may Swift 6 name `stdout`, a mutable global of C that nobody changes.
#if canImport(Glibc)
    @preconcurrency import Glibc
#elseif canImport(Darwin)
    @preconcurrency import Darwin
#endif

/// Forces what was printed out of its buffer.
/// - Returns: whether everything printed so far has been taken; not so on a full disk, for one.
func flushStandardOutput() -> Bool {
    fflush(stdout) == 0 && ferror(stdout) == 0
}
