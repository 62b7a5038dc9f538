internal import Glibc

/// A TCP service's addresses, by getaddrinfo.
struct AddressResolver: Sendable {
    let host: String
    let port: Int

    /// The addresses of a numeric host, without a DNS query; nil for a name.
    func numericAddresses() -> [SocketAddress]? {
        switch lookUp(flags: AI_NUMERICHOST) {
        case .success(let addresses): addresses
        case .failure: nil
        }
    }

    /// Calls `body` from a thread of its own, because getaddrinfo may block for half a minute.
    func resolve(_ body: @escaping @Sendable (Result<[SocketAddress], RedisError>) -> Void) {
        let work = unsafe Unmanaged.passRetained(Work { body(lookUp(flags: AI_ADDRCONFIG)) })
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, nil, { unsafe Work.run($0) }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            return body(.failure(.connection("no thread to look \(host) up: \(systemMessage(code))")))
        }
        pthread_detach(thread)
    }

    private func lookUp(flags: Int32) -> Result<[SocketAddress], RedisError> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = flags | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &first)
        guard code == 0 else {
            return .failure(.connection("\(host) has no address: \(unsafe String(cString: gai_strerror(code)))"))
        }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [SocketAddress] = []
        var next = unsafe first
        while let information = unsafe next {
            addresses.append(unsafe SocketAddress(information.pointee))
            unsafe next = unsafe information.pointee.ai_next
        }
        return .success(addresses)
    }
}

/// The closure that a new thread runs.
private final class Work {
    private let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }

    static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
}

/// The kernel's words for an `errno`.
func systemMessage(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
