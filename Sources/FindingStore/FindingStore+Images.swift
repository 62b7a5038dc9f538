internal import AWSServices
internal import Cryptography
package import Domain

extension FindingStore {
    /// Stored images, read from DynamoDB page by page.
    package typealias Images = ImageSequence<StoredImage>

    /// All images of a repository with their findings, in the order of their digests.
    package func images(in repository: RepositoryReference) async throws -> [StoredImage] {
        let partition = Key.imagePartition(repository.registry)
        var images: [StoredImage] = []
        for try await image in sequence(partition, prefix: Key.imagePrefix(repository.name)) { images.append(image) }
        return images
    }

    /// All images of a registry with their findings, grouped by repository.
    package func images(in registry: Registry) -> Images { sequence(Key.imagePartition(registry), prefix: nil) }

    /// Calls `take` with the fingerprint of every image of a registry.
    ///
    /// DynamoDB does not send the findings, so this is far quicker than reading the images.
    package func fingerprints(in registry: Registry, _ take: (ImageReference, String) -> Void) async throws {
        for try await page in client.query(Key.imagePartition(registry), only: ["fingerprint"]) {
            for item in page {
                let reader = try ItemReader(item)
                guard !reader.key.isPart, let place = reader.key.imagePlace else { continue }
                take(place, try reader.string("fingerprint"))
            }
        }
    }

    /// The images at these places; images that are not stored are absent from the result.
    package func images(at places: [ImageReference]) async throws -> [ImageReference: StoredImage] {
        let images = try await client.records(at: places.map(Key.image)).map { try $0.stored() }
        return Dictionary(images.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Writes an image if its content differs from `stored`, which the caller must have read before it asked AWS.
    ///
    /// - Returns: `.stale` if another run has written or removed the image since `stored` was read.
    package func put(_ image: ImageStatus, over stored: StoredImage?, token: Int) async throws -> WriteOutcome {
        let fingerprint = Fingerprint.of(image)
        if let stored, stored.token > token { return .stale }
        if let stored, stored.fingerprint == fingerprint, !stored.isIncomplete { return .unchanged }
        let record = ImageRecord(image, fingerprint: fingerprint, token: token)
        let items = try record.items()
        try await client.write(items.parts.map(DynamoDB.WriteRequest.put))
        let condition = WriteCondition(asRead: stored, token: token)
        let put = DynamoDB.PutItem(
            TableName: table,
            Item: items.main,
            ConditionExpression: condition.expression,
            ExpressionAttributeNames: condition.names,
            ExpressionAttributeValues: condition.values
        )
        guard try await client.succeeds(put) else {
            try await withdraw(record, parts: items.parts.count)
            return .stale
        }
        if let stored, stored.fingerprint != fingerprint {
            try await deleteParts(of: ImageRecord(stored), count: stored.parts)
        }
        return .written
    }

    /// Deletes the parts of a write whose condition failed, unless another run has stored the same content.
    private func withdraw(_ record: ImageRecord, parts: Int) async throws {
        guard parts > 0 else { return }
        let head = try await client.get(record.key).map { try ImageRecord(head: $0) }
        if head?.fingerprint != record.fingerprint { try await deleteParts(of: record, count: parts) }
    }

    /// Removes an image that a complete listing did not contain; an image that is already removed is no error.
    ///
    /// - Returns: `.stale` if another run has written the image since `stored` was read.
    package func remove(_ stored: StoredImage, token: Int) async throws -> WriteOutcome {
        guard stored.token <= token else { return .stale }
        let record = ImageRecord(stored)
        let condition = WriteCondition(asRead: stored, token: token)
        let delete = DynamoDB.DeleteItem(
            TableName: table,
            Key: record.key.item,
            ConditionExpression: "attribute_not_exists(#fingerprint) OR \(condition.expression)",
            ExpressionAttributeNames: condition.names,
            ExpressionAttributeValues: condition.values
        )
        guard try await client.succeeds(delete) else { return .stale }
        try await deleteParts(of: record, count: stored.parts)
        return .written
    }

    /// Deletes the parts of a record that was replaced or removed.
    func deleteParts(of record: ImageRecord, count: Int) async throws {
        try await client.write(record.partKeys(count).map { .delete($0.item) })
    }

    private func sequence(_ partition: String, prefix: String?) -> Images {
        Images(pages: client.query(partition, prefix: prefix), client: client) { try $0.stored() }
    }
}

/// The condition that the item is still as the run read it before it asked AWS.
///
/// A slow run therefore never overwrites what a later run has written. A run that finds no difference writes nothing, not
/// even its token.
private struct WriteCondition {
    var expression: String
    var names = ["#fingerprint": "fingerprint", "#token": "token"]
    var values: DynamoDB.Item

    /// Also holds for an item with the run's own token, because the answer to an earlier try may have been lost.
    init(asRead stored: StoredImage?, token: Int) {
        values = [":token": .number(token)]
        guard let stored else {
            expression = "attribute_not_exists(#fingerprint) OR #token = :token"
            return
        }
        expression = "(#fingerprint = :fingerprint AND #token = :read) OR #token = :token"
        values[":fingerprint"] = .s(stored.fingerprint)
        values[":read"] = .number(stored.token)
    }
}

extension ImageRecord {
    fileprivate init(_ stored: StoredImage) {
        self.init(stored.status, fingerprint: stored.fingerprint, token: stored.token)
    }
}
