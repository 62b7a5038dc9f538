internal import Discovery
internal import Domain
internal import FleetRoles

/// The accounts, regions and repositories that a sweep's flags name; an empty list leaves all configured ones.
struct SweepFilter {
    var accounts: [String] = []
    var regions: [String] = []
    var repositories: [String] = []

    /// Returns the part of the configured scope that the flags name.
    ///
    /// - Throws: `CommandFailure` when a flag names an account or region outside the configured scope.
    func narrowed(_ scope: DiscoveryScope) throws(CommandFailure) -> DiscoveryScope {
        var scope = scope
        scope.isNarrowed = !(accounts.isEmpty && regions.isEmpty && repositories.isEmpty)
        if !accounts.isEmpty { scope.accounts.only = try accounts(in: scope) }
        if !regions.isEmpty { scope.regions = .listed(try regions(in: scope)) }
        scope.onlyRepositories = repositories.map(Glob.init)
        return scope
    }

    private func accounts(in scope: DiscoveryScope) throws(CommandFailure) -> Set<AccountID> {
        let ids = accounts.map(AccountID.init(rawValue:))
        if let wrong = ids.first(where: { !$0.isValid }) {
            throw CommandFailure(
                ["--account: \(wrong) is not an account id of twelve digits"],
                status: .configuration
            )
        }
        if let outside = ids.first(where: scope.accounts.excludes) {
            throw CommandFailure(["--account: \(outside) is left out by the configuration"], status: .configuration)
        }
        return Set(ids)
    }

    private func regions(in scope: DiscoveryScope) throws(CommandFailure) -> [RegionName] {
        let names = regions.map(RegionName.init(rawValue:))
        guard case .listed(let configured) = scope.regions else { return names }
        if let outside = names.first(where: { !configured.contains($0) }) {
            throw CommandFailure(["--region: \(outside) is left out by the configuration"], status: .configuration)
        }
        return names
    }
}
