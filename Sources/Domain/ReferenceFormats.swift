// The text forms of references: each form's printer and parser are in one extension.

/// `account/region`: used in the table's keys, the report's file names, logs and the CLI.
extension Registry: LosslessStringConvertible {
    package var description: String { "\(account)/\(region)" }

    /// Parses `account/region`; nil for any other form; does not check that the account has twelve digits.
    package init?(_ description: String) {
        let names = description.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(account: AccountID(rawValue: names[0]), region: RegionName(rawValue: names[1]))
    }
}

/// `account/region/repository`: used as a job's payload, in logs and in the CLI.
extension RepositoryReference: LosslessStringConvertible {
    package var description: String { "\(registry)/\(name)" }

    /// Parses `account/region/repository`, where only the repository may contain slashes; nil for any other form.
    package init?(_ description: String) {
        let names = description.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard names.count == 3, !names[2].isEmpty, let registry = Registry(names[..<2].joined(separator: "/")) else {
            return nil
        }
        self.init(registry: registry, name: RepositoryName(rawValue: String(names[2])))
    }
}

/// `account/region/repository@digest`: used in logs and the CLI, and never parsed.
extension ImageReference: CustomStringConvertible {
    package var description: String { "\(repository)@\(digest)" }
}

extension Registry {
    /// `account:region`: the queue's rate-limit bucket, since AWS throttles each registry by itself; never parsed.
    package var bucket: String { "\(account):\(region)" }
}
