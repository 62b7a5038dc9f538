import ArgumentParser
import Glibc

/// Stands between workers and Redis, passes everything on, and now and then loses a reply and the connection with it.
struct RelayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "relay", shouldDisplay: false)

    @Option var listen: String
    @Option var target: String
    @Option var seed: UInt64
    @Option(help: "a reply in so many is lost, on average") var lossEvery: Int

    func run() throws {
        let listener = try unixSocket(listen) { bind($0, $1, $2) }
        guard Glibc.listen(listener, 64) == 0 else { throw SystemFault("\(self.listen) cannot be listened on") }
        var random = SeededGenerator(state: seed)
        var peers: [Int32: (other: Int32, isServer: Bool)] = [:]
        while true {
            var polled = ([listener] + peers.keys).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), -1) > 0 else { continue }
            for entry in polled where entry.revents != 0 {
                if entry.fd == listener {
                    connect(accept(listener, nil, nil), &peers)
                } else if let peer = peers[entry.fd] {
                    let isLost = peer.isServer && Int.random(in: 0..<lossEvery, using: &random) == 0
                    if !pass(from: entry.fd, to: peer.other, losing: isLost) { hangUp(entry.fd, &peers) }
                }
            }
        }
    }

    private func connect(_ client: Int32, _ peers: inout [Int32: (other: Int32, isServer: Bool)]) {
        guard client >= 0 else { return }
        guard let server = try? unixSocket(target, { Glibc.connect($0, $1, $2) }) else {
            // Redis is away, which the client sees as it would without us.
            close(client)
            return
        }
        peers[client] = (server, false)
        peers[server] = (client, true)
    }

    /// Passes on what is there; false where the connection is over.
    private func pass(from source: Int32, to sink: Int32, losing isLost: Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(source, &buffer, buffer.count)
        guard count > 0, !isLost else { return false }
        var written = 0
        while written < count {
            let result = buffer[written..<count].withUnsafeBytes {
                send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard result > 0 else { return false }
            written += result
        }
        return true
    }

    private func hangUp(_ one: Int32, _ peers: inout [Int32: (other: Int32, isServer: Bool)]) {
        guard let peer = peers.removeValue(forKey: one) else { return }
        peers[peer.other] = nil
        close(one)
        close(peer.other)
    }

    private func unixSocket(
        _ path: String,
        _ join: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let result = withUnsafeBytes(of: &address) { bytes in
            guard let generic = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress else { return Int32(-1) }
            return join(descriptor, generic, socklen_t(bytes.count))
        }
        guard descriptor >= 0, result == 0 else {
            close(descriptor)
            throw SystemFault("\(path) cannot be joined")
        }
        return descriptor
    }
}
