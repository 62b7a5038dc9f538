internal import AWSServices
package import Domain

extension FindingStore {
    package typealias Announced = ImageSequence<AnnouncedImage>

    /// Everything that was told of a registry.
    package func announced(in registry: Registry) -> Announced {
        Announced(pages: client.query(Key.announcedPartition(registry)), client: client) { try $0.announced() }
    }

    /// What was told of these places; those that nothing was told of are absent.
    package func announced(at places: [ImagePlace]) async throws -> [ImagePlace: AnnouncedImage] {
        let images = try await client.records(at: places.map(Key.announced)).map { try $0.announced() }
        return Dictionary(images.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Writes down what was told of an image, in the place of `replaced`.
    package func announce(_ image: AnnouncedImage, over replaced: AnnouncedImage?) async throws {
        let record = ImageRecord(image)
        let items = try record.items()
        try await client.write(items.parts.map(DynamoDB.WriteRequest.put))
        try await put(items.main)
        guard let replaced, replaced.fingerprint != image.fingerprint else { return }
        try await deleteParts(of: ImageRecord(replaced), count: replaced.parts)
    }

    /// Writes down many images as told, parts before the items that name them.
    package func announce(_ images: [AnnouncedImage]) async throws {
        let items = try images.map { try ImageRecord($0).items() }
        try await client.write(items.flatMap(\.parts).map(DynamoDB.WriteRequest.put))
        try await client.write(items.map { .put($0.main) })
    }

    /// Forgets what was told of an image that is gone.
    package func forget(_ image: AnnouncedImage) async throws {
        let record = ImageRecord(image)
        try await client.write([.delete(record.key.item)])
        try await deleteParts(of: record, count: image.parts)
    }

    /// Which regions of which accounts were summarised.
    package func baselines() async throws -> [BaselineMarker] {
        try await items(in: Key.markers) { item in
            let reader = try ItemReader(item)
            return BaselineMarker(
                account: AccountID(rawValue: reader.key.sort),
                regions: Set(try reader.strings("regions").map(RegionName.init(rawValue:)))
            )
        }
    }

    /// Replaces an account's marker.
    package func put(_ marker: BaselineMarker) async throws {
        var item = Key.marker(marker.account).item
        item["regions"] = .strings(marker.regions.map(\.rawValue).sorted())
        try await put(item)
    }
}
