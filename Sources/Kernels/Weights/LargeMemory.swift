#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Zeroed memory for tensors.
enum LargeMemory {
    private static let hugePage = 1 << 21

    /// `bytes` zero bytes, aligned to a cache line; from a few megabytes on to a huge page, which the system is asked
    /// for: kernels stream weights through more small pages than a processor remembers the addresses of.
    static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let isLarge = bytes >= 4 * hugePage
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(bytes, 64), alignment: isLarge ? hugePage : 64)
        #if os(Linux)
            // Advice: where the system has none to give, small pages do.
            if isLarge { _ = madvise(memory, bytes / hugePage * hugePage, Int32(MADV_HUGEPAGE)) }
        #endif
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 64))
        return memory
    }
}
