import ArgumentParser
import Foundation
import Kernels

/// Which of OpenBLAS' kernel families `calibrate` measures.
///
/// OpenBLAS chooses a family while the program is being loaded, by a list of processors as old as the library; what it
/// does not know gets an older family. `OPENBLAS_CORETYPE` overrides the choice, but is read before `main`. So the
/// command replaces itself by itself, once, with the variable set.
enum BLASCore: String, CaseIterable, ExpressibleByArgument {
    /// The fastest family that the processor runs, unless the environment names one.
    case best
    /// What OpenBLAS chooses, or the environment names.
    case detected

    /// The family to start again with; `nil` to go on with what is loaded. A `requested` family stands, whether the
    /// user set it or a restart did: that is why there is never a second restart.
    func restart(on machine: HostMachine, requested: String?) -> String? {
        self == .best && requested == nil ? machine.fasterCore : nil
    }

    /// Goes on in a process whose kernels are of this choice; call before any work. Where the system cannot start the
    /// program again it goes on with what is loaded.
    func load() {
        guard let core = restart(on: .current(), requested: OpenBLAS.requestedCore) else { return }
        #if os(Linux)
            setenv(OpenBLAS.coreVariable, core, 1)
            execv("/proc/self/exe", CommandLine.unsafeArgv)
            unsetenv(OpenBLAS.coreVariable)
        #endif
    }
}
