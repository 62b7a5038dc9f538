/// All problems of a configuration, found before any socket is opened; the process ends with status 78.
package struct ConfigurationProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line for each problem, which begins with the name of the setting or variable.
    package let problems: [String]

    /// Takes one line for each problem, beginning with the setting's name.
    package init(_ problems: [String]) { self.problems = problems }

    /// The problems, one per line, as they are printed on standard error.
    package var description: String { problems.joined(separator: "\n") }
}
