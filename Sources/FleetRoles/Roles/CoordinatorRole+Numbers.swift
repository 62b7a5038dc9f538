internal import Domain
internal import EventLoop
internal import JobQueue
internal import Logging
internal import Observability
internal import Redis
internal import Support

extension MetricName {
    /// Gauges that only the leader exports; a stand-by's values would be out of date.
    static let ofTheLeadingCoordinator: [MetricName] = [
        .queueJobs, .queueBacklog, .queueOldestReady, .desiredWorkers, .sweepLastSuccess, .sweepGaps, .sweepOpen,
        .sweepJobs, .sweepInterval, .sweepCompleteness, .coverageImages, .learnedRate, .redisMemory, .redisMemoryLimit,
        .redisClients,
        .redisCommands, .redisEvictions, .redisLogSize, .redisDurable,
    ]
}

extension CoordinatorRole {
    /// Exports the longest interval of each schedule, so that alerts need no configuration of their own.
    func exportIntervals() {
        for (kind, schedule) in assembly.settings.sweeps.schedules {
            guard let interval = schedule.longestInterval(at: Int(Assembly.now())) else { continue }
            assembly.metrics.set(.sweepInterval, [("kind", kind.rawValue)], to: Double(interval))
        }
    }

    /// Counts the job transitions since the last call, and exports the progress of the sweeps.
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

    /// Exports Redis' own statistics; if the user may not call `INFO`, the queue's metrics are exported all the same.
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
            assembly.logger.debug("Redis gives no information about itself", metadata: .init(error))
        }
    }

    /// Exports once a minute the lowest, median and highest learned rate of each operation, until cancelled.
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
