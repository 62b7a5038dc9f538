import ArgumentParser
import EventLoop
import JobQueue
import Redis
import Retry

/// Where the queue is, and what differs from the fleet's settings so that an experiment ends soon.
struct QueueOptions: ParsableArguments {
    @Option var redis = "redis://127.0.0.1:6379"
    @Option(help: "milliseconds") var lease = 3000
    @Option var tries = 6
    @Option var chunk = 500

    /// What stands on a child's command line.
    var arguments: [String] {
        ["--redis", redis, "--lease", String(lease), "--tries", String(tries), "--chunk", String(chunk)]
    }

    var settings: QueueSettings {
        var settings = QueueSettings()
        settings.lease = .milliseconds(lease)
        settings.tries = tries
        settings.retryDelay = .init(base: .milliseconds(100), cap: .seconds(1))
        settings.enqueueChunk = chunk
        return settings
    }

    func client(_ loop: EventLoop) throws -> RedisClient {
        RedisClient(configuration: try RedisConfiguration(url: redis, certificateAuthorityFile: nil), loop: loop)
    }

    func queue(_ redis: any RedisScripting) -> JobQueue {
        JobQueue(redis: redis, fleet: Self.fleet, settings: settings)
    }

    static let fleet = "faults"

    /// AWS as it is seen from outside: a quota per bucket that nobody knows, and a refusal beyond it.
    func provider(_ redis: any RedisScripting, callsPerSecond: Double) -> JobQueue {
        var settings = QueueSettings()
        settings.limiter.firstRate = callsPerSecond
        settings.limiter.floor = callsPerSecond
        settings.limiter.ceiling = callsPerSecond
        settings.limiter.burst = .seconds(1)
        return JobQueue(redis: redis, fleet: "provider", settings: settings)
    }
}
