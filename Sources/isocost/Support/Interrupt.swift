import Dispatch
import Foundation
import Planning

/// Ctrl-C and SIGTERM: the first asks the runs to stop, so that nothing half-written is left; the second ends at once.
enum Interrupt {
    /// Raises `flag` when the user interrupts. Keep the result for as long as that should be so.
    static func raising(_ flag: CancellationFlag) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if flag.isCancelled { exit(ExitStatus.interrupted) }
                flag.cancel()
            }
            source.resume()
            return source
        }
    }
}
