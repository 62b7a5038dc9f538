import ArgumentParser
import EventLoop
import Glibc
import JobQueue
import Logging
import Redis

/// Measures the queue with jobs that do nothing; prints one line of JSON.
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "benchmark", shouldDisplay: false)

    @Option var redis = "redis://127.0.0.1:6379"
    @Option var jobs = 100_000
    @Option var concurrency = 64
    @Flag(help: "a bare stream and consumer group instead, which has no leases, limits, retries or counts") var floor =
        false

    func run() async throws {
        try await EventLoop.running { [self] loop in
            let client = RedisClient(
                configuration: try RedisConfiguration(url: redis, certificateAuthorityFile: nil),
                loop: loop
            )
            let outcome: Result<Void, any Error>
            do {
                outcome = .success(floor ? try await measureFloor(client) : try await measure(client, loop))
            } catch {
                outcome = .failure(error)
            }
            await client.close()
            try outcome.get()
        }
    }

    private func measure(_ client: RedisClient, _ loop: EventLoop) async throws {
        _ = try await client.send(["FLUSHALL"])
        var settings = QueueSettings()
        settings.jobsInFlightPerBucket = 1_000_000
        settings.jobStartsPerSecond = 1_000_000
        settings.jobStartBurst = 1_000_000
        let queue = JobQueue(redis: client, fleet: "bench", settings: settings)
        let sweeps = SweepRegistry(redis: client, fleet: "bench", settings: settings)
        let empty = try await Sample(client)
        _ = try await sweeps.open("collect-1", priority: .bulk, fence: nil)
        _ = try await queue.enqueue(work, in: "collect-1", fence: nil)
        try await sweeps.close("collect-1", fence: nil)
        let full = try await Sample(client)
        try await consume(queue, loop)
        let done = try await Sample(client)
        guard try await sweeps.sweep("collect-1")?.done == jobs else { throw ValidationError("not every job is done") }
        report(empty, full, done)
    }

    /// As a fleet has them: account, region and repository in the payload, a hundred registries.
    private var work: [QueuedJob] {
        (0..<jobs).map { number in
            let account = 100_000_000_000 + number % 100
            return QueuedJob(
                bucket: "\(account):eu-central-1",
                payload: "\(account)/eu-central-1/team-\(number % 7)/service-\(number)"
            )
        }
    }

    private func measureFloor(_ client: RedisClient) async throws {
        _ = try await client.send(["FLUSHALL"])
        let work = work
        let empty = try await Sample(client)
        _ = try await client.send(["XGROUP", "CREATE", "jobs", "workers", "$", "MKSTREAM"])
        for start in stride(from: 0, to: jobs, by: 500) {
            let chunk = work[start..<min(start + 500, jobs)]
            _ = try await client.pipeline(
                chunk.map { ["XADD", "jobs", "*", "sweep", "collect-1", "bucket", $0.bucket, "payload", $0.payload] }
            )
        }
        let full = try await Sample(client)
        let read = ["XREADGROUP", "GROUP", "workers", "w", "COUNT", String(concurrency), "STREAMS", "jobs", ">"]
        var ids: [String] = []
        var count = 0
        while count < jobs {
            let settle = ids.isEmpty ? [] : [["XACK", "jobs", "workers"] + ids]
            let replies = try await client.pipeline(settle + [read])
            let entries = replies.last?.elements?.first?.elements?.last?.elements ?? []
            ids = entries.compactMap { $0.elements?.first?.text }
            guard !ids.isEmpty else { throw ValidationError("the stream ended after \(count) entries") }
            count += ids.count
        }
        _ = try await client.send(["XACK", "jobs", "workers"] + ids)
        report(empty, full, try await Sample(client))
    }

    private func consume(_ queue: JobQueue, _ loop: EventLoop) async throws {
        let consumer = JobConsumer(
            queue: queue,
            worker: "bench",
            settings: .init(concurrency: concurrency),
            sleep: { try await loop.sleep(for: $0) },
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        )
        let left = Countdown(jobs)
        try await consumer.run { _ in
            if await left.isLast() { await consumer.drain() }
            return .completed()
        }
    }

    private actor Countdown {
        private var left: Int
        init(_ count: Int) { left = count }
        func isLast() -> Bool {
            left -= 1
            return left == 0
        }
    }

    private func report(_ empty: Sample, _ full: Sample, _ done: Sample) {
        let count = Double(jobs)
        let fields: [(String, Double)] = [
            ("enqueue_per_s", count / (full.wall - empty.wall)),
            ("enqueue_redis_us", (full.server - empty.server) * 1e6 / count),
            ("enqueue_client_us", (full.client - empty.client) * 1e6 / count),
            ("bytes_per_job", (full.memory - empty.memory) / count),
            ("consume_per_s", count / (done.wall - full.wall)),
            ("consume_redis_us", (done.server - full.server) * 1e6 / count),
            ("consume_client_us", (done.client - full.client) * 1e6 / count),
        ]
        print("{" + fields.map { "\"\($0.0)\":\($0.1.rounded(places: 2))" }.joined(separator: ",") + "}")
    }
}

/// What time and memory were used so far.
private struct Sample {
    var wall: Double
    var client: Double
    var server: Double
    var memory: Double

    init(_ client: RedisClient) async throws {
        let info = try await client.send(["INFO", "everything"]).text ?? ""
        func number(_ name: String) -> Double {
            info.split(whereSeparator: \.isNewline).first { $0.hasPrefix(name + ":") }
                .flatMap { Double($0.dropFirst(name.count + 1)) } ?? 0
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        wall = wallClock()
        self.client = usage.ru_utime.seconds + usage.ru_stime.seconds
        server = number("used_cpu_sys") + number("used_cpu_user")
        memory = number("used_memory")
    }
}

extension timeval {
    fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
