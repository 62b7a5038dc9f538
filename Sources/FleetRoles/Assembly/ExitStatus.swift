/// What the process ends with; documented in ops/guides/configuration.md, because scripts decide by it.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    case failure = 1
    /// A sweep ended, and something could not be judged; it is listed.
    case gaps = 3
    /// Redis, the table, the bucket or AWS cannot be reached or is not there (`EX_UNAVAILABLE`).
    case unavailable = 69
    /// A password or credentials were refused (`EX_NOPERM`).
    case refused = 77
    /// The configuration is wrong (`EX_CONFIG`).
    case configuration = 78
}

/// Something that a person must mend before the command can run, with the status that the process ends with.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// One line a problem.
    package let problems: [String]
    /// What the process ends with.
    package let status: ExitStatus

    /// Describes why the command ends.
    package init(_ problems: [String], status: ExitStatus) {
        self.problems = problems
        self.status = status
    }

    /// The problems, one a line.
    package var description: String { problems.joined(separator: "\n") }
}
