internal import Cryptography
internal import EventLoop
internal import Glibc

/// One non-blocking connection on the loop: bytes out, replies in, TLS in between where there is a session.
///
/// The loop's handler keeps the socket alive until `close`.
@safe final class RedisSocket {
    enum Event {
        /// The connection is open and, where there is a session, TLS is established.
        case connected
        case reply(RESPValue)
        /// The connection is lost; only `close` may follow.
        case failed(RedisError)
    }

    private let loop: EventLoop
    private let descriptor: Int32
    private let session: TLSSession?
    private let handler: (Event) -> Void
    private let reader = ReplyReader()
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    private var outgoing: [UInt8] = []
    private var sent = 0
    private var isConnected = false
    private var isClosed = false

    /// Begins to connect; events come later, on the loop.
    init(
        _ address: SocketAddress,
        session: TLSSession?,
        on loop: EventLoop,
        handler: @escaping (Event) -> Void
    ) throws(RedisError) {
        self.loop = loop
        self.session = session
        self.handler = handler
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw .connection(systemMessage(errno)) }
        let code = address.connect(descriptor)
        guard code == 0 || code == EINPROGRESS else {
            Glibc.close(descriptor)
            throw .connection(systemMessage(code))
        }
        var one: Int32 = 1
        // A unix socket knows no such option, and without it TCP is slower but no less correct.
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        watch(for: .writable)
    }

    /// Queues bytes and sends as many as the kernel accepts; the rest follows when the socket is writable.
    func write(_ bytes: [UInt8]) {
        guard !isClosed else { return }
        attempt { () throws(RedisError) in
            if let session {
                try secured { () throws(TLSError) in try session.send(bytes) }
            } else {
                outgoing += bytes
            }
            try flush()
        }
    }

    /// Reads bytes that have arrived before the loop reports them, so that a held-up loop causes no false time-out.
    func drain() {
        guard isConnected, !isClosed else { return }
        attempt { () throws(RedisError) in try receive() }
    }

    /// Ends the connection; no event follows.
    func close() {
        guard !isClosed else { return }
        if let session, session.isEstablished {
            session.end()
            outgoing += session.takeCiphertext()
            // TLS' close notification; if it cannot be sent, the peer still sees the connection's end.
            _ = sendOutgoing()
        }
        isClosed = true
        loop.unwatch(descriptor)
        Glibc.close(descriptor)
    }

    // MARK: Readiness

    private func watch(for interest: Readiness) {
        loop.watch(descriptor, for: interest) { [self] readiness in
            attempt { () throws(RedisError) in
                if !isConnected { try finishConnecting() }
                if readiness.contains(.readable) { try receive() }
                if readiness.contains(.writable), !isClosed { try flush() }
            }
        }
    }

    private func attempt(_ body: () throws(RedisError) -> Void) {
        do throws(RedisError) {
            try body()
        } catch {
            if !isClosed { handler(.failed(error)) }
        }
    }

    private func finishConnecting() throws(RedisError) {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        guard result == 0, code == 0 else { throw .connection(systemMessage(result == 0 ? code : errno)) }
        isConnected = true
        watch(for: .readable)
        guard let session else { return handler(.connected) }
        try secured { () throws(TLSError) in try session.begin() }
        try flush()
    }

    // MARK: Receiving

    /// Reads at most 16 buffers, so that a flood of replies leaves the loop's other sockets their turn.
    private func receive() throws(RedisError) {
        for _ in 0..<16 {
            guard !isClosed else { return }
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else {
                if count == 0 { throw .connection("the server closed the connection") }
                if errno == EAGAIN || errno == EINTR { return }
                throw .connection(systemMessage(errno))
            }
            try accept(count)
            guard count == buffer.count else { return }
        }
    }

    private func accept(_ count: Int) throws(RedisError) {
        let arrived = buffer
        guard let session else { return try deliver(arrived.span.extracting(0..<count)) }
        let wasEstablished = session.isEstablished
        var plaintext: [UInt8] = []
        try secured { () throws(TLSError) in
            try session.receive(arrived.span.extracting(0..<count), into: &plaintext)
        }
        try flush()
        if session.isEstablished, !wasEstablished { handler(.connected) }
        try deliver(plaintext.span)
        if session.isEnded, !isClosed { throw .connection("the server closed the connection") }
    }

    private func deliver(_ bytes: Span<UInt8>) throws(RedisError) {
        guard !bytes.isEmpty else { return }
        try reader.feed(bytes)
        while !isClosed, let reply = try reader.next() { handler(.reply(reply)) }
    }

    // MARK: Sending

    /// Runs a step of the session and queues its ciphertext, also the alert of a failed handshake.
    private func secured(_ body: () throws(TLSError) -> Void) throws(RedisError) {
        guard let session else { return }
        do throws(TLSError) {
            try body()
            outgoing += session.takeCiphertext()
        } catch {
            outgoing += session.takeCiphertext()
            _ = sendOutgoing()
            throw .connection("\(error)")
        }
    }

    private func flush() throws(RedisError) {
        let code = sendOutgoing()
        guard code == 0 || code == EAGAIN else { throw .connection(systemMessage(code)) }
        guard isConnected else { return }
        watch(for: outgoing.isEmpty ? .readable : [.readable, .writable])
    }

    /// Sends until nothing is left; returns 0 or the `errno` that stopped it.
    private func sendOutgoing() -> Int32 {
        while sent < outgoing.count {
            let count = unsafe outgoing.withUnsafeBytes { bytes in
                unsafe send(
                    descriptor,
                    bytes.baseAddress?.advanced(by: sent),
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                return errno
            }
            sent += count
        }
        outgoing.removeAll(keepingCapacity: outgoing.count <= 1 << 20)
        sent = 0
        return 0
    }
}
