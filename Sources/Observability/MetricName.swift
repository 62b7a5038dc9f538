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
    case streamLag = "scanfleet_stream_lag_seconds"
    case messagesSent = "scanfleet_notifications_sent_total"
    case messagesFailed = "scanfleet_notifications_failed_total"
    case reportsWritten = "scanfleet_reports_written_total"

    /// What Prometheus is told that the metric is.
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// The kind follows the name: `_total` counts, the durations are distributions, everything else is a reading.
    package var kind: Kind {
        switch self {
        case .jobDuration, .awsRequestDuration: .histogram
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
        case .streamLag: "Age of the change that the aggregator handled last."
        case .messagesSent: "Messages that the chat accepted."
        case .messagesFailed: "Attempts to deliver a message that failed."
        case .reportsWritten: "Reports written to S3."
        }
    }
}
