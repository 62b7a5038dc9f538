extension ECRService {
    /// Like today's native basic scan, it tells nothing of an image's scan.
    func describeImages(_ input: ECRInput, _ registry: SimulatedRegistry) throws -> JSONValue {
        let repository = try registry.repositories[position(of: input.repositoryName(), in: registry)]
        if let named = input.call.input["imageIds"]?.elements {
            guard named.count <= 100, input.call.input["maxResults"] == nil else { throw input.invalid("imageIds") }
            let images = try named.map(ImageReference.init).map { reference in
                guard let position = reference.position(in: repository) else {
                    throw imageNotFound(reference, repository.name, registry)
                }
                return repository.images[position]
            }
            return ["imageDetails": .array(images.map { describe($0, repository, registry) })]
        }
        let matching = repository.images.filter { isWanted($0, input.call.input["filter"]) }
        let start = try input.page().map { Self.position($0, in: matching) } ?? 0
        let end = min(start + (try input.maxResults()), matching.count)
        return .compact([
            "imageDetails": .array(matching[start..<end].map { describe($0, repository, registry) }),
            "nextToken": end < matching.count ? .string(PageToken.make("\(end) \(matching[end].digest)")) : nil,
        ])
    }

    /// The token names the next image; where that is gone, its place counts.
    private static func position(_ page: String, in images: [SimulatedImage]) -> Int {
        let parts = page.split(separator: " ").map(String.init)
        return images.firstIndex { $0.digest == parts.last } ?? min(Int(parts[0]) ?? 0, images.count)
    }

    /// Unless asked for, archived images stay out of the list.
    private func isWanted(_ image: SimulatedImage, _ filter: JSONValue?) -> Bool {
        switch filter?["tagStatus"]?.text {
        case "TAGGED" where image.tags.isEmpty, "UNTAGGED" where !image.tags.isEmpty: return false
        default: break
        }
        switch filter?["imageStatus"]?.text {
        case "ANY": return true
        case "ARCHIVED": return image.isArchived
        case "ACTIVATING": return false
        default: return !image.isArchived
        }
    }

    private func describe(
        _ image: SimulatedImage,
        _ repository: SimulatedRepository,
        _ registry: SimulatedRegistry
    ) -> JSONValue {
        .compact([
            "registryId": .string(registry.account),
            "repositoryName": .string(repository.name),
            "imageDigest": .string(image.digest),
            "imageTags": image.tags.isEmpty ? nil : .texts(image.tags),
            "imageSizeInBytes": .integer(40_000_000 + image.findings.count * 120_001),
            "imagePushedAt": .number(image.pushedAt),
            "lastRecordedPullTime": image.lastPulledAt.map(JSONValue.number),
            "imageManifestMediaType": .string(image.manifestMediaType),
            "artifactMediaType": image.artifactMediaType.map(JSONValue.string),
            "imageStatus": .string(image.isArchived ? "ARCHIVED" : "ACTIVE"),
            "lastArchivedAt": image.isArchived ? .number(image.pushedAt + 86_400) : nil,
        ])
    }
}
