internal import Domain
internal import FoundationEssentials

/// The part of a manifest list or OCI index that scanning needs.
package struct IndexManifest: Decodable, Sendable {
    private struct Child: Decodable {
        struct Platform: Decodable {
            var architecture: String?
            var os: String?
        }

        var digest: String?
        var platform: Platform?
        var annotations: [String: String]?

        var isAttestation: Bool {
            annotations?["vnd.docker.reference.type"] == "attestation-manifest"
                || platform?.architecture == "unknown" && platform?.os == "unknown"
        }
    }

    private var manifests: [Child]?

    /// Reads a manifest as `BatchGetImage` returns it.
    ///
    /// - Throws: `DecodingError` when the text is no manifest.
    package init(manifest: String) throws {
        self = try JSONDecoder().decode(IndexManifest.self, from: Data(manifest.utf8))
    }

    /// The children, split into images and attestations.
    package var resolved: ResolvedIndex {
        let children = manifests ?? []
        let digests = { (wanted: Bool) in
            children.filter { $0.isAttestation == wanted }.compactMap(\.digest).map(ImageDigest.init(rawValue:))
        }
        return ResolvedIndex(images: digests(false), artifacts: digests(true))
    }
}
