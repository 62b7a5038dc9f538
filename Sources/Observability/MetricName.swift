/// Every metric that the fleet exports: `scanfleet_<noun>_<quantity>_<unit>`, never an account, repository, digest or CVE
/// in a label.
package enum MetricName: String, Hashable, Sendable, CaseIterable {
    case jobsSettled = "scanfleet_jobs_settled_total"
    case jobDuration = "scanfleet_job_duration_seconds"
    case leasesLost = "scanfleet_leases_lost_total"
    case workerSlots = "scanfleet_worker_slots_jobs"
    case awsRequests = "scanfleet_aws_requests_total"
    case awsRequestDuration = "scanfleet_aws_request_duration_seconds"
    case queueJobs = "scanfleet_queue_jobs"
    case queueBacklog = "scanfleet_queue_backlog_jobs"
    case queueOldestReady = "scanfleet_queue_oldest_ready_seconds"
    case desiredWorkers = "scanfleet_queue_desired_workers"
    case leading = "scanfleet_role_leading"
    case sweepLastSuccess = "scanfleet_sweep_last_success_timestamp_seconds"
    case sweepGaps = "scanfleet_sweep_gaps_images"
    case sweepCompleteness = "scanfleet_sweep_completeness_ratio"
    case coverageImages = "scanfleet_coverage_images"
    case streamLag = "scanfleet_stream_lag_seconds"
    case messagesSent = "scanfleet_notifications_sent_total"
    case messagesFailed = "scanfleet_notifications_failed_total"
    case outboxMessages = "scanfleet_outbox_messages"
    case outboxOldest = "scanfleet_outbox_oldest_seconds"
    case messagesSetAside = "scanfleet_notifications_refused_total"
    case messagesAside = "scanfleet_outbox_refused_messages"
    case reportsWritten = "scanfleet_reports_written_total"
    case workerHeld = "scanfleet_worker_held_jobs"
    case queueTransitions = "scanfleet_queue_transitions_total"
    case sweepOpen = "scanfleet_sweep_open_seconds"
    case sweepJobs = "scanfleet_sweep_state_jobs"
    case sweepInterval = "scanfleet_sweep_interval_seconds"
    case learnedRate = "scanfleet_limiter_rate_calls_per_second"
    case streamReached = "scanfleet_stream_reached_timestamp_seconds"
    case stageFailures = "scanfleet_aggregator_failures_total"
    case reportLastSuccess = "scanfleet_report_last_success_timestamp_seconds"
    case reportDuration = "scanfleet_report_duration_seconds"
    case redisMemory = "scanfleet_redis_memory_bytes"
    case redisMemoryLimit = "scanfleet_redis_memory_limit_bytes"
    case redisClients = "scanfleet_redis_connected_clients"
    case redisCommands = "scanfleet_redis_commands_total"
    case redisEvictions = "scanfleet_redis_evicted_keys_total"
    case redisLogSize = "scanfleet_redis_aof_bytes"
    case redisDurable = "scanfleet_redis_aof_healthy"

    /// The type in the `# TYPE` line for Prometheus.
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// The kind follows from the name: `_total` is a counter, a duration a histogram, everything else a gauge.
    package var kind: Kind {
        switch self {
        case .jobDuration, .awsRequestDuration, .reportDuration: .histogram
        default: rawValue.hasSuffix("_total") ? .counter : .gauge
        }
    }

    /// One sentence for the `# HELP` line.
    package var help: String {
        switch self {
        case .jobsSettled: "Jobs whose attempt ended, by kind and outcome."
        case .jobDuration: "How long one attempt at a job took."
        case .leasesLost: "Leases that ran out under a worker that still held them."
        case .workerSlots: "Jobs that the worker may hold: its concurrency, less while DynamoDB throttles."
        case .awsRequests: "Attempts at AWS calls, by service, operation and outcome."
        case .awsRequestDuration: "How long one attempt at an AWS call took."
        case .queueJobs: "Jobs in the queue, by state; read from Redis by the coordinator alone."
        case .queueBacklog: "Jobs that are ready, due or in flight: what workers are scaled on."
        case .queueOldestReady: "How long the oldest ready job has waited."
        case .desiredWorkers: "How many workers the backlog is worth."
        case .leading: "1 in the process that leads its role, 0 in its stand-bys."
        case .sweepLastSuccess: "When the last complete sweep ended, by kind."
        case .sweepGaps: "Images and places that the last sweep could not judge, by kind."
        case .sweepCompleteness: "Share of what the last scheduled sweep was to look at that it could judge, by kind."
        case .coverageImages: "Images by coverage state, as the last scheduled collect found them."
        case .streamLag: "Age of the change that the aggregator handled last."
        case .messagesSent: "Messages that the chat accepted."
        case .messagesFailed: "Attempts to deliver a message that failed."
        case .outboxMessages: "Messages that are written down and not accepted by the chat yet."
        case .outboxOldest: "How long the oldest of these messages has waited; 0 where none does, and in quiet hours."
        case .messagesAside: "Refused messages that lie set aside, until somebody resends them."
        case .messagesSetAside: "Messages that the chat refused for their content, and that nobody has seen."
        case .reportsWritten: "Reports written to S3."
        case .workerHeld: "Jobs that this worker holds."
        case .queueTransitions: "What became of jobs, by kind, as the leading coordinator sees it in Redis."
        case .sweepOpen: "For how long the oldest unfinished sweep has been open, by kind; 0 without one."
        case .sweepJobs: "Jobs of the newest sweep, by kind and state."
        case .sweepInterval: "The longest time between two scheduled sweeps, by kind."
        case .learnedRate: "Lowest, median and highest learned rate of all buckets, by operation."
        case .streamReached: "Changes written before this moment have been read from the table's stream."
        case .stageFailures: "Failed rounds of the aggregator's loops, by stage; each is repeated."
        case .reportLastSuccess: "When the last report was stored."
        case .reportDuration: "How long building and storing a report took."
        case .redisMemory: "Memory that Redis uses."
        case .redisMemoryLimit: "Memory that Redis may use (maxmemory); 0 is without limit."
        case .redisClients: "Connections to Redis."
        case .redisCommands: "Commands that Redis has processed since it started."
        case .redisEvictions: "Keys that Redis dropped for want of memory; any is lost work."
        case .redisLogSize: "Size of Redis' append-only file; 0 without one."
        case .redisDurable: "1 while the append-only file is on, and its last write and rewrite succeeded."
        }
    }
}
