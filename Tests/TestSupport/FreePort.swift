internal import Glibc

/// TCP ports of the loopback interface.
package enum FreePort {
    /// A port that nobody listened on a moment ago; another process may still be quicker.
    package static func next() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw FreePortError(code: errno) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            let generic = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
        }
        guard result == 0 else { throw FreePortError(code: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// The kernel had no port to give.
struct FreePortError: Error {
    let code: Int32
}
