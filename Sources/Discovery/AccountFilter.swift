package import Domain

/// One condition on an account, as the setting spells it.
package enum AccountFilter: Hashable, Sendable {
    case id(AccountID)
    case name(Glob)
    /// The path of the organizational unit that the account is in, such as `/Prod/Payments`; the root's is `/`.
    case unit(Glob)
    case tag(key: String, value: Glob)

    /// Reads twelve digits, `name:GLOB`, `ou:/PATH`, `tag:KEY=GLOB`, or `tag:KEY` for any value; nil for anything else.
    package init?(_ text: String) {
        let id = AccountID(rawValue: text)
        if id.isValid {
            self = .id(id)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        switch parts[0] {
        case "name": self = .name(Glob(parts[1]))
        case "ou" where parts[1].hasPrefix("/"): self = .unit(Glob(parts[1]))
        case "tag":
            let pair = parts[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard !pair[0].isEmpty else { return nil }
            self = .tag(key: pair[0], value: Glob(pair.count == 2 ? pair[1] : "*"))
        default: return nil
        }
    }

    /// Whether the account matches; a filter on a unit or a tag that was not read matches nothing.
    package func matches(_ facts: AccountFacts) -> Bool {
        switch self {
        case .id(let id): facts.account.id == id
        case .name(let glob): glob.matches(facts.account.name)
        case .unit(let glob): facts.account.organizationalUnit.map(glob.fits(unit:)) ?? false
        case .tag(let key, let value): facts.tags[key].map(value.matches) ?? false
        }
    }
}

/// The properties of an account that filters test.
package struct AccountFacts: Hashable, Sendable {
    /// The account; its organizational unit is nil unless units were read.
    package var account: Account
    /// The account's tags by key; empty unless a filter needs them.
    package var tags: [String: String]

    /// Describes an account by itself and its tags.
    package init(account: Account, tags: [String: String] = [:]) {
        self.account = account
        self.tags = tags
    }
}

/// Which accounts of the organization are scanned.
package struct AccountSelection: Hashable, Sendable {
    /// An account is included if one of these filters matches; empty means all accounts.
    package var included: [AccountFilter]
    /// An account is excluded if one of these filters matches; this overrides `included`.
    package var excluded: [AccountFilter]
    /// The accounts that one sweep is narrowed to; nil is no narrowing.
    package var only: Set<AccountID>?

    /// Selects; without arguments every account.
    package init(included: [AccountFilter] = [], excluded: [AccountFilter] = [], only: Set<AccountID>? = nil) {
        self.included = included
        self.excluded = excluded
        self.only = only
    }

    /// Whether the account is selected; a selected account may still be suspended.
    package func includes(_ facts: AccountFacts) -> Bool {
        (only?.contains(facts.account.id) ?? true) && (included.isEmpty || included.contains { $0.matches(facts) })
            && !excluded.contains { $0.matches(facts) }
    }

    /// Whether the id alone is enough to know that the account is left out.
    package func excludes(_ id: AccountID) -> Bool {
        let ids = included.map(\.accountID)
        return excluded.contains(.id(id)) || !ids.isEmpty && !ids.contains(nil) && !ids.contains(id)
    }

    var needsUnits: Bool { (included + excluded).contains(where: \.isUnit) }

    /// Whether the account's tags decide, given its id, name and unit; only then are they read.
    func needsTags(of facts: AccountFacts) -> Bool {
        let fits = { (filter: AccountFilter) in !filter.isTag && filter.matches(facts) }
        let mayBeIn = included.isEmpty || included.contains { $0.isTag || fits($0) }
        guard mayBeIn, !excluded.contains(where: fits) else { return false }
        let isIn = included.isEmpty || included.contains(where: fits)
        return !isIn || excluded.contains(where: \.isTag)
    }
}

extension AccountFilter {
    fileprivate var accountID: AccountID? { if case .id(let id) = self { id } else { nil } }
    fileprivate var isUnit: Bool { if case .unit = self { true } else { false } }
    fileprivate var isTag: Bool { if case .tag = self { true } else { false } }
}
