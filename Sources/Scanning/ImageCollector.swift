internal import AWSCore
internal import AWSServices
internal import Domain
internal import FindingStore

/// Brings the store up to date with one image.
struct ImageCollector: Sendable {
    /// What became of the image.
    enum Result: Sendable {
        /// `isUnderWay` says that ECR scans it at this moment, so that another look soon finds more.
        case stored(Coverage, WriteOutcome, isUnderWay: Bool)
        /// The image was deleted between the listing and the call.
        case gone
        /// Nothing is written; another call may help.
        case troubled(ImageReadFailure, any Error)
    }

    /// What ECR says of an image.
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
            observation = try await look(at: entry, stored)
        } catch let error as AWSServiceError where error.code == .imageNotFound {
            // ECR's own word that the image is gone; what was known of it goes too.
            if let stored { _ = try await store.remove(stored, token: token) }
            return .gone
        } catch {
            guard let trouble = ImageReadFailure(error) else { throw error }
            guard case .lasting(let coverage) = trouble else { return .troubled(trouble, error) }
            return try await settle(entry, as: coverage, over: stored)
        }
        try await store.record(observation.vulnerabilities)
        let outcome = try await store.put(observation.status, over: stored, token: token)
        return .stored(observation.status.coverage, outcome, isUnderWay: observation.isUnderWay)
    }

    /// Writes down why the image cannot be judged.
    func settle(
        _ entry: RepositoryContents.Entry,
        as coverage: Coverage,
        over stored: StoredImage?
    ) async throws -> Result {
        let outcome = try await store.put(entry.image.status(coverage), over: stored, token: token)
        return .stored(coverage, outcome, isUnderWay: false)
    }

    /// Asks ECR alone, so that whatever this throws is ECR's answer about the image.
    private func look(at entry: RepositoryContents.Entry, _ stored: StoredImage?) async throws -> Observation {
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
            // A scan that was asked for a moment ago is not known to ECR at once.
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
