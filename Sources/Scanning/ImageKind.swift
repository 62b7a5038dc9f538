package import AWSServices

/// What an entry of a repository is, as far as scanning goes.
package enum ImageKind: Hashable, Sendable {
    /// An image that ECR may scan.
    case image
    /// A manifest list or OCI index: a name for its children, which are judged in its place.
    case index
    /// Something about images, with no packages of its own.
    case artifact(ArtifactKind)
    /// An image in cold storage, which ECR does not scan.
    case archived

    /// Judges by media types, status and the tag forms of cosign; sources: the ECR model, OCI 1.1 and AWS.md §4.4.
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

/// What a repository holds beside images; the raw values are the names of their counts.
package enum ArtifactKind: String, Hashable, Sendable, CaseIterable {
    case signature = "signatures"
    case attestation = "attestations"
    case sbom = "sboms"
    case chart = "charts"
    case other = "other_artifacts"

    /// Nil for what is an image.
    init?(_ detail: ECR.DescribeImages.ImageDetail) {
        // cosign's older form stores a signature with the media types of an image; only its tag tells.
        let tags = detail.imageTags ?? []
        let kinds = Set(tags.map(Self.kind(ofTag:)))
        if !tags.isEmpty, kinds.count == 1, let kind = kinds.first ?? nil {
            self = kind
            return
        }
        let type = detail.artifactMediaType ?? ""
        // An image may name a subject and be an image all the same.
        guard !Self.imageTypes.contains(type), !type.isEmpty || detail.subjectManifestDigest != nil else { return nil }
        self = Self.words.first { type.contains($0.word) }?.kind ?? .other
    }

    /// Nil for a tag that is not cosign's: `sha256-`, the digest that it is about, and what it is.
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

    /// What the media types of cosign, notation, in-toto, the SBOM formats and Helm hold.
    private static let words: [(word: String, kind: ArtifactKind)] = [
        ("helm", .chart), ("spdx", .sbom), ("cyclonedx", .sbom), ("sbom", .sbom), ("in-toto", .attestation),
        ("attestation", .attestation), ("signature", .signature), ("sigstore", .signature), ("cosign", .signature),
    ]
}
