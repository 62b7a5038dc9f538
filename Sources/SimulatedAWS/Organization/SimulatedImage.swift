/// One finding of one image.
struct SimulatedFinding: Sendable, Hashable {
    /// The vulnerability's place in the catalogue.
    var vulnerability: Int
    var package: String
    var version: String
    /// The distribution's own counting behind the version; nil for language packages.
    var release: String?
    var fixedVersion: String?

    /// The version as a package manager writes it.
    var fullVersion: String { [version, release].compactMap(\.self).joined(separator: "-") }
}

/// One manifest in one repository.
struct SimulatedImage: Sendable {
    enum Kind: String, Sendable {
        case image
        case index
        case attestation
        case signature
    }

    var digest: String
    var tags: [String]
    var pushedAt: Double
    var kind: Kind = .image
    /// The digests that an index lists.
    var children: [String] = []
    var isArchived = false
    var scan: ScanState
    var findings: [SimulatedFinding] = []

    /// About every other image was pulled, some long after its push; the digest tells.
    var lastPulledAt: Double? {
        let number = digest.utf8.dropFirst(7).prefix(4).reduce(0) { $0 * 31 + Int($1) }
        return number.isMultiple(of: 2) ? pushedAt + Double(number % 97) * 600 : nil
    }

    var manifestMediaType: String {
        switch kind {
        case .index: "application/vnd.oci.image.index.v1+json"
        case .image where children.isEmpty && !tags.isEmpty: "application/vnd.docker.distribution.manifest.v2+json"
        default: "application/vnd.oci.image.manifest.v1+json"
        }
    }

    /// What ECR takes for the image's kind; an attestation passes for an image here, as it does on AWS.
    var artifactMediaType: String? {
        switch kind {
        case .index: nil
        case .image where manifestMediaType.contains("docker"): "application/vnd.docker.container.image.v1+json"
        default: "application/vnd.oci.image.config.v1+json"
        }
    }
}
