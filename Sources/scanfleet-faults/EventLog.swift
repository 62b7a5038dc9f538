import Glibc

/// One process's diary, written line by line so that a SIGKILL loses nothing of it.
struct EventLog: Sendable {
    /// What is written down.
    enum Event: String {
        case begin
        /// The attempt that begins is not the job's first, releases and lost leases aside.
        case again
        case end
        case settled
        case lost
        case granted
        case throttled
        case refused
    }

    /// One line, as the driver reads it.
    struct Entry {
        var worker: String
        var time: Double
        var event: Event
        var payload: String
        var token: Int
    }

    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard descriptor >= 0 else { throw SystemFault("\(path) cannot be written") }
    }

    func write(_ event: Event, _ payload: String, token: Int = 0) {
        let line = Array("\(wallClock()) \(event.rawValue) \(token) \(payload.prefix(200))\n".utf8)
        // A line that cannot be written would falsify the result.
        guard Glibc.write(descriptor, line, line.count) == line.count else { fatalError("the ledger is full") }
    }

    /// Reads the diary of `worker`; a last line that was cut off is left out.
    static func read(_ path: String, worker: String) throws -> [Entry] {
        try readFile(path).split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 3)
            guard parts.count == 4, let time = Double(parts[0]), let event = Event(rawValue: String(parts[1])),
                let token = Int(parts[2])
            else { return nil }
            return Entry(worker: worker, time: time, event: event, payload: String(parts[3]), token: token)
        }
    }
}

/// Seconds since 1970, the same for all processes of the machine.
func wallClock() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func readFile(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else { throw SystemFault("\(path) cannot be read") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
}

/// What the system refused.
struct SystemFault: Error, CustomStringConvertible {
    let description: String

    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
}
