package import AWSCore
package import AWSServices
package import Domain
internal import RegistryAccess
package import Support

/// Reads all findings of one image, page by page.
package struct FindingReader: Sendable {
    /// What was read of one image.
    package struct Reading: Hashable, Sendable {
        package var coverage: Coverage
        package var counts: [Severity: Int]?
        package var findings: [Finding]
        package var vulnerabilities: [Vulnerability]
        /// Whether ECR scans the image at this moment.
        package var isUnderWay = false

        /// Joins what was read with an image.
        package init(
            coverage: Coverage,
            counts: [Severity: Int]?,
            findings: [Finding],
            vulnerabilities: [Vulnerability]
        ) {
            self.coverage = coverage
            self.counts = counts
            self.findings = findings
            self.vulnerabilities = vulnerabilities
        }

        /// What is to be stored of `image`: while ECR scans it anew or has no quota for it, what the last scan found still
        /// stands, with that scan's time.
        package func judgement(of image: Image, known: ImageStatus?) -> ImageStatus {
            if let known, known.coverage.isJudged, coverage.state == .waiting || coverage.state == .throttled {
                return ImageStatus(
                    image: image,
                    coverage: known.coverage,
                    counts: known.counts,
                    findings: known.findings
                )
            }
            return ImageStatus(image: image, coverage: coverage, counts: counts, findings: findings)
        }
    }

    /// The scan changed under every attempt at reading its pages.
    package struct Unsettled: Classified, CustomStringConvertible {
        package var disposition: Disposition { .transient }
        package var description: String {
            "the image's findings changed, or a page of them disappeared, while they were read, \(FindingReader.attempts) times"
        }
    }

    static let attempts = 3

    private let client: AWSClient
    private let place: ImageReference

    /// Reads through the registry's client.
    package init(client: AWSClient, place: ImageReference) {
        self.client = client
        self.place = place
    }

    /// The first finding alone, which carries what describes the whole image: status, times and counts.
    package func probe() async throws -> ECR.DescribeImageScanFindings.Response {
        try await client.send(request(maxResults: 1))
    }

    /// Everything; begins anew where a rescan falls between two pages, a page disappears, or the pages hold less than ECR
    /// counts.
    package func read() async throws -> Reading {
        for _ in 1...Self.attempts {
            if let reading = try await attempt() { return reading }
        }
        throw Unsettled()
    }

    private func attempt() async throws -> Reading? {
        var translated = TranslatedFindings()
        var first: ECR.DescribeImageScanFindings.Response?
        do {
            for try await page in client.pages(request(maxResults: 1000)) {
                if let first, ScanRevision(first) != ScanRevision(page) { return nil }
                if first == nil { first = page }
                if case .closed = ScanStatus(page) { break }
                translated.add(page)
            }
        } catch let error as AWSServiceError where PaginationExpired.isCause(error, isFirst: first == nil) {
            return nil
        }
        guard let first else { return nil }
        return reading(first, translated)
    }

    /// Judges all pages together; nil where they hold too little.
    private func reading(
        _ first: ECR.DescribeImageScanFindings.Response,
        _ translated: TranslatedFindings
    ) -> Reading? {
        let counts = ScanRevision(first).counts
        switch ScanStatus(first) {
        case .closed(let coverage):
            var reading = Reading(coverage: coverage, counts: counts, findings: [], vulnerabilities: [])
            reading.isUnderWay = first.imageScanStatus?.status == "IN_PROGRESS"
            return reading
        case .readable(let at):
            // Enhanced counts leave out what is suppressed, so there only too few entries of a basic scan prove a gap.
            let isBasic = first.imageScanFindings?.enhancedFindings == nil
            if isBasic, let counts, counts.values.reduce(0, +) > translated.entries { return nil }
            return Reading(
                coverage: Coverage(.scanned, at: at),
                counts: counts,
                findings: translated.findings.values.sorted { $0.key < $1.key },
                vulnerabilities: translated.vulnerabilities.values.sorted { $0.id < $1.id }
            )
        }
    }

    private func request(maxResults: Int) -> ECR.DescribeImageScanFindings {
        ECR.DescribeImageScanFindings(
            repositoryName: place.repository.name.rawValue,
            imageId: ECR.ImageIdentifier(imageDigest: place.digest.rawValue),
            maxResults: maxResults
        )
    }
}

/// What tells one scan of an image from another; equal on all pages of one scan.
package struct ScanRevision: Hashable, Sendable {
    package var verdict: ScanStatus
    package var counts: [Severity: Int]?

    /// Takes the mark of a page.
    package init(_ page: ECR.DescribeImageScanFindings.Response) {
        verdict = ScanStatus(page)
        counts = page.imageScanFindings?.findingSeverityCounts.map { counts in
            Dictionary(uniqueKeysWithValues: counts.map { (Severity(rawValue: $0.key), $0.value) })
        }
    }

    /// Whether what the store holds is this very scan, so that no page need be read.
    package func describes(_ stored: ImageStatus) -> Bool {
        guard case .readable(let at) = verdict, let at else { return false }
        return stored.coverage.state == .scanned && stored.coverage.at == at && stored.counts == counts
    }
}
