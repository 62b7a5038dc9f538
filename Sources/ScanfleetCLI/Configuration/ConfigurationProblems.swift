/// Everything that is wrong with a configuration, found before any socket opened; the process ends with status 78.
package struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line each, beginning with the setting's name.
    package let problems: [String]

    /// Joins what was found.
    package init(_ problems: [String]) { self.problems = problems }

    /// The problems, one a line.
    package var description: String { problems.joined(separator: "\n") }
}
