import EventLoop
import JobQueue
import Redis
import Synchronization
import TestSupport
import Testing

/// Consumers over a Redis that goes away under them.
@Suite(.requires("redis-server"), .timeLimit(.minutes(10))) struct ConsumerFaultTests {
    @Test func `A restart of Redis loses nothing, and the consumers go on by themselves`() async throws {
        let settings = QueueSettings.quick { $0.lease = .seconds(3) }
        try await QueueFixture.with(settings, server: .init(appendOnly: true)) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a", "b", "c"], count: 100)
            let consumers = ["v", "w"].map {
                fixture.consumer($0, .init(concurrency: 8, renewEvery: .seconds(1)), witness: witness)
            }
            let restarts = Mutex(0)
            try await fixture.run(
                consumers,
                until: {
                    let count = restarts.withLock { $0 }
                    if witness.begun.count >= (count + 1) * 80 && count < 3 {
                        try await fixture.server.restart()
                        restarts.withLock { $0 += 1 }
                    }
                    return try await fixture.isComplete("s-1")
                }
            ) { job in
                // However late a restart comes on a busy machine, there is work left for it to disturb.
                try await fixture.wait { restarts.withLock { $0 == 3 || witness.begun.count < $0 * 80 + 120 } }
                return try await witness.work(job, for: .milliseconds(20), on: fixture.loop)
            }
            #expect(restarts.withLock { $0 } == 3)
            #expect(try await fixture.sweeps.sweep("s-1")?.tallies == ["jobs": 300])
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `Live jobs outlast a Redis that is frozen for longer than their leases`() async throws {
        let settings = QueueSettings.quick { $0.lease = .seconds(3) }
        try await QueueFixture.with(settings, commandTimeout: .seconds(1)) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 10)
            let consumers = ["v", "w"].map {
                fixture.consumer($0, .init(concurrency: 8, renewEvery: .seconds(1)), witness: witness)
            }
            var wasFrozen = false
            try await fixture.run(
                consumers,
                until: {
                    if witness.begun.count == 10 && !wasFrozen {
                        await fixture.server.pause()
                        try await Task.sleep(for: .seconds(4))
                        await fixture.server.resume()
                        wasFrozen = true
                    }
                    return try await fixture.isComplete("s-1")
                }
            ) { job in
                // Half of them end while nobody can be told.
                try await witness.work(job, for: .seconds(job.payload.hasSuffix("1") ? 2 : 7), on: fixture.loop)
            }
            #expect(witness.begun.count == 10)
            #expect(try await fixture.sweeps.sweep("s-1")?.recovered == 0)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `Draining ends in time though Redis is silent`() async throws {
        try await QueueFixture.with(commandTimeout: .seconds(30)) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 8)
            let consumer = fixture.consumer(
                "w",
                .init(concurrency: 8, grace: .milliseconds(200)),
                witness: witness
            )
            var began = ContinuousClock.now
            try await fixture.run(
                [consumer],
                until: {
                    guard witness.begun.count == 8 else { return false }
                    await fixture.server.pause()
                    began = .now
                    return true
                }
            ) { job in
                try await witness.work(job, for: .seconds(600), on: fixture.loop)
            }
            // Far sooner than a command's time is up.
            #expect(ContinuousClock.now - began < .seconds(25))
            #expect(witness.lost.count == 8)
            await fixture.server.resume()
        }
    }

    @Test func `A primary without its replicas costs no try`() async throws {
        try await QueueFixture.with(.quick { $0.tries = 2 }) { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a", "b"], count: 40)
            let consumer = fixture.consumer("w", .init(concurrency: 8, idlePause: .milliseconds(50)), witness: witness)
            let refusals = Mutex(0)
            try await fixture.run(
                [consumer],
                until: {
                    let count = refusals.withLock { $0 }
                    if witness.begun.count >= (count + 1) * 15 && count < 3 {
                        _ = try await fixture.redis.send(["CONFIG", "SET", "min-replicas-to-write", "1"])
                        try await Task.sleep(for: .milliseconds(500))
                        _ = try await fixture.redis.send(["CONFIG", "SET", "min-replicas-to-write", "0"])
                        refusals.withLock { $0 += 1 }
                    }
                    return try await fixture.isComplete("s-1")
                }
            ) { job in
                // However late a refusal comes, there is work left for it to meet.
                try await fixture.wait { refusals.withLock { $0 == 3 || witness.begun.count < $0 * 15 + 25 } }
                try await fixture.limiter.waitForPermit(
                    "call",
                    bucket: job.bucket,
                    sleep: { try await fixture.loop.sleep(for: $0) }
                )
                return try await witness.work(job, for: .milliseconds(20), on: fixture.loop)
            }
            #expect(refusals.withLock { $0 } == 3)
            #expect(try await fixture.sweeps.sweep("s-1")?.retried == 0)
            try await fixture.expectInvariants(of: "s-1")
        }
    }

    @Test func `A refusal that no attempt can mend ends the consumer, and its jobs are cancelled`() async throws {
        try await QueueFixture.with { fixture in
            let witness = Witness()
            try await fixture.fill("s-1", buckets: ["a"], count: 2)
            let consumer = fixture.consumer("w", .init(concurrency: 8, idlePause: .milliseconds(50)), witness: witness)
            await #expect(throws: (any Error).self) {
                try await fixture.run(
                    [consumer],
                    until: {
                        if witness.begun.count == 2 {
                            _ = try await fixture.redis.send(["SET", "{test}:ring:bulk", "x"])
                        }
                        return witness.cancelled.count == 2
                    }
                ) { job in
                    try await witness.work(job, for: .seconds(600), on: fixture.loop)
                }
            }
            #expect(witness.cancelled.count == 2)
        }
    }
}
