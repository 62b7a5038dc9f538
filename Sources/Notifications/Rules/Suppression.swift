package import Domain

/// A rule that keeps findings from being announced until it expires; they stay in the reports.
package struct Suppression: Hashable, Sendable {
    /// The patterns of a rule; a pattern that is not given matches everything.
    package struct Scope: Hashable, Sendable {
        /// Matches the id, such as `CVE-2026-1`.
        package var vulnerability: Glob
        /// Matches the package's name; findings without a package are matched by `*` only.
        package var package: Glob
        /// Matches the 12-digit account id.
        package var account: Glob
        /// Matches the repository's name without registry or tag.
        package var repository: Glob

        /// Covers findings that match all four patterns.
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

    /// The findings that the rule covers.
    package var scope: Scope
    /// Why the rule exists and who is responsible; notices and `explain` show it.
    package var reason: String
    /// When it expires, in seconds since 1970: the start of the day after the one named in the file.
    package var expires: Double

    /// Describes a rule.
    package init(scope: Scope, reason: String, expires: Double) {
        self.scope = scope
        self.reason = reason
        self.expires = expires
    }

    /// Whether the patterns match a finding, even if the rule has expired.
    package func covers(_ finding: Finding.Key, in repository: RepositoryReference) -> Bool {
        scope.vulnerability.matches(finding.vulnerability) && scope.package.matches(finding.package)
            && scope.account.matches(repository.registry.account.rawValue)
            && scope.repository.matches(repository.name.rawValue)
    }
}

/// All suppression rules, in the order of their file.
package struct Suppressions: Hashable, Sendable {
    /// The rules, expired ones included.
    package var rules: [Suppression]

    /// Takes the rules in order; without rules nothing is suppressed.
    package init(_ rules: [Suppression] = []) { self.rules = rules }

    /// The first rule in force at `now`, in seconds since 1970, that covers a finding; nil where none does.
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

/// A notification about a rule itself.
package struct SuppressionNotice: Hashable, Sendable {
    /// Why the rule needs attention.
    package enum Cause: String, Hashable, Sendable {
        /// Seven days or less are left before the rule expires.
        case expiresSoon = "expires_soon"
        /// Its findings are announced again from now on; those that are open now are counted in the notice.
        case expired
        /// The rule covers no announced finding that reaches the threshold.
        case matchesNothing = "matches_nothing"
    }

    /// The rule that needs attention.
    package var rule: Suppression
    /// The reason; each is announced once for the rule and its expiry.
    package var cause: Cause
    /// How many findings it covers now, of those that reach the threshold.
    package var findings: Int
    /// How many images have these findings.
    package var images: Int

    /// Describes the state of a rule.
    package init(rule: Suppression, cause: Cause, findings: Int, images: Int) {
        self.rule = rule
        self.cause = cause
        self.findings = findings
        self.images = images
    }
}
