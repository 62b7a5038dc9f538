import EventLoop
import JobQueue
import Redis
import Support
import TestSupport
import Testing

/// A queue on a Redis server of its own, and what tests look at behind its back.
struct QueueFixture {
    let redis: any RedisScripting
    let queue: JobQueue
    let sweeps: SweepRegistry
    let limiter: RateLimiter
    let leadership: LeaderLease
    let server: RedisServer
    let loop: EventLoop

    /// Lends a fixture to `body`; `commandTimeout` is how long the client waits for a reply.
    static func with(
        _ settings: QueueSettings = .quick,
        server options: RedisServer.Options = .init(),
        commandTimeout: Duration = .seconds(5),
        _ body: (QueueFixture) async throws -> Void
    ) async throws {
        try await RedisServer.with(options) { server in
            let loop = try EventLoop()
            defer { loop.shutdown() }
            var configuration = try RedisConfiguration(url: server.url, certificateAuthorityFile: nil)
            configuration.commandTimeout = commandTimeout
            let redis = RedisClient(configuration: configuration, loop: loop)
            let fixture = QueueFixture(
                redis: redis,
                queue: JobQueue(redis: redis, fleet: "test", settings: settings),
                sweeps: SweepRegistry(redis: redis, fleet: "test", settings: settings),
                limiter: RateLimiter(redis: redis, fleet: "test", settings: settings),
                leadership: LeaderLease(redis: redis, fleet: "test"),
                server: server,
                loop: loop
            )
            do {
                try await body(fixture)
            } catch {
                await redis.close()
                throw error
            }
            await redis.close()
        }
    }

    /// The same fleet, seen with other settings.
    func queue(with settings: QueueSettings) -> JobQueue { JobQueue(redis: redis, fleet: "test", settings: settings) }

    /// Opens a sweep of `count` jobs in each bucket, named `<bucket>/<number>`, and closes it.
    func fill(_ sweep: String, buckets: [String], count: Int, priority: QueuePriority = .bulk) async throws {
        #expect(try await sweeps.open(sweep, priority: priority, fence: nil))
        let jobs = buckets.flatMap { bucket in
            (0..<count).map { QueuedJob(bucket: bucket, payload: "\(bucket)/\($0)") }
        }
        #expect(try await queue.enqueue(jobs, in: sweep, fence: nil) == jobs.count)
        try await sweeps.close(sweep, fence: nil)
    }

    /// Claims until a job comes, for at most ten seconds.
    func claimSoon(worker: String = "w", limit: Int = 1) async throws -> [LeasedJob] {
        for _ in 0..<1000 {
            let jobs = try await queue.claim(worker: worker, limit: limit).jobs
            if !jobs.isEmpty { return jobs }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("no job came within ten seconds")
        return []
    }

    /// Claims, by default so that jobs are brought back but none is leased, until `condition` holds; for at most ten
    /// seconds.
    func claimUntil(limit: Int = 0, _ condition: (QueueSnapshot) -> Bool) async throws {
        for _ in 0..<1000 {
            _ = try await queue.claim(worker: "looker", limit: limit)
            if condition(try await queue.snapshot()) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("it did not come to that within ten seconds")
    }

    /// One Redis hash.
    func hash(_ name: String) async throws -> [String: String] {
        let parts = try await redis.send(["HGETALL", "{test}:\(name)"]).elements ?? []
        var fields: [String: String] = [:]
        for index in stride(from: 0, to: parts.count, by: 2) { fields[parts[index].text ?? ""] = parts[index + 1].text }
        return fields
    }

    func keys() async throws -> Set<String> {
        Set(try await redis.send(["KEYS", "*"]).elements?.compactMap(\.text) ?? [])
    }

    /// I1 to I3 of the fault list: every job over exactly once, one completion, nothing in flight.
    func expectInvariants(of sweep: String) async throws {
        let progress = try #require(try await sweeps.sweep(sweep))
        #expect(progress.done + progress.dead + progress.cancelled == progress.total)
        let states = try await hash("st:\(sweep)").values
        #expect(states.count == progress.total)
        #expect(states.filter { $0 == "d" }.count == progress.done)
        #expect(states.filter { $0 == "x" }.count == progress.dead)
        #expect(states.filter { $0 == "c" }.count == progress.cancelled)
        #expect(progress.isComplete)
        #expect(try await completions(of: sweep) == 1)
        #expect(try await redis.send(["ZCARD", "{test}:lease"]).number == 0)
        #expect(try await hash("workers").isEmpty)
        #expect(try await hash("alone").isEmpty)
        for key in try await keys() where key.hasPrefix("{test}:b:") {
            #expect(try await redis.send(["HGET", key, "inflight"]).number == 0, "in flight in \(key)")
        }
    }

    /// How many completions of a sweep were told.
    func completions(of sweep: String) async throws -> Int {
        let events = try await redis.send(["XRANGE", "{test}:ev", "-", "+"]).elements ?? []
        let texts = events.compactMap { $0.elements?.last?.elements?.compactMap(\.text) }
        return texts.filter { $0 == ["event", "completed", "sweep", sweep] }.count
    }
}

extension QueueSettings {
    /// Settings under which nothing takes long, but no lease ends while a test runs.
    static var quick: QueueSettings {
        var settings = QueueSettings()
        settings.lease = .seconds(60)
        settings.jobsInFlightPerBucket = 1000
        settings.jobStartsPerSecond = 100_000
        settings.jobStartBurst = 1000
        settings.retryDelay = .init(base: .milliseconds(5), cap: .milliseconds(20))
        return settings
    }

    /// `quick` with leases that end soon.
    static var brief: QueueSettings { .quick { $0.lease = .milliseconds(300) } }

    /// `quick`, changed.
    static func quick(_ change: (inout QueueSettings) -> Void) -> QueueSettings {
        var settings = quick
        change(&settings)
        return settings
    }
}
