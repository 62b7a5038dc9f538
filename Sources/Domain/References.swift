/// One account's ECR in one region; AWS applies its rate limits to each registry by itself.
package struct Registry: Hashable, Sendable, Comparable {
    /// The account that owns the registry.
    package var account: AccountID
    /// The region; an account has a registry in each region that is enabled.
    package var region: RegionName

    /// Refers to the registry of `account` in `region`.
    package init(account: AccountID, region: RegionName) {
        self.account = account
        self.region = region
    }

    package static func < (left: Registry, right: Registry) -> Bool {
        (left.account, left.region) < (right.account, right.region)
    }
}

/// One repository of one registry; each job handles one.
package struct RepositoryReference: Hashable, Sendable {
    /// The registry that holds the repository.
    package var registry: Registry
    /// The name, which is unique only within its registry.
    package var name: RepositoryName

    /// Refers to the repository `name` of `registry`.
    package init(registry: Registry, name: RepositoryName) {
        self.registry = registry
        self.name = name
    }
}

/// One image in one repository; the same digest in two repositories makes two references.
package struct ImageReference: Hashable, Sendable {
    /// The repository that lists the image.
    package var repository: RepositoryReference
    /// The manifest's digest; unlike a tag, it never moves to other content.
    package var digest: ImageDigest

    /// Refers to the image `digest` of `repository`.
    package init(repository: RepositoryReference, digest: ImageDigest) {
        self.repository = repository
        self.digest = digest
    }
}
