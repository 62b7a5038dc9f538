package import AWSServices
package import Domain

/// One repository's images from a complete listing, with indexes resolved and artifacts left out.
package struct RepositoryContents: Hashable, Sendable {
    /// An image in scope.
    package struct Entry: Hashable, Sendable {
        /// The image, with the tags of the indexes that contain it.
        package var image: Image
        /// The coverage if the listing alone decides it: an archived image, or an index that could not be resolved.
        package var coverage: Coverage?
        /// When ECR last saw a pull, in seconds since 1970.
        package var lastPulledAt: Double?

        /// Describes an image of the listing.
        package init(image: Image, coverage: Coverage?, lastPulledAt: Double? = nil) {
            self.image = image
            self.coverage = coverage
            self.lastPulledAt = lastPulledAt
        }
    }

    /// The images in scope, sorted by digest, so that a cursor can point between them.
    package var entries: [Entry]
    /// Images that exist but are not scanned, with the reason.
    package var leftOut: [ImageDigest: LeftOut] = [:]
    /// How many images are named by an index but missing from the repository.
    package var missingChildren = 0
    /// How many signatures, attestations, charts and the like were left out.
    package var artifacts: [ArtifactKind: Int] = [:]

    /// Joins a listing with its resolved indexes, and keeps the images in scope.
    package init(
        _ details: [ECR.DescribeImages.ImageDetail],
        indexes: [ImageDigest: IndexResolution],
        place: RepositoryReference,
        scope: ImageScope
    ) {
        let resolved = indexes.compactMapValues(\.resolved)
        let listed = Set(details.compactMap(\.imageDigest).map(ImageDigest.init(rawValue:)))
        let children = Set(resolved.values.flatMap(\.images))
        missingChildren = children.subtracting(listed).count
        let inherited = Self.tagsByChild(details, resolved)
        let attached = Set(resolved.values.flatMap(\.artifacts)).subtracting(children)
        var found: [Entry] = []
        for detail in details {
            guard let name = detail.imageDigest else { continue }
            let digest = ImageDigest(rawValue: name)
            let tags = Set(detail.imageTags ?? []).union(inherited[digest] ?? [])
            var kind = ImageKind(detail)
            if kind == .image, tags.isEmpty, attached.contains(digest) { kind = .artifact(.attestation) }
            if let index = resolved[digest], index.images.isEmpty { kind = .artifact(.other) }
            if case .artifact(let kind) = kind {
                artifacts[kind, default: 0] += 1
            } else if let index = resolved[digest], !listed.isDisjoint(with: index.images) {
                continue
            } else if scope.includes(tags) {
                let imagePlace = ImageReference(repository: place, digest: digest)
                let image = Image(place: imagePlace, tags: Array(tags), pushedAt: detail.imagePushedAt)
                let coverage = Self.coverage(detail, kind, indexes[digest])
                found.append(Entry(image: image, coverage: coverage, lastPulledAt: detail.lastRecordedPullTime))
            } else {
                leftOut[digest] = .outOfScope
            }
        }
        found.sort { ($0.image.pushedAt ?? 0, $0.image.place.digest) > ($1.image.pushedAt ?? 0, $1.image.place.digest) }
        let kept = scope.limit > 0 ? Array(found.prefix(scope.limit)) : found
        for entry in found.dropFirst(kept.count) { leftOut[entry.image.place.digest] = .beyondLimit }
        entries = kept.sorted { $0.image.place.digest < $1.image.place.digest }
    }

    /// How many images are left out because `scope.limit` newer ones exist.
    package var beyondLimit: Int { leftOut.values.count { $0 == .beyondLimit } }
    /// How many images are left out by their tags.
    package var outOfScope: Int { leftOut.values.count { $0 == .outOfScope } }

    /// The coverage that the listing alone decides; nil if ECR has to be asked.
    private static func coverage(
        _ detail: ECR.DescribeImages.ImageDetail,
        _ kind: ImageKind,
        _ index: IndexResolution?
    ) -> Coverage? {
        switch kind {
        case .image, .artifact: return nil
        case .archived: return Coverage(.archived)
        case .index: break
        }
        switch index {
        case _ where detail.imageStatus == "ARCHIVED": return Coverage(.archived)
        case .resolved(let index)?:
            let count = index.images.count
            return Coverage(.failed, reason: "none of the index's \(count) images is in the repository")
        case .unreadable(let why)?:
            return Coverage(.failed, reason: "the index's manifest cannot be had (\(why)), so its images are unknown")
        case nil:
            return Coverage(.failed, reason: "ECR gave no manifest for the index, so its images are unknown")
        }
    }

    /// The tags of each index's children: a child is usually untagged and known by its index's tags alone.
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

/// Why an image of a repository is not scanned.
package enum LeftOut: Hashable, Sendable {
    /// There are `ImageScope.limit` newer images.
    case beyondLimit
    /// Its tags do not match, or it has none and untagged images are left out.
    case outOfScope

    /// The reason to store for an image that was scanned before.
    func words(_ scope: ImageScope) -> String {
        switch self {
        case .beyondLimit: "it is not among the newest \(scope.limit) images of its repository any more"
        case .outOfScope: "its tags are not among those that the configuration looks at"
        }
    }
}

/// The children of a manifest list or OCI index, or why they are unknown.
package enum IndexResolution: Hashable, Sendable {
    case resolved(ResolvedIndex)
    /// The reason why its manifest could not be fetched or parsed.
    case unreadable(String)

    var resolved: ResolvedIndex? { if case .resolved(let index) = self { index } else { nil } }
}

/// The children of a manifest list or OCI index.
package struct ResolvedIndex: Hashable, Sendable {
    /// The child images; the repository may lack some of them.
    package var images: [ImageDigest]
    /// Attestations, which buildx stores as children for the platform `unknown/unknown`.
    package var artifacts: [ImageDigest]

    /// Splits the children of an index.
    package init(images: [ImageDigest], artifacts: [ImageDigest]) {
        self.images = images
        self.artifacts = artifacts
    }
}
