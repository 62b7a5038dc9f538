extension ECRService {
    func describeFindings(
        _ input: ECRInput,
        _ registry: inout SimulatedRegistry,
        _ catalogue: Catalogue
    ) throws -> JSONValue {
        let name = try input.repositoryName()
        let repository = try position(of: name, in: registry)
        let reference = ImageReference(input.call.input["imageId"])
        guard let position = reference.position(in: registry.repositories[repository]) else {
            throw imageNotFound(reference, name, registry)
        }
        let now = input.call.now
        let (image, phase) = registry.update(repository) { repository in
            repository.update(position) { image in
                let phase = image.scan.poll(now: now)
                return (image, phase)
            }
        }
        let page = FindingsPage(
            image: image,
            phase: phase,
            reference: reference,
            repository: name,
            account: registry.account,
            region: registry.region
        )
        if registry.isEnhanced, !registry.isWatched(name) { throw page.notFound }
        return try page.answer(input, catalogue, isEnhanced: registry.isEnhanced)
    }
}

/// One page of what is known of one image.
struct FindingsPage {
    let image: SimulatedImage
    let phase: ScanState.Phase
    let reference: ImageReference
    let repository: String
    let account: String
    let region: String

    var notFound: ServiceFault {
        ServiceFault(
            "ScanNotFoundException",
            "Image scan does not exist for the image with '\(reference.text)' in the repository with name '\(repository)' "
                + "in the registry with id '\(account)'"
        )
    }

    func answer(_ input: ECRInput, _ catalogue: Catalogue, isEnhanced: Bool) throws -> JSONValue {
        guard image.kind == .image, phase != .never else { throw notFound }
        if image.isArchived { return head(status: "IMAGE_ARCHIVED", "The image is archived.") }
        guard case .ended(let time) = phase else { return head(status: "IN_PROGRESS", nil) }
        switch image.scan.outcome {
        case .failed(let reason): return head(status: "FAILED", reason, [("imageScanFindings", .null)])
        case .unsupported: return head(status: "UNSUPPORTED_IMAGE", "The image cannot be scanned.")
        case .pending: return head(status: "PENDING", "The image waits for its first scan.")
        case .expiredEligibility:
            return head(status: "SCAN_ELIGIBILITY_EXPIRED", "The image was pushed or used too long ago.")
        case .complete, .active: return try findings(at: time, input, catalogue, isEnhanced: isEnhanced)
        }
    }

    private func findings(
        at time: Double,
        _ input: ECRInput,
        _ catalogue: Catalogue,
        isEnhanced: Bool
    ) throws -> JSONValue {
        // Inspector's findings come 100 at a time, whatever is asked for.
        let size = isEnhanced ? min(100, try input.maxResults()) : try input.maxResults()
        let start = min(try input.page().flatMap { Int($0) } ?? 0, image.findings.count)
        let end = min(start + size, image.findings.count)
        let shown = image.findings[start..<end]
        let wire = FindingWire(
            catalogue: catalogue,
            image: image,
            repository: repository,
            account: account,
            region: region
        )
        let result: JSONValue = .compact([
            "imageScanCompletedAt": .number(time),
            "vulnerabilitySourceUpdatedAt": .number(time - 3600),
            "findingSeverityCounts": wire.counts,
            "findings": isEnhanced ? nil : .array(shown.map(wire.basic)),
            "enhancedFindings": isEnhanced ? .array(shown.map { wire.enhanced($0, at: time) }) : nil,
        ])
        return head(
            status: isEnhanced ? "ACTIVE" : "COMPLETE",
            isEnhanced ? "Continuous scan is selected for image." : "The scan was completed successfully.",
            [("imageScanFindings", result)]
                + (end < image.findings.count ? [("nextToken", .string(PageToken.make("\(end)")))] : [])
        )
    }

    private func head(status: String, _ description: String?, _ more: [(String, JSONValue)] = []) -> JSONValue {
        let head: JSONValue = [
            "registryId": .string(account),
            "repositoryName": .string(repository),
            "imageId": reference.json(digest: image.digest),
            "imageScanStatus": .compact(["status": .string(status), "description": description.map(JSONValue.string)]),
        ]
        return .object((head.members ?? []) + more.map(JSONValue.Member.init))
    }
}
