package import AWSServices
package import Domain

/// One repository's images as a complete listing gave them, with indexes resolved and artifacts left out.
package struct RepositoryContents: Hashable, Sendable {
    /// An image that is to be judged.
    package struct Entry: Hashable, Sendable {
        package var image: Image
        /// Set where the listing alone decides: archived, or an index that could not be resolved.
        package var coverage: Coverage?

        /// Lists an image.
        package init(image: Image, coverage: Coverage?) {
            self.image = image
            self.coverage = coverage
        }
    }

    /// The newest images, sorted by digest, so that a cursor can name a place among them.
    package var entries: [Entry]
    /// How many images lie beyond the limit.
    package var beyondLimit: Int
    /// How many images the scope leaves out.
    package var outOfScope = 0
    /// How many signatures, attestations, charts and the like were left out.
    package var artifacts: [ArtifactKind: Int] = [:]

    /// Joins a listing with the indexes that were resolved, and keeps what is in scope.
    package init(
        _ details: [ECR.DescribeImages.ImageDetail],
        indexes: [ImageDigest: ResolvedIndex],
        place: RepositoryPlace,
        scope: ImageScope
    ) {
        let inherited = Self.tagsByChild(details, indexes)
        let attached = Set(indexes.values.flatMap(\.artifacts))
        var found: [Entry] = []
        for detail in details {
            guard let name = detail.imageDigest else { continue }
            let digest = ImageDigest(rawValue: name)
            let tags = Set(detail.imageTags ?? []).union(inherited[digest] ?? [])
            let image = Image(
                place: ImagePlace(repository: place, digest: digest),
                tags: Array(tags),
                pushedAt: detail.imagePushedAt
            )
            let kind = ImageKind(detail)
            if kind == .image || kind == .archived, !attached.contains(digest), !scope.includes(tags) {
                outOfScope += 1
                continue
            }
            switch kind {
            case .image where attached.contains(digest): artifacts[.attestation, default: 0] += 1
            case .artifact(let kind): artifacts[kind, default: 0] += 1
            case .image: found.append(Entry(image: image, coverage: nil))
            case .archived: found.append(Entry(image: image, coverage: Coverage(.archived)))
            case .index where indexes[digest] == nil:
                let lost = Coverage(
                    .failed,
                    reason: "the index's manifest could not be read, so its images are unknown"
                )
                found.append(Entry(image: image, coverage: lost))
            case .index: continue
            }
        }
        found.sort { ($0.image.pushedAt ?? 0, $0.image.place.digest) > ($1.image.pushedAt ?? 0, $1.image.place.digest) }
        let kept = scope.limit > 0 ? Array(found.prefix(scope.limit)) : found
        beyondLimit = found.count - kept.count
        entries = kept.sorted { $0.image.place.digest < $1.image.place.digest }
    }

    /// A child is usually untagged and known by its index's tags alone.
    private static func tagsByChild(
        _ details: [ECR.DescribeImages.ImageDetail],
        _ indexes: [ImageDigest: ResolvedIndex]
    ) -> [ImageDigest: Set<String>] {
        var tags: [ImageDigest: Set<String>] = [:]
        for detail in details {
            guard let index = detail.imageDigest.flatMap({ indexes[ImageDigest(rawValue: $0)] }) else { continue }
            for child in index.images { tags[child, default: []].formUnion(detail.imageTags ?? []) }
        }
        return tags
    }
}

/// What a manifest list or OCI index points to.
package struct ResolvedIndex: Hashable, Sendable {
    package var images: [ImageDigest]
    /// Attestations, which buildx stores as children for the platform `unknown/unknown`.
    package var artifacts: [ImageDigest]

    /// Splits the children of an index.
    package init(images: [ImageDigest], artifacts: [ImageDigest]) {
        self.images = images
        self.artifacts = artifacts
    }
}
