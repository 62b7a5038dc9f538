package import AWSCore
internal import AWSServices
package import Domain
internal import RegistryAccess

/// Lists the organization's accounts, and asks for units and tags only where the scope needs them.
package struct AccountLister: Sendable {
    private let organization: AWSClient

    /// Lists through `organization`, whose credentials are the management account's or a delegated administrator's.
    package init(organization: AWSClient) { self.organization = organization }

    /// A complete listing of the organization.
    package struct Listing: Sendable {
        /// The accounts that the scope includes, sorted by id.
        package var chosen: [Account]
        /// Every account, included or not.
        package var all: Set<AccountID>
    }

    /// Lists the accounts; an account without an organization is listed as the only one.
    ///
    /// - Throws: the error that kept the listing from being complete.
    package func accounts(in scope: DiscoveryScope) async throws -> Listing {
        let selection = scope.accounts
        do {
            let everyone = try await listed()
            let listed = everyone.filter { selection.only?.contains($0.id) ?? true }
            let units = scope.recordsUnits || selection.needsUnits ? try await unitsByAccount() : [:]
            var chosen: [Account] = []
            for var account in listed {
                account.organizationalUnit = units[account.id]
                var facts = AccountFacts(account: account)
                // One after the other, because AWS grants ten of these calls per second to the whole account.
                if selection.needsTags(of: facts) { facts.tags = try await tags(of: account.id.rawValue) }
                if selection.includes(facts) { chosen.append(account) }
            }
            return Listing(chosen: chosen.sorted { $0.id < $1.id }, all: Set(everyone.map(\.id)))
        } catch let error as AWSServiceError where error.code == .organizationsNotInUse {
            let identity = try await organization.send(STS.GetCallerIdentity())
            let account = Account(id: AccountID(rawValue: identity.Account), name: identity.Account, state: .active)
            let isChosen = selection.includes(AccountFacts(account: account))
            return Listing(chosen: isChosen ? [account] : [], all: [account.id])
        }
    }

    private func listed() async throws -> [Account] {
        var found: [Account] = []
        for page in try await organization.allPages(Organizations.ListAccounts()) {
            found += (page.Accounts ?? []).map(Account.init)
        }
        return found
    }

    private func tags(of account: String) async throws -> [String: String] {
        var tags: [String: String] = [:]
        for page in try await organization.allPages(Organizations.ListTagsForResource(ResourceId: account)) {
            for tag in page.Tags ?? [] { if let key = tag.Key { tags[key] = tag.Value ?? "" } }
        }
        return tags
    }

    // MARK: Organizational units

    /// Reads the tree of units from its root: far fewer calls than asking for every account's parents.
    private func unitsByAccount() async throws -> [AccountID: String] {
        var paths: [AccountID: String] = [:]
        var open: [(id: String, path: String)] = []
        for page in try await organization.allPages(Organizations.ListRoots()) {
            open += (page.Roots ?? []).compactMap { root in root.Id.map { ($0, "/") } }
        }
        while let unit = open.popLast() {
            for page in try await organization.allPages(Organizations.ListAccountsForParent(ParentId: unit.id)) {
                for account in page.Accounts ?? [] { paths[AccountID(rawValue: account.Id ?? "")] = unit.path }
            }
            let prefix = unit.path == "/" ? "/" : unit.path + "/"
            for page in try await organization.allPages(
                Organizations.ListOrganizationalUnitsForParent(ParentId: unit.id)
            ) {
                open += (page.OrganizationalUnits ?? []).compactMap { child in
                    child.Id.map { ($0, prefix + (child.Name ?? $0)) }
                }
            }
        }
        return paths
    }
}

extension Account {
    /// Reads `State`, and `Status` where an older endpoint gives only that.
    fileprivate init(_ listed: Organizations.Account) {
        self.init(
            id: AccountID(rawValue: listed.Id ?? ""),
            name: listed.Name ?? "",
            state: State(rawValue: listed.State ?? listed.Status ?? "UNKNOWN")
        )
    }
}
