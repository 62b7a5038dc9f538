package import AWSCore
package import AWSServices
package import Domain
internal import RegistryAccess
package import Support

/// Reads all findings of one image, page by page.
package struct FindingReader: Sendable {
    /// The scan result of one image.
    package struct Reading: Hashable, Sendable {
        /// Scanned, with the scan's time, or why there are no findings.
        package var coverage: Coverage
        /// ECR's own counts per severity; nil if it gives none.
        package var counts: [Severity: Int]?
        /// Sorted by key; empty unless the coverage is scanned.
        package var findings: [Finding]
        /// The vulnerabilities that the findings name, sorted by id.
        package var vulnerabilities: [Vulnerability]
        /// Whether ECR is scanning the image, so that a re-check soon finds more.
        package var isUnderWay = false

        /// Describes a result; `isUnderWay` starts as false.
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

        /// The status to store for `image`.
        ///
        /// While ECR rescans the image or lacks the quota to, the last scan's findings stay stored, with that scan's
        /// time.
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

    /// The scan changed during every attempt to read its pages.
    package struct Unsettled: Classified, CustomStringConvertible {
        /// Transient: the rescan that changed the pages ends soon.
        package var disposition: Disposition { .transient }
        package var description: String {
            "the image's findings changed, or a page of them disappeared, while they were read, \(FindingReader.attempts) times"
        }
    }

    static let attempts = 3

    private let client: AWSClient
    private let place: ImageReference

    /// Reads the image at `place` through its registry's client.
    package init(client: AWSClient, place: ImageReference) {
        self.client = client
        self.place = place
    }

    /// Requests one finding; the answer carries the image's scan status, times and counts.
    package func probe() async throws -> ECR.DescribeImageScanFindings.Response {
        try await client.send(request(maxResults: 1))
    }

    /// Reads all findings; starts over if a rescan falls between two pages, a page token expires, or the pages hold
    /// fewer findings than ECR counts.
    ///
    /// - Throws: `Unsettled` after three attempts, and the error of a call.
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

    /// The result of all pages together; nil if they hold fewer findings than ECR counts.
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
            // Enhanced counts omit suppressed findings, so only in a basic scan do too few entries prove a missing
            // page.
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

/// Identifies one scan of an image: equal on all pages of that scan.
package struct ScanRevision: Hashable, Sendable {
    /// The scan status, which includes the scan's time.
    package var verdict: ScanStatus
    /// ECR's counts per severity; nil if it gives none.
    package var counts: [Severity: Int]?

    /// Reads the status and the counts of a page.
    package init(_ page: ECR.DescribeImageScanFindings.Response) {
        verdict = ScanStatus(page)
        counts = page.imageScanFindings?.findingSeverityCounts.map { counts in
            Dictionary(uniqueKeysWithValues: counts.map { (Severity(rawValue: $0.key), $0.value) })
        }
    }

    /// Whether `stored` holds this very scan, so that no findings need to be read.
    package func describes(_ stored: ImageStatus) -> Bool {
        guard case .readable(let at) = verdict, let at else { return false }
        return stored.coverage.state == .scanned && stored.coverage.at == at && stored.counts == counts
    }
}
