import Testing

@testable import PerformanceModel

/// What every family of processors promises of itself.
@Suite struct CPUSocketTests {
    @Test(arguments: CPUFamily.all)
    func socketsAddUp(family: CPUFamily) {
        #expect(family.coresPerSocket > 0 && [1, 2].contains(family.vCPUsPerCore))
        // The usual cloud shape: 4 GiB for each vCPU of the socket.
        let vCPUs = family.coresPerSocket * family.vCPUsPerCore
        #expect(family.socketMemory.value == Double(4 * vCPUs) * 1_073_741_824)
        #expect(family.socketPower.value == family.socket.power?.value)
        #expect(family.socket.processors == family.coresPerSocket)
        #expect(family.socket.compute.fp32.value == Double(family.coresPerSocket) * family.core.fp32.value)
    }

    /// The whole of a socket's vCPUs is the socket; half of them half its rates, and the memory is the instance's.
    @Test(arguments: CPUFamily.all)
    func instancesAreShares(family: CPUFamily) {
        let vCPUs = family.coresPerSocket * family.vCPUsPerCore
        let whole = family.device(vCPUs: vCPUs, memoryBytes: 7 << 30)
        #expect(whole.bandwidth.value == family.socketBandwidth.value && whole.memory.value == Double(7 << 30))
        #expect(whole.compute == family.socket.compute && whole.processors == family.coresPerSocket)
        let half = family.device(vCPUs: vCPUs / 2, memoryBytes: 1)
        #expect(half.bandwidth.value == family.socketBandwidth.value / 2)
        #expect(half.compute.fp32.value == family.socket.compute.fp32.value / 2)
        // One vCPU of a hyper-threaded core is half a core, still one to schedule on.
        let one = family.device(vCPUs: 1, memoryBytes: 1)
        #expect(one.processors == 1 && one.power == nil)
        #expect(one.compute.fp32.value == family.core.fp32.value / Double(family.vCPUsPerCore))
    }

    @Test func namesAreUnique() {
        #expect(Set(CPUFamily.all.map(\.name)).count == CPUFamily.all.count)
    }
}
