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
        /// Nothing is written; another call may help.
        case troubled(ImageTrouble, any Error)
    }

    /// What ECR says of an image.
    private struct Sight {
        var judged: JudgedImage
        var vulnerabilities: [Vulnerability] = []
        var isUnderWay = false
    }

    let client: AWSClient
    let store: FindingStore
    let token: Int

    func collect(_ entry: RepositoryContents.Entry, over stored: StoredImage?) async throws -> Result {
        let sight: Sight
        do {
            sight = try await look(at: entry, stored)
        } catch let error as AWSServiceError where error.code == .imageNotFound {
            // ECR's own word that the image is gone; what was known of it goes too.
            if let stored { _ = try await store.remove(stored, token: token) }
            return .gone
        } catch {
            guard let trouble = ImageTrouble(error) else { throw error }
            guard case .lasting(let coverage) = trouble else { return .troubled(trouble, error) }
            return try await settle(entry, as: coverage, over: stored)
        }
        try await store.record(sight.vulnerabilities)
        let outcome = try await store.put(sight.judged, over: stored, token: token)
        return .judged(sight.judged.coverage, outcome, isUnderWay: sight.isUnderWay)
    }

    /// Writes down why the image cannot be judged.
    func settle(
        _ entry: RepositoryContents.Entry,
        as coverage: Coverage,
        over stored: StoredImage?
    ) async throws -> Result {
        let outcome = try await store.put(entry.image.judged(coverage), over: stored, token: token)
        return .judged(coverage, outcome, isUnderWay: false)
    }

    /// Asks ECR alone, so that whatever this throws is ECR's answer about the image.
    private func look(at entry: RepositoryContents.Entry, _ stored: StoredImage?) async throws -> Sight {
        if let coverage = entry.coverage { return Sight(judged: entry.image.judged(coverage)) }
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
                return Sight(judged: same)
            }
            let reading = try await reader.read()
            return Sight(
                judged: reading.judgement(of: entry.image, known: stored?.judged),
                vulnerabilities: reading.vulnerabilities,
                isUnderWay: reading.isUnderWay
            )
        } catch {
            guard case .closed(let coverage) = ScanVerdict(error) else { throw error }
            // A scan that was asked for a moment ago is not known to ECR at once.
            let wasAskedFor = coverage.state == .neverScanned && stored?.judged.coverage.state == .waiting
            return Sight(judged: entry.image.judged(coverage), isUnderWay: wasAskedFor)
        }
    }
}

extension Image {
    /// The image without findings, because of `coverage`.
    func judged(_ coverage: Coverage) -> JudgedImage {
        JudgedImage(image: self, coverage: coverage, counts: nil, findings: [])
    }
}
