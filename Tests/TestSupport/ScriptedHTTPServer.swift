internal import Glibc
internal import Synchronization

/// An HTTP server of a test's own that does what a script says, well-formed or not, on 127.0.0.1.
///
/// It reads each request whole and then runs the script's steps for it; when they are done, the connection waits for
/// its next request.
package final class ScriptedHTTPServer: Sendable {
    /// What the server does about a request.
    package enum Step: Sendable {
        case send([UInt8])
        /// Goes on after this time, or when the client has gone.
        case pause(Duration)
        /// Says nothing more, until the client goes.
        case hang
        /// Ends the connection as a server does that has said all it had to say.
        case close
        /// Ends the connection with a TCP reset.
        case reset
        /// Says that the connection stands, and carries bytes both ways to a port of the loopback interface, as a proxy does
        /// that was asked to CONNECT.
        case tunnel(toPort: Int)
    }

    /// Chooses the steps for a request; called on a thread of the server's own.
    package typealias Script = @Sendable (ScriptedRequest) -> [Step]

    private struct State {
        var requests: [ScriptedRequest] = []
        var accepted = 0
        var open: Set<Int32> = []
        var threads: [pthread_t] = []
        var isStopping = false
    }

    private let listener: Int32
    /// Where it listens.
    package let port: Int
    private let script: Script
    private let state = Mutex(State())

    /// Starts a server, lends it to `body` and stops it.
    package static func with<Result>(
        _ script: @escaping Script,
        _ body: (ScriptedHTTPServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedHTTPServer(script)
        defer { server.stop() }
        return try await body(server)
    }

    private init(_ script: @escaping Script) throws {
        (listener, port) = try listenOnLoopback()
        self.script = script
        startThread { self.acceptConnections() }
    }

    /// Its address, without a slash at the end.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Every request so far, in the order in which they were read.
    package var requests: [ScriptedRequest] { state.withLock { $0.requests } }

    /// How many connections clients have opened so far.
    package var acceptedConnections: Int { state.withLock { $0.accepted } }

    /// How many connections neither side has closed.
    package var openConnections: Int { state.withLock { $0.open.count } }

    private func stop() {
        state.withLock { state in
            state.isStopping = true
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        // Ends accept(2), which closing alone would not.
        shutdown(listener, Int32(SHUT_RDWR))
        while let thread = state.withLock({ $0.threads.popLast() }) { pthread_join(thread, nil) }
        close(listener)
    }

    private func acceptConnections() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            let number: Int? = state.withLock { state in
                guard !state.isStopping else { return nil }
                state.accepted += 1
                state.open.insert(descriptor)
                return state.accepted
            }
            guard let number else {
                close(descriptor)
                return
            }
            startThread { self.serve(descriptor, number) }
        }
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        let connection = ScriptedConnection(descriptor: descriptor)
        while let request = connection.readRequest(number) {
            state.withLock { $0.requests.append(request) }
            guard script(request).allSatisfy(connection.perform) else { break }
        }
        // Under the lock, so that `stop` never touches a number that belongs to another file already.
        state.withLock { state in
            state.open.remove(descriptor)
            close(descriptor)
        }
    }

    private func startThread(_ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
        state.withLock { state in
            var thread = pthread_t()
            let code = pthread_create(&thread, nil, runThreadBody, context)
            precondition(code == 0, "no thread for the scripted server")
            state.threads.append(thread)
        }
    }
}

/// A request as it arrived.
package struct ScriptedRequest: Sendable {
    /// Which connection it came on, counted from 1.
    package let connection: Int
    package let method: String
    /// The path and query, byte for byte.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    /// The first value of a header, its name compared without case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

extension ScriptedHTTPServer.Step {
    /// A well-formed answer with a Content-Length.
    package static func answer(
        _ status: Int = 200,
        headers: [(name: String, value: String)] = [],
        body: String = ""
    ) -> Self {
        let lines = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        return .text("HTTP/1.1 \(status) Scripted\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// These characters and nothing more.
    package static func text(_ text: String) -> Self { .send(Array(text.utf8)) }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThreadBody(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}

private func listenOnLoopback() throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutableBytes(of: &address) { bytes in
        let generic = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
        guard bind(descriptor, generic, length) == 0, listen(descriptor, 1024) == 0 else { return Int32(-1) }
        return getsockname(descriptor, generic, &length)
    }
    guard descriptor >= 0, result == 0 else { throw ScriptedServerError(code: errno) }
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
}

/// The kernel had no socket to give.
struct ScriptedServerError: Error {
    let code: Int32
}
