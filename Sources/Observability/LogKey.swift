internal import Logging

/// Every metadata key that the fleet writes, so that a dashboard's query and the code cannot drift apart; the dotted names
/// without a noun of ours are OpenTelemetry's.
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

    /// The facts of an error: its type for counting, its text for reading.
    package init(_ error: any Error, _ pairs: KeyValuePairs<LogKey, any CustomStringConvertible & Sendable> = [:]) {
        self.init(pairs)
        self[LogKey.errorType.rawValue] = .string(String(describing: type(of: error)))
        self[LogKey.errorMessage.rawValue] = .string(String(describing: error))
    }
}
