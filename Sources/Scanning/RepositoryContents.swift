package import AWSServices
package import Domain

/// One repository's images as a complete listing gave them, with indexes resolved and artifacts left out.
package struct RepositoryContents: Hashable, Sendable {
    /// An image that is to be judged.
    package struct Entry: Hashable, Sendable {
        package var image: Image
        /// Set where the listing alone decides: archived, or an index that could not be resolved.
        package var coverage: Coverage?
        /// When ECR last saw a pull, in seconds since 1970.
        package var lastPulledAt: Double?

        /// Lists an image.
        package init(image: Image, coverage: Coverage?, lastPulledAt: Double? = nil) {
            self.image = image
            self.coverage = coverage
            self.lastPulledAt = lastPulledAt
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
            var kind = ImageKind(detail)
            if kind == .image, attached.contains(digest) { kind = .artifact(.attestation) }
            if case .artifact(let kind) = kind {
                artifacts[kind, default: 0] += 1
            } else if kind == .index, indexes[digest] != nil {
                continue
            } else if scope.includes(tags) {
                found.append(Self.entry(detail, kind, tags: tags, at: ImagePlace(repository: place, digest: digest)))
            } else {
                outOfScope += 1
            }
        }
        found.sort { ($0.image.pushedAt ?? 0, $0.image.place.digest) > ($1.image.pushedAt ?? 0, $1.image.place.digest) }
        let kept = scope.limit > 0 ? Array(found.prefix(scope.limit)) : found
        beyondLimit = found.count - kept.count
        entries = kept.sorted { $0.image.place.digest < $1.image.place.digest }
    }

    private static func entry(
        _ detail: ECR.DescribeImages.ImageDetail,
        _ kind: ImageKind,
        tags: Set<String>,
        at place: ImagePlace
    ) -> Entry {
        let image = Image(place: place, tags: Array(tags), pushedAt: detail.imagePushedAt)
        let coverage: Coverage? =
            switch kind {
            case .image, .artifact: nil
            case .archived: Coverage(.archived)
            case .index:
                Coverage(.failed, reason: "the index's manifest could not be read, so its images are unknown")
            }
        return Entry(image: image, coverage: coverage, lastPulledAt: detail.lastRecordedPullTime)
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
