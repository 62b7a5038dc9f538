extension ECRService {
    func batchGetImage(_ input: ECRInput, _ registry: SimulatedRegistry) throws -> JSONValue {
        let repository = try registry.repositories[position(of: input.repositoryName(), in: registry)]
        guard let named = input.call.input["imageIds"]?.elements, (1...100).contains(named.count) else {
            throw input.invalid("imageIds")
        }
        var images: [JSONValue] = []
        var failures: [JSONValue] = []
        for value in named {
            let reference = ImageReference(value)
            guard let position = reference.position(in: repository) else {
                failures.append([
                    "imageId": value, "failureCode": "ImageNotFound", "failureReason": "Requested image not found",
                ])
                continue
            }
            let image = repository.images[position]
            images.append([
                "registryId": .string(registry.account),
                "repositoryName": .string(repository.name),
                "imageId": reference.json(digest: image.digest),
                "imageManifest": .string(String(decoding: manifest(image, repository).bytes, as: UTF8.self)),
                "imageManifestMediaType": .string(image.manifestMediaType),
            ])
        }
        return ["images": .array(images), "failures": .array(failures)]
    }

    private func manifest(_ image: SimulatedImage, _ repository: SimulatedRepository) -> JSONValue {
        guard image.kind == .index else {
            return [
                "schemaVersion": 2,
                "mediaType": .string(image.manifestMediaType),
                "config": [
                    "mediaType": .string(image.artifactMediaType ?? ""), "digest": .string(image.digest), "size": 1469,
                ],
                "layers": [],
            ]
        }
        let children = image.children.enumerated().compactMap { number, digest in
            repository.position(digest: digest).map { child(repository.images[$0], number, of: image) }
        }
        return [
            "schemaVersion": 2, "mediaType": .string(image.manifestMediaType), "manifests": .array(children),
        ]
    }

    private func child(_ child: SimulatedImage, _ number: Int, of index: SimulatedImage) -> JSONValue {
        let isAttestation = child.kind == .attestation
        let architecture = isAttestation ? "unknown" : ["amd64", "arm64"][number % 2]
        let annotations: JSONValue = [
            "vnd.docker.reference.digest": .string(index.children[0]),
            "vnd.docker.reference.type": "attestation-manifest",
        ]
        return .compact([
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": .string(child.digest),
            "size": 1469,
            "platform": ["architecture": .string(architecture), "os": isAttestation ? "unknown" : "linux"],
            "annotations": isAttestation ? annotations : nil,
        ])
    }
}
