import AWSServices
import Domain
import Scanning
import Testing

@Suite struct ScanVerdictTests {
    private func page(
        _ status: String,
        _ description: String? = nil,
        findings: ECR.ImageScanFindings? = nil
    ) -> ECR.DescribeImageScanFindings.Response {
        var page = ECR.DescribeImageScanFindings.Response()
        page.imageScanStatus = ECR.ImageScanStatus(status: status, description: description)
        page.imageScanFindings = findings
        return page
    }

    private func state(_ verdict: ScanStatus) -> Coverage.State? {
        if case .closed(let coverage) = verdict { coverage.state } else { nil }
    }

    @Test(arguments: [
        ("IN_PROGRESS", Coverage.State.waiting), ("PENDING", .waiting), ("FAILED", .failed),
        ("UNSUPPORTED_IMAGE", .unsupported),
        ("SCAN_ELIGIBILITY_EXPIRED", .expiredEligibility), ("IMAGE_ARCHIVED", .archived),
        ("LIMIT_EXCEEDED", .throttled),
        ("FINDINGS_UNAVAILABLE", .failed), ("SOMETHING_NEW", .failed),
    ])
    func `A status without trustworthy findings names its coverage`(status: String, expected: Coverage.State) {
        #expect(state(ScanStatus(page(status, findings: ECR.ImageScanFindings()))) == expected)
    }

    @Test func `An unsupported operating system arrives as a failure`() {
        let verdict = ScanStatus(page("FAILED", "UnsupportedImageError: The operating system is not supported."))
        #expect(state(verdict) == .unsupported)
    }

    @Test(arguments: ["COMPLETE", "ACTIVE"])
    func `Null findings are not zero findings`(status: String) {
        #expect(state(ScanStatus(page(status))) == .waiting)
    }

    @Test func `A finished scan is as old as the newer of its two times`() {
        var findings = ECR.ImageScanFindings()
        findings.imageScanCompletedAt = 100
        findings.vulnerabilitySourceUpdatedAt = 200
        #expect(ScanStatus(page("COMPLETE", findings: findings)) == .readable(at: 200))
    }
}
