import ArgumentParser
import EventLoop
import Glibc
import JobQueue
import Logging
import Redis
import UnixSignals

/// A worker of an experiment: the fleet's own queue and consumer, with jobs that only pretend.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    @OptionGroup var options: QueueOptions
    @Option var name: String
    @Option var eventLog: String
    @Option var concurrency = 4
    @Option(help: "milliseconds") var grace = 1000
    @Option(help: "milliseconds") var longest = 600_000

    func run() async throws {
        let eventLog = try EventLog(path: eventLog)
        try await EventLoop.running { [self] loop in
            let redis = try options.client(loop)
            let consumer = consumer(options.queue(redis), eventLog, loop)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sigterm) { await consumer.drain() }
                }
                let work = SyntheticWork(options: options, redis: redis, eventLog: eventLog, loop: loop)
                try await consumer.run { try await work.perform($0) }
                group.cancelAll()
            }
            await redis.close()
        }
    }

    private func consumer(_ queue: JobQueue, _ eventLog: EventLog, _ loop: EventLoop) -> JobConsumer {
        var logger = Logger(label: name) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        return JobConsumer(
            queue: queue,
            worker: name,
            settings: .init(
                concurrency: concurrency,
                renewEvery: .milliseconds(options.lease) / 3,
                grace: .milliseconds(grace),
                idlePause: .milliseconds(100),
                longest: .milliseconds(longest)
            ),
            sleep: { try await loop.sleep(for: $0) },
            logger: logger,
            observe: { event in
                switch event {
                case .settled(let job, let outcome, _):
                    if case .completed = outcome { eventLog.write(.settled, job.payload, token: job.token) }
                case .leaseLost(let job): eventLog.write(.lost, job.payload, token: job.token)
                case .holding: break
                }
            }
        )
    }
}

/// Does synthetic jobs.
struct SyntheticWork: Sendable {
    let options: QueueOptions
    let redis: RedisClient
    let eventLog: EventLog
    let loop: EventLoop

    func perform(_ leased: LeasedJob) async throws -> JobOutcome {
        let job: SyntheticJob
        do {
            job = try SyntheticJob(payload: leased.payload)
        } catch {
            return .discarded(reason: "\(error)")
        }
        eventLog.write(.begin, leased.payload, token: leased.token)
        if leased.attempt > 1 { eventLog.write(.again, leased.payload, token: leased.token) }
        switch job {
        case .work(_, let milliseconds): try await loop.sleep(for: .milliseconds(milliseconds))
        case .poison: kill(getpid(), SIGKILL)
        case .hang: try await loop.sleep(for: .seconds(86400))
        case .calls(_, let count, let rate): try await call(count, rate, leased.bucket)
        }
        eventLog.write(.end, leased.payload, token: leased.token)
        return .completed(tallies: ["jobs": 1])
    }

    /// Calls under the fleet's limiter, and tells it of refusals.
    private func call(_ count: Int, _ callsPerSecond: Double, _ bucket: String) async throws {
        let limiter = options.limiter(redis)
        var left = count
        while left > 0 {
            try await limiter.waitForPermit("call", bucket: bucket, sleep: { try await loop.sleep(for: $0) })
            if try await isGranted(callsPerSecond, bucket) {
                eventLog.write(.granted, bucket)
                left -= 1
            } else {
                eventLog.write(.throttled, bucket)
                try await limiter.reportThrottled(bucket: bucket, operation: "call")
            }
        }
    }

    /// What AWS answers; a quota of zero calls a second stands for a call without any.
    private func isGranted(_ callsPerSecond: Double, _ bucket: String) async throws -> Bool {
        guard callsPerSecond > 0 else { return true }
        let share = try await redis.send(["GET", QueueOptions.quotaShare]).text.flatMap(Double.init) ?? 1
        let provider = options.provider(redis, callsPerSecond: callsPerSecond * share)
        if case .granted = try await provider.acquire(1, bucket: bucket, operation: "call") { return true }
        return false
    }
}
