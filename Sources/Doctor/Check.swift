package import FleetRoles

/// One result of `scanfleet doctor`: what was checked, the verdict, and the permissions that are missing.
package struct Check: Hashable, Sendable {
    enum Verdict: String, Hashable, Sendable {
        case fine
        /// Worth knowing; nothing has to be repaired.
        case note
        /// A sweep would miss some part of the organization.
        case gap
        /// A server, table or bucket that the fleet needs does not exist or does not answer.
        case unavailable
        /// The fleet's own credentials or passwords are refused, or lack a permission without which nothing works.
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

    /// What was checked, such as `redis` or `account 123456789012 eu-west-1`.
    var subject: String
    var verdict: Verdict
    /// The finding and, if something is wrong, the remedy.
    var text: String
    var missing: [MissingPermission] = []
}

/// An action that a policy in `ops/iam` allows, and that AWS denied.
struct MissingPermission: Hashable, Sendable {
    /// The IAM action, such as `ecr:DescribeImages`.
    var action: String
    var resource: String
    /// The file under `ops/iam` that holds the whole policy.
    var policy: String
    /// The role or trust policy to add it to, in words.
    var holder: String
    /// The ARN that a trust policy has to trust; nil when a permission policy lacks the action.
    var trusted: String?
    var needsExternalID = false
}

extension [Check] {
    /// The exit status for these checks: the highest status of any verdict, 0 when all are fine or notes.
    package var status: ExitStatus { map(\.verdict.status).max { $0.rawValue < $1.rawValue } ?? .success }

    func count(_ verdict: Check.Verdict) -> Int { count { $0.verdict == verdict } }
}
