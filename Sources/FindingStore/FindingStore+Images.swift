internal import AWSServices
internal import Cryptography
package import Domain

extension FindingStore {
    package typealias Images = ImageSequence<StoredImage>

    /// All images of a repository, with their findings.
    package func images(in repository: RepositoryPlace) async throws -> [StoredImage] {
        let partition = Key.imagePartition(repository.registry)
        var images: [StoredImage] = []
        for try await image in sequence(partition, prefix: Key.imagePrefix(repository.name)) { images.append(image) }
        return images
    }

    /// All images of a registry, those of one repository after each other.
    package func images(in registry: Registry) -> Images { sequence(Key.imagePartition(registry), prefix: nil) }

    /// Gives the fingerprint of every image of a registry.
    ///
    /// The findings are not sent, so that this is far quicker than reading the images.
    package func fingerprints(in registry: Registry, _ take: (ImagePlace, String) -> Void) async throws {
        for try await page in client.query(Key.imagePartition(registry), only: ["fingerprint"]) {
            for item in page {
                let reader = try ItemReader(item)
                guard !reader.key.isPart, let place = reader.key.imagePlace else { continue }
                take(place, try reader.string("fingerprint"))
            }
        }
    }

    /// Images by place; those that are not stored are absent.
    package func images(at places: [ImagePlace]) async throws -> [ImagePlace: StoredImage] {
        let images = try await client.records(at: places.map(Key.image)).map { try $0.stored() }
        return Dictionary(images.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Writes an image where its content differs from `stored`, which is what the caller read before.
    ///
    /// - Returns: `.stale` where a run with a newer token has written it.
    package func put(_ image: JudgedImage, over stored: StoredImage?, token: Int) async throws -> WriteOutcome {
        let fingerprint = Fingerprint.of(image)
        if let stored, stored.token > token { return .stale }
        if stored?.fingerprint == fingerprint { return .unchanged }
        let items = try ImageRecord(image, fingerprint: fingerprint, token: token).items()
        try await client.write(items.parts.map(DynamoDB.WriteRequest.put))
        let put = DynamoDB.PutItem(
            TableName: table,
            Item: items.main,
            ConditionExpression: Self.isOurs,
            ExpressionAttributeNames: Self.tokenNames,
            ExpressionAttributeValues: [":token": .number(token)]
        )
        guard try await client.succeeds(put) else { return .stale }
        if let stored { try await deleteParts(of: ImageRecord(stored), count: stored.parts) }
        return .written
    }

    /// Removes an image that a complete listing has proved to be gone; that it is gone from here too is no error.
    ///
    /// - Returns: `.stale` where a run with a newer token has written it.
    package func remove(_ stored: StoredImage, token: Int) async throws -> WriteOutcome {
        let record = ImageRecord(stored)
        guard try await delete(record.key, token: token) else { return .stale }
        try await deleteParts(of: record, count: stored.parts)
        return .written
    }

    /// Deletes an item unless a newer token holds it; false where one does.
    func delete(_ key: Key, token: Int) async throws -> Bool {
        let delete = DynamoDB.DeleteItem(
            TableName: table,
            Key: key.item,
            ConditionExpression: Self.isOurs,
            ExpressionAttributeNames: Self.tokenNames,
            ExpressionAttributeValues: [":token": .number(token)]
        )
        return try await client.succeeds(delete)
    }

    /// Deletes the parts of what was replaced or removed.
    func deleteParts(of record: ImageRecord, count: Int) async throws {
        try await client.write(record.partKeys(count).map { .delete($0.item) })
    }

    /// The condition of every write by a run: nothing is there, or nothing newer.
    static let isOurs = "attribute_not_exists(#pk) OR #token <= :token"
    static let tokenNames = ["#pk": Key.partitionName, "#token": "token"]

    private func sequence(_ partition: String, prefix: String?) -> Images {
        Images(pages: client.query(partition, prefix: prefix), client: client) { try $0.stored() }
    }
}

extension ImageRecord {
    fileprivate init(_ stored: StoredImage) {
        self.init(stored.judged, fingerprint: stored.fingerprint, token: stored.token)
    }
}
