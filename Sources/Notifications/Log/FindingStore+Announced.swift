internal import AWSServices
package import Domain
package import FindingStore

extension FindingStore {
    /// Announced states of a registry, read page by page.
    package typealias Announced = ImageSequence<AnnouncedImage>

    /// The announced states of all images of a registry.
    package func announced(in registry: Registry) -> Announced {
        images(under: Key.announcedPartition(registry)) { try $0.announced() }
    }

    /// The announced states of these images; images never announced are absent.
    package func announced(at places: [ImageReference]) async throws -> [ImageReference: AnnouncedImage] {
        let images = try await client.records(at: places.map(Key.announced)).map { try $0.announced() }
        return Dictionary(images.map { ($0.place, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The markers of all summarised registries, one for each account.
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
