package import AWSServices

/// How scanning treats an entry of a repository.
package enum ImageKind: Hashable, Sendable {
    /// An image that ECR may scan.
    case image
    /// A manifest list or OCI index: its child images are scanned in its place.
    case index
    /// An object about images, such as a signature, with no packages of its own.
    case artifact(ArtifactKind)
    /// An image in cold storage, which ECR does not scan.
    case archived

    /// Classifies by media types, status and cosign's tag forms; sources: the ECR model, OCI 1.1 and ops/design/aws.md §4.4.
    package init(_ detail: ECR.DescribeImages.ImageDetail) {
        if Self.indexTypes.contains(detail.imageManifestMediaType ?? "") {
            self = .index
        } else if let artifact = ArtifactKind(detail) {
            self = .artifact(artifact)
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
}

/// The kinds of objects in a repository that are no images; the raw values are the names of their counters.
package enum ArtifactKind: String, Hashable, Sendable, CaseIterable {
    case signature = "signatures"
    case attestation = "attestations"
    case sbom = "sboms"
    case chart = "charts"
    case other = "other_artifacts"

    /// Nil if the entry is an image.
    init?(_ detail: ECR.DescribeImages.ImageDetail) {
        // cosign's older form stores a signature with the media types of an image; only its tag differs.
        let tags = detail.imageTags ?? []
        let kinds = Set(tags.map(Self.kind(ofTag:)))
        if !tags.isEmpty, kinds.count == 1, let kind = kinds.first ?? nil {
            self = kind
            return
        }
        let type = detail.artifactMediaType ?? ""
        // An image may have a subject and still be an image.
        guard !Self.imageTypes.contains(type), !type.isEmpty || detail.subjectManifestDigest != nil else { return nil }
        self = Self.words.first { type.contains($0.word) }?.kind ?? .other
    }

    /// Reads a cosign tag: `sha256-`, the subject's digest, a dot and the kind; nil for any other tag.
    private static func kind(ofTag tag: String) -> ArtifactKind? {
        let parts = tag.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].hasPrefix("sha256-") else { return nil }
        let digest = parts[0].dropFirst(7)
        guard digest.count == 64, digest.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return ["sig": signature, "att": attestation, "sbom": sbom][String(parts[1])]
    }

    private static let imageTypes: Set<String> = [
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.oci.image.config.v1+json",
    ]

    /// Words in the media types of cosign, notation, in-toto, the SBOM formats and Helm.
    private static let words: [(word: String, kind: ArtifactKind)] = [
        ("helm", .chart), ("spdx", .sbom), ("cyclonedx", .sbom), ("sbom", .sbom), ("in-toto", .attestation),
        ("attestation", .attestation), ("signature", .signature), ("sigstore", .signature), ("cosign", .signature),
    ]
}
