internal import AWSCore
internal import AWSServices
internal import Domain
internal import FindingStore

/// Brings the store up to date with one image.
struct ImageCollector: Sendable {
    /// What became of the image.
    enum Result: Sendable {
        /// `isUnderWay` says that ECR scans it at this moment, so that another look soon finds more.
        case judged(Coverage, WriteOutcome, isUnderWay: Bool)
        /// The image was deleted between the listing and the call.
        case gone
    }

    let client: AWSClient
    let store: FindingStore
    let token: Int

    func collect(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        do {
            let (judged, isUnderWay) = try await judge(entry, stored)
            let outcome = try await store.put(judged, over: stored, token: token)
            return .judged(judged.coverage, outcome, isUnderWay: isUnderWay)
        } catch let error as AWSServiceError where error.code.rawValue == "ImageNotFoundException" {
            // ECR's own word that the image is gone; what was known of it goes too.
            if let stored { _ = try await store.remove(stored, token: token) }
            return .gone
        }
    }

    private func judge(
        _ entry: RepositoryContents.Entry,
        _ stored: StoredImage?
    ) async throws -> (JudgedImage, isUnderWay: Bool) {
        if let coverage = entry.coverage { return (entry.image.judged(coverage), false) }
        let reader = FindingReader(client: client, place: entry.image.place)
        do {
            if let known = stored?.judged, known.coverage.isJudged, ScanMark(try await reader.probe()).describes(known)
            {
                let same = JudgedImage(
                    image: entry.image,
                    coverage: known.coverage,
                    counts: known.counts,
                    findings: known.findings
                )
                return (same, false)
            }
            let reading = try await reader.read()
            try await store.record(reading.vulnerabilities)
            return (reading.judgement(of: entry.image, known: stored?.judged), reading.isUnderWay)
        } catch {
            guard case .closed(let coverage) = ScanVerdict(error) else { throw error }
            // A scan that was asked for a moment ago is not known to ECR at once.
            let wasAskedFor = coverage.state == .neverScanned && stored?.judged.coverage.state == .waiting
            return (entry.image.judged(coverage), wasAskedFor)
        }
    }
}

extension Image {
    /// The image without findings, because of `coverage`.
    func judged(_ coverage: Coverage) -> JudgedImage {
        JudgedImage(image: self, coverage: coverage, counts: nil, findings: [])
    }
}
