internal import AWSCore
internal import AWSServices
internal import Discovery
internal import Domain
internal import FleetRoles
internal import RegistryAccess
internal import Support

/// Checks one account in the order of a sweep: its role, its regions, and every registry.
struct AccountCheck: Sendable {
    let assembly: Assembly
    let access: RegistryAccess
    let account: Account
    /// The ARN of the role's caller, as a trust policy names it; nil when unknown.
    let caller: String?

    private var subject: String { "account \(account.id)" }
    private var holder: String { "role \(assembly.settings.memberRole) of account \(account.id)" }

    func checks() async throws -> [Check] {
        guard account.state == .active else {
            return [check(.note, "the account's state is \(account.state.rawValue): nobody can look into it")]
        }
        if let refusal = try await refusalOfRole() { return [refusal] }
        let (plan, problems) = try await regions()
        let registries = try await plan.enabled.mapConcurrently(limit: 4) { region in
            let registry = Registry(account: account.id, region: region)
            let examination = RegistryCheck(
                client: await access.ecr(registry),
                registry: registry,
                startsScans: assembly.settings.sweeps.schedules[.scan] != .off,
                holder: holder
            )
            return try await examination.checks()
        }
        return problems + registries.flatMap(\.self)
    }

    // MARK: The role

    private func refusalOfRole() async throws -> Check? {
        do {
            _ = try await assembly.sessions.provider(for: account.id.rawValue).credentials()
            return nil
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            guard case .denied = ProbeAnswer(error, action: "sts:AssumeRole") else {
                return check(.gap, "the role \(assembly.settings.memberRole) could not be tried: \(error)")
            }
            let text =
                "the role \(assembly.settings.memberRole) cannot be assumed: it is not there, does not trust us, "
                + "or we may not ask (\(error))"
            return check(.gap, text, permissionsForRole)
        }
    }

    /// Both statements: AWS does not say whether the role's trust policy or the caller's own policy refused.
    private var permissionsForRole: [MissingPermission] {
        let partition = AWSPartition(region: assembly.settings.aws.region.rawValue)?.id ?? "aws"
        let role = "arn:\(partition):iam::*:role/\(assembly.settings.memberRole)"
        let action = "sts:AssumeRole"
        return [
            MissingPermission(
                action: action,
                resource: "",
                policy: "member-trust.json",
                holder: "trust policy of \(holder)",
                trusted: caller ?? "arn:\(partition):iam::FLEET_ACCOUNT:role/scanfleet-worker",
                needsExternalID: assembly.settings.externalID != nil
            ),
            MissingPermission(action: action, resource: role, policy: "worker.json", holder: "the fleet's own roles"),
        ]
    }

    // MARK: Regions

    private func regions() async throws -> (RegionPlan, [Check]) {
        let scope = assembly.settings.sweeps.scope.regions
        var prober = Prober(
            client: await access.account(account.id, region: assembly.settings.aws.region),
            service: "account"
        )
        var states: [RegionName: String] = [:]
        var next: AWSAccount.ListRegions? = AWSAccount.ListRegions(MaxResults: 50)
        while let request = next {
            next = nil
            guard let page = try await prober.ask(request) else {
                return (RegionPlan(scope, states: nil), failures(prober))
            }
            for region in page.Regions ?? [] {
                if let name = region.RegionName {
                    states[RegionName(rawValue: name)] = region.RegionOptStatus ?? "UNKNOWN"
                }
            }
            next = page.NextToken.flatMap { $0.isEmpty ? nil : request.following($0) }
        }
        let plan = RegionPlan(scope, states: states)
        return (plan, [summary(plan, states)] + plan.off.map(off))
    }

    private func summary(_ plan: RegionPlan, _ states: [RegionName: String]) -> Check {
        let off = states.filter { !$0.value.hasPrefix("ENABLED") }.keys.sorted().map(\.rawValue)
        let words = off.isEmpty ? "" : "; switched off: " + off.joined(separator: ", ")
        return check(
            .fine,
            "\(account.name.printable): role assumed; checked: "
                + plan.enabled.map(\.rawValue).joined(separator: ", ") + words
        )
    }

    private func off(_ region: RegionName) -> Check {
        Check(
            subject: "\(subject) \(region)",
            verdict: .gap,
            text: "SCANFLEET_REGIONS names the region, but the account has it switched off"
        )
    }

    /// Reports a failed ListRegions: a gap only with `SCANFLEET_REGIONS=auto`, because a configured list needs no call.
    private func failures(_ prober: Prober) -> [Check] {
        let isNeeded = assembly.settings.sweeps.scope.regions == .automatic
        let verdict: Check.Verdict = isNeeded ? .gap : .note
        let missing = prober.denied.sorted().map {
            MissingPermission(action: $0, resource: "*", policy: "member-permissions.json", holder: holder)
        }
        let denied = missing.map { check(verdict, "denied: \($0.action)", isNeeded ? [$0] : []) }
        let found = denied + prober.unknown.map { check(verdict, $0) }
        return found.isEmpty ? [check(verdict, "the account's regions could not be listed")] : found
    }

    private func check(_ verdict: Check.Verdict, _ text: String, _ missing: [MissingPermission] = []) -> Check {
        Check(subject: subject, verdict: verdict, text: text, missing: missing)
    }
}
