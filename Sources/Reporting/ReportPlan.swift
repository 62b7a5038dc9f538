internal import Domain

/// Decides which registries a report builds, which it copies, and which files are obsolete.
struct ReportPlan {
    /// All accounts, sorted, with their registries.
    let accounts: [(account: AccountStatus, registries: [RegistryStatus])]
    let sweeps: [SweepState]
    /// Registries to build, sorted: a change was reported, or one of their files is missing.
    let toBuild: [Registry]
    /// The parts of those registries that may have changed; a registry missing here is built whole.
    let scopes: [Registry: RegistryScope]
    /// Registries to compare with their segments, because no list of changes is known.
    let toCompare: [Registry]
    /// Files of registries that no longer exist.
    let obsolete: [String]

    /// All registries, in the order of the report.
    var registries: [Registry] { accounts.flatMap { $0.registries.map(\.registry) } }

    /// Plans a report; `changed` names what may differ from the last report, `files` are the stored files.
    init(
        accounts: [AccountStatus],
        registries: [RegistryStatus],
        sweeps: [SweepState],
        changed: ReportScope,
        files: Set<String>
    ) {
        self.sweeps = sweeps
        let byAccount = Dictionary(grouping: registries, by: \.registry.account)
        let complete = Self.complete(accounts, with: byAccount.keys.sorted())
        self.accounts = complete.map { account in
            (account, byAccount[account.account.id, default: []].sorted { $0.registry < $1.registry })
        }
        let all = registries.map(\.registry).sorted()
        let isThere = { (registry: Registry) in files.isSuperset(of: Self.files(of: registry)) }
        switch changed {
        case .everything:
            toBuild = all.filter { !isThere($0) }
            self.scopes = [:]
            toCompare = all.filter(isThere)
        case .registries(let scopes):
            toBuild = all.filter { scopes[$0] != nil || !isThere($0) }
            self.scopes = scopes.filter { isThere($0.key) }
            toCompare = []
        }
        let current = Set(all.flatMap(Self.files))
        obsolete = files.filter { Self.isRegistrys($0) && !current.contains($0) }.sorted()
    }

    private static func files(of registry: Registry) -> [String] {
        [RegionReport.name(of: registry), RegistrySegment.name(of: registry)]
    }

    /// Whether a name has the form of a registry's file or segment; other files under the prefix are not ours to
    /// remove.
    private static func isRegistrys(_ name: String) -> Bool {
        let place: Registry? =
            if name.hasPrefix(RegistrySegment.prefix) {
                Registry(String(name.dropFirst(RegistrySegment.prefix.count)))
            } else if name.hasSuffix(RegionReport.suffix) {
                Registry(String(name.dropLast(RegionReport.suffix.count)))
            } else {
                nil
            }
        return place?.account.isValid ?? false
    }

    /// All accounts, sorted; an account that has registries but is no longer listed appears with its id and no name.
    private static func complete(_ accounts: [AccountStatus], with seen: [AccountID]) -> [AccountStatus] {
        let listed = Set(accounts.map(\.account.id))
        let unlisted = seen.filter { !listed.contains($0) }.map { id in
            AccountStatus(account: Account(id: id, name: "", state: .init(rawValue: "UNLISTED")))
        }
        return (accounts + unlisted).sorted { $0.account.id < $1.account.id }
    }
}
