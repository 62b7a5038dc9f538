internal import AWSCore
internal import AWSServices
internal import Domain
internal import FindingStore

/// Stores ECR's current findings of one image.
struct ImageCollector: Sendable {
    /// How the collection of an image ended.
    enum Result: Sendable {
        /// Stored; `isUnderWay` says that ECR is scanning the image, so that a re-check soon finds more.
        case stored(Coverage, WriteOutcome, isUnderWay: Bool)
        /// The image was deleted between the listing and the call.
        case gone
        /// Nothing was written; another call may succeed.
        case troubled(ImageReadFailure, any Error)
    }

    /// ECR's current status of an image.
    private struct Observation {
        var status: ImageStatus
        var vulnerabilities: [Vulnerability] = []
        var isUnderWay = false
    }

    let client: AWSClient
    let store: FindingStore
    let token: Int

    func collect(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        let observation: Observation
        do {
            observation = try await observe(at: entry, stored)
        } catch let error as AWSServiceError where error.code == .imageNotFound {
            // ECR says that the image is gone, so its stored findings go too.
            if let stored { _ = try await store.remove(stored, token: token) }
            return .gone
        } catch {
            guard let trouble = ImageReadFailure(error) else { throw error }
            guard case .permanent(let coverage) = trouble else { return .troubled(trouble, error) }
            return try await settle(entry, as: coverage, over: stored)
        }
        try await store.record(observation.vulnerabilities)
        let outcome = try await store.put(observation.status, over: stored, token: token)
        return .stored(observation.status.coverage, outcome, isUnderWay: observation.isUnderWay)
    }

    /// Stores the reason why the image's findings are unknown.
    func settle(
        _ entry: RepositoryContents.Entry,
        as coverage: Coverage,
        over stored: StoredImage?
    ) async throws -> Result {
        let outcome = try await store.put(entry.image.status(coverage), over: stored, token: token)
        return .stored(coverage, outcome, isUnderWay: false)
    }

    /// Calls only ECR, so that every error thrown here is ECR's answer about the image.
    private func observe(at entry: RepositoryContents.Entry, _ stored: StoredImage?) async throws -> Observation {
        if let coverage = entry.coverage { return Observation(status: entry.image.status(coverage)) }
        let reader = FindingReader(client: client, place: entry.image.place)
        do {
            if let known = stored?.status, known.coverage.isJudged,
                ScanRevision(try await reader.probe()).describes(known)
            {
                let same = ImageStatus(
                    image: entry.image,
                    coverage: known.coverage,
                    counts: known.counts,
                    findings: known.findings
                )
                return Observation(status: same)
            }
            let reading = try await reader.read()
            return Observation(
                status: reading.judgement(of: entry.image, known: stored?.status),
                vulnerabilities: reading.vulnerabilities,
                isUnderWay: reading.isUnderWay
            )
        } catch {
            guard case .closed(let coverage) = ScanStatus(error) else { throw error }
            // ECR may not list a scan that was requested a moment ago.
            let wasAskedFor = coverage.state == .neverScanned && stored?.status.coverage.state == .waiting
            return Observation(status: entry.image.status(coverage), isUnderWay: wasAskedFor)
        }
    }
}

extension Image {
    /// The image without findings, because of `coverage`.
    func status(_ coverage: Coverage) -> ImageStatus {
        ImageStatus(image: self, coverage: coverage, counts: nil, findings: [])
    }
}
