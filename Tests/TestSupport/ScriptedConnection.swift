internal import Glibc

/// The server's side of one connection, read and written with blocking calls on a thread of its own.
final class ScriptedConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The next request, whole; nil when the client has gone.
    func readRequest(_ connection: Int) -> ScriptedRequest? {
        guard let head = readHead() else { return nil }
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = lines[0].split(separator: " ").map(String.init)
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard words.count == 3, let body = read(length) else { return nil }
        return ScriptedRequest(
            connection: connection,
            method: words[0],
            target: words[1],
            headers: headers,
            body: body
        )
    }

    /// Answers false when the connection is to be closed.
    func perform(_ step: ScriptedHTTPServer.Step) -> Bool {
        switch step {
        case .send(let bytes): return send(bytes)
        case .pause(let duration): return wait(upTo: Int32(duration / .milliseconds(1)))
        case .hang: return wait(upTo: -1)
        case .close: return false
        case .tunnel(let port):
            if send(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8)) { tunnel(to: port) }
            return false
        case .reset:
            // Closing a socket that lingers for no time resets the connection.
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        }
    }

    private func readHead() -> String? {
        let end = Array("\r\n\r\n".utf8)
        var searched = 0
        while true {
            while searched + end.count <= received.count {
                if received[searched..<searched + end.count].elementsEqual(end) {
                    let head = String(decoding: received[..<searched], as: UTF8.self)
                    received.removeFirst(searched + end.count)
                    return head
                }
                searched += 1
            }
            guard fill() else { return nil }
        }
    }

    private func read(_ count: Int) -> [UInt8]? {
        while received.count < count { guard fill() else { return nil } }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Answers whether the client is still there when the time is up; -1 waits until it has gone.
    private func wait(upTo milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLHUP), revents: 0)
        watched.events |= 0x2000  // POLLRDHUP, which Glibc's module leaves out: the client has closed its side.
        return poll(&watched, 1, milliseconds) == 0
    }

    /// Carries bytes until one side ends.
    private func tunnel(to port: Int) {
        let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(far) }
        guard connectToLoopback(far, port) else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var sides = [descriptor, far].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&sides, 2, -1) > 0 else { return }
            for (side, other) in [(sides[0], far), (sides[1], descriptor)] where side.revents != 0 {
                let count = recv(side.fd, &buffer, buffer.count, 0)
                guard count > 0, Glibc.send(other, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }
}

private func connectToLoopback(_ descriptor: Int32, _ port: Int) -> Bool {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    return withUnsafeBytes(of: &address) { bytes in
        connect(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count)) == 0
    }
}
