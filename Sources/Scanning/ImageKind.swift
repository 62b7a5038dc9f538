package import AWSServices

/// What an entry of a repository is, as far as scanning goes.
package enum ImageKind: Hashable, Sendable {
    /// An image that ECR may scan.
    case image
    /// A manifest list or OCI index: a name for its children, which are judged in its place.
    case index
    /// A signature, attestation, SBOM or chart: something about images, with no packages of its own.
    case artifact
    /// An image in cold storage, which ECR does not scan.
    case archived

    /// Judges by media types, status and the tag forms of cosign; sources: the ECR model, OCI 1.1 and AWS.md §4.4.
    package init(_ detail: ECR.DescribeImages.ImageDetail) {
        if Self.indexTypes.contains(detail.imageManifestMediaType ?? "") {
            self = .index
        } else if Self.isArtifact(detail) {
            self = .artifact
        } else if detail.imageStatus == "ARCHIVED" {
            self = .archived
        } else {
            self = .image
        }
    }

    /// The media types that `BatchGetImage` is asked for when an index is resolved.
    package static let indexTypes: Set<String> = [
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.index.v1+json",
    ]

    private static let imageTypes: Set<String> = [
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.oci.image.config.v1+json",
    ]

    private static func isArtifact(_ detail: ECR.DescribeImages.ImageDetail) -> Bool {
        if detail.subjectManifestDigest != nil { return true }
        if let type = detail.artifactMediaType, !type.isEmpty, !imageTypes.contains(type) { return true }
        // cosign's older form stores a signature with the media types of an image; only its tag tells.
        let tags = detail.imageTags ?? []
        return !tags.isEmpty && tags.allSatisfy(isCosignTag)
    }

    private static func isCosignTag(_ tag: String) -> Bool {
        tag.hasPrefix("sha256-") && [".sig", ".att", ".sbom"].contains { tag.hasSuffix($0) }
    }
}
