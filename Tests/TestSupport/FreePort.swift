internal import Glibc
internal import Synchronization

/// TCP ports of the loopback interface.
package enum FreePort {
    /// Below those from which the kernel serves whoever asks for no port of its own, such as every outgoing connection.
    private static let range = 20_000..<32_000
    private static let given = Mutex<Set<Int>>([])

    /// A port that nobody listened on a moment ago, and that nobody in this process was given before; another process may
    /// still be quicker.
    package static func next() throws -> Int {
        var code: Int32 = 0
        for _ in 0..<200 {
            let port = Int.random(in: range)
            guard given.withLock({ $0.insert(port).inserted }) else { continue }
            code = refusal(of: port)
            if code == 0 { return port }
        }
        throw FreePortError(code: code)
    }

    /// Why the kernel does not let us listen on a port; 0 where it does.
    private static func refusal(of port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafeBytes(of: &address) { bytes in
            let generic = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
            return bind(descriptor, generic, socklen_t(bytes.count)) == 0 ? 0 : errno
        }
    }
}

/// The kernel had no port to give.
struct FreePortError: Error {
    let code: Int32
}
