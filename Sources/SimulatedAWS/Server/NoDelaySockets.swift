internal import FlyingSocks
internal import Glibc

/// FlyingFox's sockets without Nagle's delay.
///
/// FlyingFox writes an answer's head and body apart, so that Nagle's algorithm and the client's delayed acknowledgement
/// together hold every answer back for 40 ms. Connections inherit the option from the listening socket, which comes by
/// here as soon as it waits for the first of them.
struct NoDelaySockets<Pool: AsyncSocketPool>: AsyncSocketPool {
    let pool: Pool

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        var on: Int32 = 1
        // Refusal costs speed, nothing else.
        _ = setsockopt(socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}
