package import Domain

/// A rule by which findings are not told for a time; they stay in the reports.
package struct Suppression: Hashable, Sendable {
    /// What it covers; a part that is not given covers everything.
    package struct Scope: Hashable, Sendable {
        package var vulnerability: Glob
        package var package: Glob
        package var account: Glob
        package var repository: Glob

        /// Covers what fits all four.
        package init(
            vulnerability: Glob = Glob("*"),
            package: Glob = Glob("*"),
            account: Glob = Glob("*"),
            repository: Glob = Glob("*")
        ) {
            self.vulnerability = vulnerability
            self.package = package
            self.account = account
            self.repository = repository
        }
    }

    package var scope: Scope
    /// Why, and who answers for it; people read it when they ask why nothing was told.
    package var reason: String
    /// When it ends, in seconds since 1970: the start of the day after the one that the file names.
    package var expires: Double

    /// Describes a rule.
    package init(scope: Scope, reason: String, expires: Double) {
        self.scope = scope
        self.reason = reason
        self.expires = expires
    }

    /// Whether it covers a finding, in force or not.
    package func covers(_ finding: Finding.Key, in repository: RepositoryReference) -> Bool {
        scope.vulnerability.matches(finding.vulnerability) && scope.package.matches(finding.package)
            && scope.account.matches(repository.registry.account.rawValue)
            && scope.repository.matches(repository.name.rawValue)
    }
}

/// All rules, in the order of their file.
package struct Suppressions: Hashable, Sendable {
    package var rules: [Suppression]

    /// Takes the rules as they are; none suppresses nothing.
    package init(_ rules: [Suppression] = []) { self.rules = rules }

    /// The first rule in force that covers a finding.
    package func rule(for finding: Finding.Key, in repository: RepositoryReference, at now: Double) -> Suppression? {
        rules.first { $0.expires > now && $0.covers(finding, in: repository) }
    }
}

extension Suppression: CustomStringConvertible {
    /// The scope as one line; parts that cover everything are left out.
    package var description: String {
        let parts = [
            ("vulnerability", scope.vulnerability), ("package", scope.package), ("account", scope.account),
            ("repository", scope.repository),
        ]
        let given = parts.filter { $0.1.description != "*" }.map { "\($0.0) \($0.1)" }
        return given.isEmpty ? "everything" : given.joined(separator: ", ")
    }
}

/// What the team is told about a rule itself.
package struct SuppressionNotice: Hashable, Sendable {
    /// Why the rule is spoken of.
    package enum Cause: String, Hashable, Sendable {
        case expiresSoon = "expires_soon"
        /// What it covered is told again from now on, and what is open now is counted here.
        case expired
        case matchesNothing = "matches_nothing"
    }

    package var rule: Suppression
    package var cause: Cause
    /// How many findings that reach the threshold it covers now.
    package var findings: Int
    /// In how many images.
    package var images: Int

    /// Describes the state of a rule.
    package init(rule: Suppression, cause: Cause, findings: Int, images: Int) {
        self.rule = rule
        self.cause = cause
        self.findings = findings
        self.images = images
    }
}
