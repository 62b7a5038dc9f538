internal import Glibc

/// An address as the kernel reads it.
struct SocketAddress: Sendable, Hashable {
    let family: Int32
    private let bytes: [UInt8]

    /// The socket at a path of at most 107 bytes.
    init(path: String) {
        precondition(path.utf8.count <= 107, "the path of a socket has more than 107 bytes")
        family = AF_UNIX
        bytes = unsafe withUnsafeBytes(of: sa_family_t(AF_UNIX)) { unsafe Array($0) } + Array(path.utf8) + [0]
    }

    init(_ information: addrinfo) {
        family = unsafe information.ai_family
        bytes = unsafe Array(UnsafeRawBufferPointer(start: information.ai_addr, count: Int(information.ai_addrlen)))
    }

    /// Starts to connect; returns 0 or an `errno`, such as EINPROGRESS.
    func connect(_ descriptor: Int32) -> Int32 {
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe Glibc.connect(
                descriptor,
                bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
        return result == 0 ? 0 : errno
    }
}
