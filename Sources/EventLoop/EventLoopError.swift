internal import Glibc

/// A system call of the loop that failed; the process is out of descriptors, threads or memory.
package struct EventLoopError: Error, Hashable, CustomStringConvertible {
    /// The system call's name.
    package let call: String
    /// Its `errno`.
    package let code: Int32

    package var description: String { "\(call): \(unsafe String(cString: strerror(code)))" }
}
