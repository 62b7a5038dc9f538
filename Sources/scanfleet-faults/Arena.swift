import ArgumentParser
import EventLoop
import Glibc
import JobQueue
import Redis

/// One experiment's redis-server, its workers and their diaries.
final class Arena {
    let directory: String
    let loop: EventLoop
    var options: QueueOptions
    var random: SeededGenerator
    let redis: RedisClient
    /// Who answers at `options.redis`.
    private(set) var server: RedisHost
    private(set) var workers: [Child] = []
    private var everyWorker: [Child] = []
    /// Which release's scripts a worker has, where that was said.
    private(set) var releases: [String: Int] = [:]
    private var helpers: [Child] = []
    private let program: String

    var queue: JobQueue { options.queue(redis) }
    var sweeps: SweepRegistry { options.sweeps(redis) }
    /// The names of all workers that there ever were.
    var names: [String] { everyWorker.map(\.name) }
    /// When each killed worker was killed.
    var deaths: [String: Double] {
        Dictionary(uniqueKeysWithValues: everyWorker.compactMap { child in child.killedAt.map { (child.name, $0) } })
    }
    var kills: Int { everyWorker.count { $0.killedAt != nil } }

    /// Lends an arena to `body` and ends all of its processes.
    static func with(
        seed: UInt64,
        loop: EventLoop,
        _ change: (inout QueueOptions) -> Void = { _ in },
        _ body: (Arena) async throws -> Void
    ) async throws {
        var template = Array("/tmp/scanfleet-faults-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemFault("no directory in /tmp") }
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let arena = try Arena(seed: seed, loop: loop, directory: path, change)
        let outcome: Result<Void, any Error>
        do {
            try await arena.untilRedisAnswers()
            outcome = .success(try await body(arena))
        } catch {
            outcome = .failure(error)
        }
        await arena.end()
        try outcome.get()
    }

    private init(seed: UInt64, loop: EventLoop, directory: String, _ change: (inout QueueOptions) -> Void) throws {
        self.directory = directory
        self.loop = loop
        random = SeededGenerator(state: seed)
        options = try QueueOptions.parse([])
        options.redis = "unix://\(Self.socket(directory))"
        change(&options)
        program = try Self.ownProgram()
        redis = try options.client(loop)
        server = try RedisHost("primary", in: directory)
        try server.take(over: Self.socket(directory))
    }

    private static func socket(_ directory: String) -> String { "\(directory)/redis.sock" }

    private func end() async {
        await redis.close()
        for worker in everyWorker + helpers { worker.kill() }
        server.kill()
        // The name is ours, made by mkdtemp.
        if let remover = try? Child("rm", "rm", ["-rf", directory], log: "/dev/null") {
            while remover.isRunning { usleep(1000) }
        }
    }

    // MARK: Redis

    func startRedisAgain() async throws {
        try server.startAgain()
        try await untilRedisAnswers()
    }

    /// Kills the server and lets another answer in its place.
    func failOver(to other: RedisHost) async throws {
        server.kill()
        server = other
        try other.take(over: Self.socket(directory))
        try await untilRedisAnswers()
    }

    private func untilRedisAnswers() async throws {
        for _ in 0..<200 {
            do {
                _ = try await redis.send(["PING"])
                return
            } catch is RedisError {
                try await loop.sleep(for: .milliseconds(50))
            }
        }
        throw SystemFault("redis-server does not answer: \(try server.log)")
    }

    // MARK: Processes

    @discardableResult
    func startWorker(_ arguments: [String] = [], environment: [String] = []) throws -> Child {
        let name = "w\(everyWorker.count)"
        let child = try start(name, ["worker"] + options.arguments + arguments, environment)
        let release = arguments.firstIndex(of: "--script-version").map { arguments[$0 + 1] }
        releases[name] = release.flatMap { Int($0) }
        workers.append(child)
        everyWorker.append(child)
        return child
    }

    func startCoordinator(_ name: String, jobs: Int, _ arguments: [String] = []) throws -> Child {
        try start(name, ["coordinator"] + options.arguments + ["--jobs", String(jobs)] + arguments)
    }

    private func start(_ name: String, _ arguments: [String], _ environment: [String] = []) throws -> Child {
        let words = arguments + ["--name", name, "--event-log", "\(directory)/\(name).ledger"]
        return try Child(name, "env", environment + [program] + words, log: "\(directory)/\(name).log")
    }

    /// Starts a relay to Redis that loses replies, and answers the URL under which workers reach it.
    func startLossyRelay(lossEvery replies: Int) throws -> String {
        let path = "\(directory)/relay.sock"
        let seed = String(random.next() % 1_000_000)
        let arguments = [
            "relay", "--listen", path, "--target", Self.socket(directory), "--seed", seed, "--loss-every",
            String(replies),
        ]
        helpers.append(try Child("relay", program, arguments, log: "\(directory)/relay.log"))
        return "unix://\(path)"
    }

    /// Kills one of the workers at random and starts another in its place.
    func replaceAnyWorker(_ arguments: [String] = []) throws {
        let victim = workers.remove(at: Int.random(in: 0..<workers.count, using: &random))
        victim.kill()
        try startWorker(arguments)
    }

    /// Puts a new worker in the place of each that has died by its own hand.
    func replaceDeadWorkers(_ arguments: [String] = []) throws {
        let dead = workers.filter { !$0.isRunning }
        workers.removeAll { worker in dead.contains { $0 === worker } }
        for worker in dead {
            worker.diedAt(try diary(worker.name).last?.time ?? wallClock())
            try startWorker(arguments)
        }
    }

    // MARK: What happened

    /// What a process wrote down; nothing where it has not come to that.
    func diary(_ name: String) throws -> [EventLog.Entry] {
        let path = "\(directory)/\(name).ledger"
        return access(path, R_OK) == 0 ? try EventLog.read(path, worker: name) : []
    }

    func diaries() throws -> [EventLog.Entry] { try names.flatMap { try diary($0) }.sorted { $0.time < $1.time } }

    /// Enqueues a sweep's jobs and closes it; answers how many were new.
    @discardableResult
    func fill(_ jobs: [QueuedJob], sweep: String = CoordinatorCommand.sweep) async throws -> Int {
        _ = try await sweeps.open(sweep, priority: .bulk, fence: nil)
        let added = try await queue.enqueue(jobs, in: sweep, fence: nil)
        try await sweeps.close(sweep, fence: nil)
        return added
    }

    /// Does something every `interval` until the sweep is complete.
    ///
    /// - Throws: `ExperimentTimeout` after `limit`.
    func untilComplete(
        _ sweep: String = CoordinatorCommand.sweep,
        every interval: Duration = .milliseconds(50),
        within limit: Duration = .seconds(90),
        _ meanwhile: () async throws -> Void = {}
    ) async throws {
        do {
            try await until("\(sweep) is complete", every: interval, within: limit) {
                try await meanwhile()
                do {
                    return try await sweeps.sweep(sweep)?.isComplete == true
                } catch is RedisError {
                    return false
                }
            }
        } catch let overdue as ExperimentTimeout {
            throw ExperimentTimeout(what: "\(overdue.what); \(try await queue.snapshot())", limit: limit)
        }
    }

    func until(
        _ what: String,
        every interval: Duration = .milliseconds(20),
        within limit: Duration = .seconds(60),
        _ isSo: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !isSo() {
            guard ContinuousClock.now < deadline else { throw ExperimentTimeout(what: what, limit: limit) }
            try await loop.sleep(for: interval)
        }
    }

    private static func ownProgram() throws -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        guard count > 0 else { throw SystemFault("/proc/self/exe cannot be read") }
        return String(decoding: path[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// An experiment that did not come to its end.
struct ExperimentTimeout: Error, CustomStringConvertible {
    let what: String
    let limit: Duration
    var description: String { "not within \(limit): \(what)" }
}
