internal import Logging

/// Every metadata key that the fleet writes, in one place, because dashboards query them.
///
/// Keys that begin with `cloud`, `error`, `server` or `service` are OpenTelemetry's; the others are ours.
package enum LogKey: String, Hashable, Sendable, CaseIterable {
    case accountID = "cloud.account.id"
    case region = "cloud.region"
    case errorMessage = "error.message"
    case errorType = "error.type"
    case instance = "service.instance.id"
    case repository = "ecr.repository.name"
    case image = "image.digest"
    case job = "job.id"
    case jobAttempt = "job.attempt"
    case jobOutcome = "job.outcome"
    case sweep = "sweep.id"
    case sweepJobs = "sweep.jobs"
    case fence = "leader.fence"
    case operation = "aws.operation"
    case count = "item.count"
    case notes = "note.count"
    case message = "message.id"
    case room = "chat.room"
    case delay = "delay.seconds"
    case address = "server.address"
    case reason = "reason"
}

extension [String: Logger.MetadataValue] {
    /// Builds metadata from keys that exist; the last of two equal keys wins.
    package init(_ pairs: KeyValuePairs<LogKey, any CustomStringConvertible & Sendable>) {
        self.init(pairs.map { ($0.key.rawValue, .stringConvertible($0.value)) }, uniquingKeysWith: { _, last in last })
    }

    /// Adds an error's type, to count by, and its text, to read.
    package init(_ error: any Error, _ pairs: KeyValuePairs<LogKey, any CustomStringConvertible & Sendable> = [:]) {
        self.init(pairs)
        self[LogKey.errorType.rawValue] = .string(String(describing: type(of: error)))
        self[LogKey.errorMessage.rawValue] = .string(String(describing: error))
    }
}
