internal import AWSCore
internal import AWSServices
internal import Domain
internal import RegistryAccess

/// Lists all images of a repository, with its indexes resolved.
struct RepositoryLister: Sendable {
    let client: AWSClient
    let place: RepositoryReference
    let scope: ImageScope

    /// - Throws: the error that kept the listing from being complete.
    func contents() async throws -> RepositoryContents {
        // Without this filter ECR omits archived images, and the listing would seem complete without them.
        let request = ECR.DescribeImages(
            repositoryName: place.name.rawValue,
            maxResults: 1000,
            filter: .init(imageStatus: "ANY")
        )
        let details = try await client.allPages(request).flatMap { $0.imageDetails ?? [] }
        let indexes = details.filter { ImageKind($0) == .index }.compactMap(\.imageDigest)
        return RepositoryContents(details, indexes: try await resolve(indexes), place: place, scope: scope)
    }

    private func resolve(_ digests: [String]) async throws -> [ImageDigest: IndexResolution] {
        var seen: [ImageDigest: IndexResolution] = [:]
        for start in stride(from: 0, to: digests.count, by: 100) {
            let request = ECR.BatchGetImage(
                repositoryName: place.name.rawValue,
                imageIds: digests[start..<min(start + 100, digests.count)].map { ECR.ImageIdentifier(imageDigest: $0) },
                acceptedMediaTypes: ImageKind.indexTypes.sorted()
            )
            let answer = try await client.send(request)
            for failure in answer.failures ?? [] {
                guard let digest = failure.imageId?.imageDigest else { continue }
                let words = [failure.failureCode, failure.failureReason].compactMap { $0 }.joined(separator: ": ")
                seen[ImageDigest(rawValue: digest)] = .unreadable(words)
            }
            for image in answer.images ?? [] {
                guard let digest = image.imageId?.imageDigest, let manifest = image.imageManifest else { continue }
                seen[ImageDigest(rawValue: digest)] = IndexResolution(manifest: manifest)
            }
        }
        return seen
    }
}

extension IndexResolution {
    /// Reads a manifest as `BatchGetImage` returns it.
    fileprivate init(manifest: String) {
        do {
            self = .resolved(try IndexManifest(manifest: manifest).resolved)
        } catch {
            self = .unreadable("it is no manifest of an index")
        }
    }
}
