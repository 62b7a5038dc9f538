import EventLoop
import JobQueue
import Logging
import Synchronization

/// What consumers did, for tests to look at.
final class Witness: Sendable {
    private struct Seen {
        var running = 0
        var mostRunning = 0
        var begun: [String] = []
        var cancelled: [String] = []
        var settled: [(payload: String, outcome: JobOutcome)] = []
        var lost: [String] = []
        var held: [Int] = []
    }

    private let seen = Mutex(Seen())

    var mostRunning: Int { seen.withLock { $0.mostRunning } }
    var begun: [String] { seen.withLock { $0.begun } }
    var cancelled: [String] { seen.withLock { $0.cancelled } }
    /// How many jobs were held, after each change.
    var held: [Int] { seen.withLock { $0.held } }
    var lost: [String] { seen.withLock { $0.lost } }
    var outcomes: [JobOutcome] { seen.withLock { $0.settled.map(\.outcome) } }

    func observe(_ event: JobConsumer.Event) {
        seen.withLock { seen in
            switch event {
            case .settled(let job, let outcome, _): seen.settled.append((job.payload, outcome))
            case .leaseLost(let job): seen.lost.append(job.payload)
            case .holding(let count): seen.held.append(count)
            }
        }
    }

    /// A job that does nothing for a while, and counts once.
    func work(_ job: LeasedJob, for duration: Duration, on loop: EventLoop) async throws -> JobOutcome {
        seen.withLock { seen in
            seen.begun.append(job.payload)
            seen.running += 1
            seen.mostRunning = max(seen.mostRunning, seen.running)
        }
        defer { seen.withLock { $0.running -= 1 } }
        do {
            try await loop.sleep(for: duration)
        } catch {
            seen.withLock { $0.cancelled.append(job.payload) }
            throw error
        }
        return .completed(tallies: ["jobs": 1])
    }
}

extension QueueFixture {
    func consumer(
        _ name: String = "w",
        _ settings: JobConsumer.Settings = .init(),
        witness: Witness = Witness(),
        isPaced: @escaping @Sendable (LeasedJob) -> Bool = { _ in false }
    ) -> JobConsumer {
        JobConsumer(
            queue: queue,
            worker: name,
            settings: settings,
            isPaced: isPaced,
            sleep: { [loop] in try await loop.sleep(for: $0) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            observe: { witness.observe($0) }
        )
    }

    /// Runs consumers on the loop until `isOver`, then drains them.
    func run(
        _ consumers: [JobConsumer],
        until isOver: () async throws -> Bool,
        _ perform: @escaping @Sendable (LeasedJob) async throws -> JobOutcome
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for consumer in consumers {
                group.addTask(executorPreference: loop) { try await consumer.run(perform) }
            }
            while try await !isOver() { try await Task.sleep(for: .milliseconds(10)) }
            for consumer in consumers { await consumer.drain() }
            try await group.waitForAll()
        }
    }

    /// Holds a job back until `isTime`.
    func wait(until isTime: () -> Bool) async throws {
        while !isTime() { try await loop.sleep(for: .milliseconds(5)) }
    }

    func isComplete(_ sweep: String) async throws -> Bool {
        do {
            return try await sweeps.sweep(sweep)?.isComplete == true
        } catch {
            // A server that is away completes nothing.
            return false
        }
    }
}
