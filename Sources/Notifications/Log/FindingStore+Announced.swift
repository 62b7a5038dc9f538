internal import AWSServices
package import Domain
package import FindingStore

extension FindingStore {
    package typealias Announced = ImageSequence<AnnouncedImage>

    /// Everything that was told of a registry.
    package func announced(in registry: Registry) -> Announced {
        images(under: Key.announcedPartition(registry)) { try $0.announced() }
    }

    /// What was told of these places; those that nothing was told of are absent.
    package func announced(at places: [ImageReference]) async throws -> [ImageReference: AnnouncedImage] {
        let images = try await client.records(at: places.map(Key.announced)).map { try $0.announced() }
        return Dictionary(images.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
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
}
