import ArgumentParser
import EventLoop
import Glibc
import JobQueue
import Redis

/// A leader that enqueues one sweep chunk by chunk, and may kill or freeze itself between two chunks.
struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "coordinator", shouldDisplay: false)

    @OptionGroup var options: QueueOptions
    @Option var name: String
    @Option var jobs: Int
    @Option var eventLog: String
    /// After how many chunks it kills itself.
    @Option var dieAfter: Int?
    /// After how many chunks it stops itself, as a frozen machine does.
    @Option var freezeAfter: Int?

    static let sweep = "collect-1"

    func run() async throws {
        let eventLog = try EventLog(path: eventLog)
        try await EventLoop.running { [self] loop in
            let redis = try options.client(loop)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await enqueue(redis, loop)) } catch { outcome = .failure(error) }
            await redis.close()
            if case .failure(QueueError.fenced) = outcome { return eventLog.write(.refused, name) }
            try outcome.get()
        }
    }

    private func enqueue(_ redis: RedisClient, _ loop: EventLoop) async throws {
        let (queue, sweeps) = (options.queue(redis), options.sweeps(redis))
        let fence = try await lead(options.leaderLease(redis), loop)
        _ = try await sweeps.open(Self.sweep, priority: .bulk, fence: fence)
        for (number, start) in stride(from: 0, to: jobs, by: options.chunk).enumerated() {
            let chunk = (start..<min(start + options.chunk, jobs)).map { Self.job($0) }
            _ = try await queue.enqueue(chunk, in: Self.sweep, fence: fence)
            if dieAfter == number + 1 { kill(getpid(), SIGKILL) }
            // Sent to this very thread, which therefore does not get any further.
            if freezeAfter == number + 1 { raise(SIGSTOP) }
        }
        try await sweeps.close(Self.sweep, fence: fence)
    }

    private func lead(_ lease: LeaderLease, _ loop: EventLoop) async throws -> Fence {
        while true {
            if let fence = try await lease.lead("coordinator", holder: name, term: .seconds(1)) { return fence }
            try await loop.sleep(for: .milliseconds(50))
        }
    }

    static func job(_ number: Int, milliseconds: Int = 0, buckets: Int = 20) -> QueuedJob {
        let job = SyntheticJob.work(number: number, milliseconds: milliseconds)
        return QueuedJob(bucket: "account\(number % buckets):region", payload: job.payload)
    }
}
