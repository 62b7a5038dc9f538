extension ECRService {
    func startImageScan(_ input: ECRInput, _ registry: inout SimulatedRegistry) throws -> JSONValue {
        let name = try input.repositoryName()
        let repository = try position(of: name, in: registry)
        let reference = ImageReference(input.call.input["imageId"])
        guard let image = reference.position(in: registry.repositories[repository]) else {
            throw imageNotFound(reference, name, registry)
        }
        guard !registry.isEnhanced else { throw ServiceFault.validation("This feature is disabled") }
        let digest = try registry.update(repository) { repository in
            try repository.update(image) { image in
                try start(&image, now: input.call.now)
                return image.digest
            }
        }
        return [
            "registryId": .string(registry.account),
            "repositoryName": .string(name),
            "imageId": reference.json(digest: digest),
            "imageScanStatus": ["status": "IN_PROGRESS"],
        ]
    }

    /// One scan an image in 24 hours; some that are under way end only when they have been asked about.
    private func start(_ image: inout SimulatedImage, now: Double) throws {
        guard image.kind != .index else {
            throw ServiceFault(
                "UnsupportedImageTypeException",
                "An artifact with media type '\(image.manifestMediaType)' cannot be scanned. Choose another image and try again."
            )
        }
        guard !image.isArchived else {
            throw ServiceFault("ImageArchivedException", "The image with digest '\(image.digest)' is archived.")
        }
        if let last = image.scan.startedAt, now - last < 86_400 {
            throw ServiceFault(
                "LimitExceededException",
                "The scan quota per image has been exceeded. Wait and try again."
            )
        }
        image.scan.startedAt = now
        image.scan.phase = .running(until: now + scanSeconds)
    }
}
