internal import AWSCore
internal import AWSServices
internal import Domain
internal import RegistryAccess

/// Lists a repository whole, with its indexes resolved.
struct RepositoryLister: Sendable {
    let client: AWSClient
    let place: RepositoryPlace
    let scope: ImageScope

    /// - Throws: whatever kept the listing from being complete.
    func contents() async throws -> RepositoryContents {
        // Without the filter ECR leaves out what is archived, and a listing without it would pass for complete.
        let request = ECR.DescribeImages(
            repositoryName: place.name.rawValue,
            maxResults: 1000,
            filter: .init(imageStatus: "ANY")
        )
        let details = try await client.allPages(request).flatMap { $0.imageDetails ?? [] }
        let indexes = details.filter { ImageKind($0) == .index }.compactMap(\.imageDigest)
        return RepositoryContents(details, indexes: try await resolve(indexes), place: place, scope: scope)
    }

    private func resolve(_ digests: [String]) async throws -> [ImageDigest: ResolvedIndex] {
        var resolved: [ImageDigest: ResolvedIndex] = [:]
        for start in stride(from: 0, to: digests.count, by: 100) {
            let request = ECR.BatchGetImage(
                repositoryName: place.name.rawValue,
                imageIds: digests[start..<min(start + 100, digests.count)].map { ECR.ImageIdentifier(imageDigest: $0) },
                acceptedMediaTypes: ImageKind.indexTypes.sorted()
            )
            for image in try await client.send(request).images ?? [] {
                guard let digest = image.imageId?.imageDigest, let manifest = image.imageManifest else { continue }
                do {
                    resolved[ImageDigest(rawValue: digest)] = try IndexManifest(manifest: manifest).resolved
                } catch {
                    // Left unresolved: the contents then list the index itself, with the reason.
                    continue
                }
            }
        }
        return resolved
    }
}
