internal import AWSCore
internal import AWSServices
internal import Discovery
package import Domain
package import FleetRoles
internal import RegistryAccess
internal import Support

/// Checks everything that a fleet needs, in the order in which a person would repair it.
package struct Doctor {
    let assembly: Assembly
    /// The accounts to check; empty means the configured ones.
    let accounts: [AccountID]
    let roles: [FleetRole]

    /// Checks these accounts (empty: the configured ones) and the table permissions of these roles.
    package init(assembly: Assembly, accounts: [AccountID], roles: [FleetRole]) {
        self.assembly = assembly
        self.accounts = accounts
        self.roles = roles
    }

    /// Checks everything once and changes nothing; a refused call becomes a `Check` instead of an error.
    package func checks() async throws -> [Check] {
        let (identity, credentials) = try await identity()
        // Without credentials no other call can be made.
        guard identity != nil else { return [credentials] }
        let home = try await HomeCheck(assembly: assembly, roles: roles, identity: identity).checks()
        let (listed, organization) = try await organization(identity)
        // No limiter: it needs Redis, which may be the broken part, and these calls are few.
        let access = RegistryAccess(runtime: assembly.runtime, sessions: assembly.sessions) { _ in .open }
        let examined = try await listed.mapConcurrently(limit: 8) { account in
            try await AccountCheck(
                assembly: assembly,
                access: access,
                account: account,
                caller: identity?.principal
            ).checks()
        }
        return [credentials] + home + organization + examined.flatMap(\.self)
    }

    private func identity() async throws -> (STS.GetCallerIdentity.Response?, Check) {
        let subject = "credentials"
        do {
            let identity = try await assembly.home.send(STS.GetCallerIdentity())
            let text = "\(assembly.credentials.source), as \(identity.Arn)"
            return (identity, Check(subject: subject, verdict: .fine, text: text))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let isAnswer = error is AWSServiceError || error is CredentialsError
            let text = "\(assembly.credentials.source): \(error)"
            return (nil, Check(subject: subject, verdict: isAnswer ? .refused : .unavailable, text: text))
        }
    }

    /// Returns the accounts to check; accounts named on the command line are checked even if the listing is refused.
    private func organization(_ identity: STS.GetCallerIdentity.Response?) async throws -> ([Account], [Check]) {
        let subject = "organization"
        var scope = assembly.settings.sweeps.scope
        if !accounts.isEmpty { scope.accounts = AccountSelection(only: Set(accounts)) }
        do {
            let listed = try await AccountLister(organization: await assembly.organization()).accounts(in: scope)
                .chosen
            let unknownAccounts = Set(accounts).subtracting(listed.map(\.id)).sorted().map { id in
                Check(subject: "account \(id)", verdict: .gap, text: "the account is not in the organization")
            }
            let text = "\(listed.count) accounts to look into"
            return (listed, [Check(subject: subject, verdict: .fine, text: text)] + unknownAccounts)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let named = accounts.map { Account(id: $0, name: $0.rawValue, state: .active) }
            return (named, [refusal(error, subject, identity)])
        }
    }

    private func refusal(_ error: any Error, _ subject: String, _ identity: STS.GetCallerIdentity.Response?) -> Check {
        guard case .denied(let action) = ProbeAnswer(error, action: "organizations:ListAccounts") else {
            return Check(subject: subject, verdict: .unavailable, text: "the accounts cannot be listed: \(error)")
        }
        let text =
            "the accounts cannot be listed: \(error). Only the management account and delegated administrators may; "
            + "SCANFLEET_ORGANIZATION_ROLE_ARN names a role there"
        let isForeign = assembly.settings.organizationRoleARN != nil
        let missing = MissingPermission(
            action: action,
            resource: action == "sts:AssumeRole" ? assembly.settings.organizationRoleARN ?? "*" : "*",
            policy: action == "sts:AssumeRole" ? "coordinator.json" : "organization.json",
            holder: isForeign && action != "sts:AssumeRole"
                ? assembly.settings.organizationRoleARN ?? "" : identity?.principal ?? "the coordinator's role"
        )
        return Check(subject: subject, verdict: .refused, text: text, missing: [missing])
    }
}

extension STS.GetCallerIdentity.Response {
    /// The ARN by which a trust policy names the caller; for an assumed-role session, the ARN of its role.
    var principal: String {
        let parts = Arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let resource = parts.last?.split(separator: "/").map(String.init) ?? []
        guard parts.count == 6, parts[2] == "sts", resource.first == "assumed-role", resource.count >= 2 else {
            return Arn
        }
        return "arn:\(parts[1]):iam::\(parts[4]):role/\(resource[1])"
    }
}
