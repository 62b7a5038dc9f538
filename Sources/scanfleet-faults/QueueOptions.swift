import ArgumentParser
import EventLoop
import JobQueue
import Redis
import Support

/// Where the queue is, and what differs from the fleet's settings so that an experiment ends soon.
struct QueueOptions: ParsableArguments {
    @Option var redis = "redis://127.0.0.1:6379"
    @Option(help: "milliseconds") var lease = 3000
    @Option var tries = 6
    @Option var chunk = 500
    @Option(help: "seconds") var retention = 3600
    /// Not a version of what the scripts do, but of their bytes.
    @Option var scriptVersion = 1

    /// What stands on a child's command line.
    var arguments: [String] {
        [
            "--redis", redis, "--lease", String(lease), "--tries", String(tries), "--chunk", String(chunk),
            "--retention", String(retention), "--script-version", String(scriptVersion),
        ]
    }

    var settings: QueueSettings {
        var settings = QueueSettings()
        settings.lease = .milliseconds(lease)
        settings.tries = tries
        settings.retryDelay = .init(base: .milliseconds(100), cap: .seconds(1))
        settings.enqueueChunk = chunk
        settings.retention = .seconds(retention)
        return settings
    }

    func client(_ loop: EventLoop) throws -> RedisClient {
        RedisClient(configuration: try RedisConfiguration(url: redis, certificateAuthorityFile: nil), loop: loop)
    }

    func queue(_ redis: any RedisScripting) -> JobQueue {
        JobQueue(redis: scripting(redis), fleet: Self.fleet, settings: settings)
    }

    func sweeps(_ redis: any RedisScripting) -> SweepRegistry {
        SweepRegistry(redis: scripting(redis), fleet: Self.fleet, settings: settings)
    }

    func limiter(_ redis: any RedisScripting) -> RateLimiter {
        RateLimiter(redis: scripting(redis), fleet: Self.fleet, settings: settings)
    }

    func leaderLease(_ redis: any RedisScripting) -> LeaderLease {
        LeaderLease(redis: scripting(redis), fleet: Self.fleet)
    }

    private func scripting(_ redis: any RedisScripting) -> any RedisScripting {
        scriptVersion == 1 ? redis : RewrittenScripts(base: redis, version: scriptVersion)
    }

    static let fleet = "faults"

    /// The key of a factor by which every quota has changed since the jobs were made.
    static let quotaShare = "quota-share"

    /// AWS as it is seen from outside: a quota per bucket that nobody knows, and a refusal beyond it.
    func provider(_ redis: any RedisScripting, callsPerSecond: Double) -> RateLimiter {
        var settings = QueueSettings()
        settings.limiter.firstRate = callsPerSecond
        settings.limiter.floor = callsPerSecond
        settings.limiter.ceiling = callsPerSecond
        settings.limiter.burst = .seconds(1)
        settings.limiter.callsAhead = 0
        return RateLimiter(redis: redis, fleet: "provider", settings: settings)
    }
}

/// Scripts with other bytes, as another release of the fleet has them.
struct RewrittenScripts: RedisScripting {
    let base: any RedisScripting
    let version: Int

    func evaluate(_ script: RedisScript, keys: [String], arguments: [String]) async throws -> RESPValue {
        let source = script.source + "\n-- Release \(version)."
        return try await base.evaluate(RedisScript(name: script.name, source: source), keys: keys, arguments: arguments)
    }

    func send(_ command: [String]) async throws -> RESPValue { try await base.send(command) }
}
