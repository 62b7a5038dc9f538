// How the names of places are spelt: each spelling's printer and parser stand beside each other.

/// `account/region`: the store's keys, the report's files, logs and the CLI.
extension Registry: LosslessStringConvertible {
    package var description: String { "\(account)/\(region)" }

    /// Reads `account/region`; nil for any other form, whatever the account's digits.
    package init?(_ description: String) {
        let names = description.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(account: AccountID(rawValue: names[0]), region: RegionName(rawValue: names[1]))
    }
}

/// `account/region/repository`: a job's name within its sweep, logs and the CLI.
extension RepositoryReference: LosslessStringConvertible {
    package var description: String { "\(registry)/\(name)" }

    /// Reads `account/region/repository`, where only the repository may hold more slashes; nil for any other form.
    package init?(_ description: String) {
        let names = description.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard names.count == 3, !names[2].isEmpty, let registry = Registry(names[..<2].joined(separator: "/")) else {
            return nil
        }
        self.init(registry: registry, name: RepositoryName(rawValue: String(names[2])))
    }
}

/// `account/region/repository@digest`: logs and the CLI; nothing reads it back.
extension ImageReference: CustomStringConvertible {
    package var description: String { "\(repository)@\(digest)" }
}

extension Registry {
    /// `account:region`: the queue's bucket of what AWS throttles together; nothing reads it back.
    package var bucket: String { "\(account):\(region)" }
}
