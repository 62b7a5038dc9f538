/// One registry: an account's ECR in one region, and the unit that AWS throttles.
package struct Registry: Hashable, Sendable, Comparable {
    package var account: AccountID
    package var region: RegionName

    /// Names the registry of `account` in `region`.
    package init(account: AccountID, region: RegionName) {
        self.account = account
        self.region = region
    }

    package static func < (left: Registry, right: Registry) -> Bool {
        (left.account, left.region) < (right.account, right.region)
    }
}

/// One repository of one registry: what a job is about.
package struct RepositoryReference: Hashable, Sendable {
    package var registry: Registry
    package var name: RepositoryName

    /// Names the repository `name` of `registry`.
    package init(registry: Registry, name: RepositoryName) {
        self.registry = registry
        self.name = name
    }
}

/// One image in one repository; the same digest in two repositories is two places.
package struct ImageReference: Hashable, Sendable {
    package var repository: RepositoryReference
    package var digest: ImageDigest

    /// Names the image `digest` of `repository`.
    package init(repository: RepositoryReference, digest: ImageDigest) {
        self.repository = repository
        self.digest = digest
    }
}
