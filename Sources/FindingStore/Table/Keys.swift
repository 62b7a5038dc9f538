package import Domain

/// The primary key of an item; its extensions and static functions define the table's key layout.
package struct Key: Hashable, Sendable {
    /// The attribute that holds the partition key.
    package static let partitionName = "PK"
    /// The attribute that holds the sort key.
    package static let sortName = "SK"

    /// Value of the partition key, such as `123456789012/eu-central-1` for images.
    package var partition: String
    /// Value of the sort key, such as `team/service@sha256:…` for an image; `-` where a partition has one item.
    package var sort: String

    /// Joins the two values that identify an item.
    package init(partition: String, sort: String) {
        self.partition = partition
        self.sort = sort
    }

    static func image(_ place: ImageReference) -> Key {
        Key(partition: imagePartition(place.repository.registry), sort: imageSort(place))
    }

    static func imagePartition(_ registry: Registry) -> String { registry.description }

    /// The beginning of the sort keys of a repository's images; ECR allows no `@` in a repository's name.
    static func imagePrefix(_ repository: RepositoryName) -> String { "\(repository)@" }

    /// The sort key of an image, `repository@digest`; stored and announced images have the same.
    package static func imageSort(_ place: ImageReference) -> String {
        imagePrefix(place.repository.name) + place.digest.rawValue
    }

    static func repository(_ place: RepositoryReference) -> Key {
        Key(partition: repositoryPartition(place.registry), sort: place.name.rawValue)
    }

    static func repositoryPartition(_ registry: Registry) -> String { "\(repositories)/\(registry)" }

    private static let repositories = "repositories"

    /// The repository whose status the item holds; nil for an item of another kind.
    package var repositoryPlace: RepositoryReference? {
        let names = partition.split(separator: "/").map(String.init)
        guard names.count == 3, names[0] == Self.repositories else { return nil }
        let registry = Registry(account: AccountID(rawValue: names[1]), region: RegionName(rawValue: names[2]))
        return RepositoryReference(registry: registry, name: RepositoryName(rawValue: sort))
    }

    static let registries = "registries"
    static func registry(_ registry: Registry) -> Key { Key(partition: registries, sort: registry.description) }

    static let accounts = "accounts"
    static func account(_ id: AccountID) -> Key { Key(partition: accounts, sort: id.rawValue) }

    static func vulnerability(_ id: String) -> Key { Key(partition: "vulnerability/\(id)", sort: "-") }

    static func sweep(_ id: SweepID) -> Key { Key(partition: "sweeps", sort: id.rawValue) }

    static let schema = Key(partition: "schema", sort: "-")

    static func scans(_ registry: Registry) -> Key { Key(partition: "scans", sort: registry.description) }

    /// The item that holds the fence of the role's latest leader.
    static func fence(_ role: String) -> Key { Key(partition: "fence", sort: role) }

    /// The item with part `number`, counted from 1, of the content with this fingerprint.
    ///
    /// The fingerprint is in the key so that other content never overwrites a part: a reader of the old content finds the
    /// old parts or none, never a mixture.
    func part(_ number: Int, of fingerprint: String) -> Key {
        Key(partition: partition, sort: "\(sort)\(Self.partMark)\(fingerprint.prefix(16)).\(number)")
    }

    private static let partMark = "#"

    /// Whether the item is a further part of an image, not a main item.
    var isPart: Bool { sort.contains(Self.partMark) }

    /// The key of the main item that a part belongs to; for a main item, its own key.
    var mainKey: Key { Key(partition: partition, sort: String(sort.prefix { $0 != "#" })) }

    /// The stored image that the main item or part belongs to; nil for an item of another kind.
    package var imagePlace: ImageReference? {
        let registry = partition.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let image = mainKey.sort.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard registry.count == 2, image.count == 2 else { return nil }
        let account = AccountID(rawValue: registry[0])
        guard account.isValid else { return nil }
        return ImageReference(
            repository: RepositoryReference(
                registry: Registry(account: account, region: RegionName(rawValue: registry[1])),
                name: RepositoryName(rawValue: image[0])
            ),
            digest: ImageDigest(rawValue: image[1])
        )
    }
}
