import EventLoop
import Glibc
import Redis

/// One redis-server of an experiment, which may be killed, frozen, started again and put in another's place.
final class RedisHost {
    private let directory: String
    private let name: String
    private var process: Child

    private var socket: String { "\(directory)/\(name).sock" }

    init(_ name: String, in directory: String) throws {
        self.name = name
        self.directory = directory
        process = try Self.start(name, directory)
    }

    func kill() { process.kill() }
    func freeze() { process.freeze() }
    func wake() { process.wake() }
    func startAgain() throws { process = try Self.start(name, directory) }

    /// Makes clients that connect to `path` from now on reach this server.
    func take(over path: String) throws {
        let link = "\(path).\(name)"
        guard symlink(socket, link) == 0, rename(link, path) == 0 else { throw SystemFault("\(path) cannot be linked") }
    }

    func client(_ loop: EventLoop) throws -> RedisClient {
        RedisClient(
            configuration: try RedisConfiguration(url: "unix://\(socket)", certificateAuthorityFile: nil),
            loop: loop
        )
    }

    var log: String { get throws { try readFile("\(directory)/\(name).log") } }

    private static func start(_ name: String, _ directory: String) throws -> Child {
        let arguments = [
            "--port", "0", "--bind", "127.0.0.1", "--unixsocket", "\(directory)/\(name).sock", "--dir", directory,
            "--appenddirname", "\(name).aof", "--dbfilename", "\(name).rdb", "--save", "", "--appendonly", "yes",
            "--appendfsync", "everysec", "--repl-diskless-sync-delay", "0", "--maxmemory-policy", "noeviction",
        ]
        return try Child(name, "redis-server", arguments, log: "\(directory)/\(name).log")
    }
}

/// A TCP port of the loopback interface that nobody listened on a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw SystemFault("no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutableBytes(of: &address) { bytes in
        let generic = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
        return bind(descriptor, generic, length) == 0 ? getsockname(descriptor, generic, &length) : -1
    }
    guard result == 0 else { throw SystemFault("no port") }
    return Int(UInt16(bigEndian: address.sin_port))
}
