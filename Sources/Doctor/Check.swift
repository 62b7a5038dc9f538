package import FleetRoles

/// One thing that doctor looked at, and how it found it.
package struct Check: Hashable, Sendable {
    enum Verdict: String, Hashable, Sendable {
        case fine
        /// Worth knowing; nothing has to be mended.
        case note
        /// Something of the organization would be missed.
        case gap
        /// A server that the fleet needs is not there.
        case unavailable
        /// The fleet's own credentials or passwords are refused, or lack an action without which nothing works.
        case refused

        var status: ExitStatus {
            switch self {
            case .fine, .note: .success
            case .gap: .gaps
            case .unavailable: .unavailable
            case .refused: .refused
            }
        }
    }

    /// What was looked at, such as `redis` or `account 123456789012 eu-west-1`.
    var subject: String
    var verdict: Verdict
    /// What was found, in words that say what to do.
    var text: String
    var missing: [MissingPermission] = []
}

/// An action that a policy of the fleet should allow, and that AWS denied.
struct MissingPermission: Hashable, Sendable {
    /// Such as `ecr:DescribeImages`.
    var action: String
    var resource: String
    /// The file under `ops/iam` that holds the whole policy.
    var policy: String
    /// Whose policy it is to be added to.
    var holder: String
    /// Set where a role's trust policy lacks a statement: who is to be trusted.
    var trusted: String?
    var needsExternalID = false
}

extension [Check] {
    /// The status that a command with these checks ends with: the worst.
    package var status: ExitStatus { map(\.verdict.status).max { $0.rawValue < $1.rawValue } ?? .success }

    func count(_ verdict: Check.Verdict) -> Int { count { $0.verdict == verdict } }
}
