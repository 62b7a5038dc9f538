internal import Domain
internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Redis
internal import Support

extension MetricName {
    /// Readings that only the leader may show; a stand-by's would be old.
    static let ofTheLeadingCoordinator: [MetricName] = [
        .queueJobs, .queueBacklog, .queueOldestReady, .desiredWorkers, .sweepLastSuccess, .sweepGaps, .sweepOpen,
        .sweepJobs, .sweepInterval, .sweepCompleteness, .coverageImages, .learnedRate, .redisMemory, .redisMemoryLimit,
        .redisClients,
        .redisCommands, .redisEvictions, .redisLogSize, .redisDurable,
    ]
}

extension CoordinatorRole {
    /// Shows what the schedules are, so that alerts need not be told.
    func exportIntervals() {
        for (kind, schedule) in assembly.settings.sweeps.schedules {
            guard let interval = schedule.longestInterval(at: Int(Assembly.now())) else { continue }
            assembly.metrics.set(.sweepInterval, [("kind", kind.rawValue)], to: Double(interval))
        }
    }

    /// Counts what happened since the last look, and shows how far the sweeps are.
    func export(_ flow: inout QueueCounters, _ sweeps: [SweepProgress]) {
        let metrics = assembly.metrics
        for (step, count) in flow.advance(to: sweeps) {
            let labels = [(name: "kind", value: step.kind), (name: "transition", value: step.transition)]
            metrics.increment(.queueTransitions, labels, by: Double(count))
        }
        for kind in SweepKind.allCases {
            guard let overview = SweepOverview(of: kind, in: sweeps) else { continue }
            let age = overview.runningSince.map { max(0, Assembly.now() - $0) } ?? 0
            metrics.set(.sweepOpen, [("kind", kind.rawValue)], to: age)
            for (state, count) in overview.jobs {
                metrics.set(.sweepJobs, [("kind", kind.rawValue), ("state", state)], to: Double(count))
            }
        }
    }

    /// Shows what Redis says about itself; a user that may not ask is no reason to say nothing of the queue.
    func exportRedis() async throws {
        do {
            let server = try await assembly.redis.information()
            let metrics = assembly.metrics
            metrics.set(.redisMemory, to: Double(server.memory))
            metrics.set(.redisMemoryLimit, to: Double(server.memoryLimit))
            metrics.set(.redisClients, to: Double(server.clients))
            metrics.set(.redisCommands, to: Double(server.commands))
            metrics.set(.redisEvictions, to: Double(server.evictedKeys))
            metrics.set(.redisLogSize, to: Double(server.logSize))
            metrics.set(.redisDurable, to: server.isLogHealthy ? 1 : 0)
        } catch let error as RedisError {
            assembly.logger.debug("Redis tells nothing about itself", metadata: .init(error))
        }
    }

    /// Shows once a minute how the learned rates are spread, until cancelled.
    func exportLearnedRates() async throws {
        while true {
            do {
                for (operation, spread) in try await assembly.rateLimiter.rateSpreads() {
                    let values = [("lowest", spread.lowest), ("median", spread.median), ("highest", spread.highest)]
                    for (statistic, rate) in values {
                        let labels = [(name: "operation", value: operation), (name: "statistic", value: statistic)]
                        assembly.metrics.set(.learnedRate, labels, to: rate)
                    }
                }
            } catch let error where !(error is CancellationError) {
                assembly.logger.debug("the learned rates could not be read", metadata: .init(error))
            }
            try await assembly.loop.sleep(for: .seconds(60))
        }
    }
}
