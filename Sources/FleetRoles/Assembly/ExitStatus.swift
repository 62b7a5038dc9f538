/// The exit statuses; ops/guides/configuration.md documents them, because scripts depend on them.
package enum ExitStatus: Int32, Sendable {
    case success = 0
    case failure = 1
    /// The sweep ended with gaps, which are listed.
    case gaps = 3
    /// Redis, the table, the bucket or AWS cannot be reached or does not exist (`EX_UNAVAILABLE`).
    case unavailable = 69
    /// A password or credentials were refused (`EX_NOPERM`).
    case refused = 77
    /// The configuration is wrong (`EX_CONFIG`).
    case configuration = 78
}

/// An error that a person has to correct before the command can run.
package struct CommandFailure: Error, Sendable, CustomStringConvertible {
    /// One line for each problem, with its remedy.
    package let problems: [String]
    /// The status that the process exits with.
    package let status: ExitStatus

    /// Takes one line for each problem; scripts rely on `status`.
    package init(_ problems: [String], status: ExitStatus) {
        self.problems = problems
        self.status = status
    }

    /// The problems, one per line, as they are printed on standard error.
    package var description: String { problems.joined(separator: "\n") }
}
