import AWSServices
import Domain
import Scanning
import Testing

@Suite struct TranslatedFindingsTests {
    private func page(
        basic: [ECR.ImageScanFinding]? = nil,
        enhanced: [ECR.EnhancedImageScanFinding]? = nil
    ) -> ECR.DescribeImageScanFindings.Response {
        var page = ECR.DescribeImageScanFindings.Response()
        var findings = ECR.ImageScanFindings()
        findings.findings = basic
        findings.enhancedFindings = enhanced
        page.imageScanFindings = findings
        return page
    }

    private func basic(_ name: String, _ attributes: [String: String?]) -> ECR.ImageScanFinding {
        var finding = ECR.ImageScanFinding()
        finding.name = name
        finding.severity = "HIGH"
        finding.uri = " https://example.org/\(name) "
        finding.attributes = attributes.map { ECR.Attribute(key: $0.key, value: $0.value) }
        return finding
    }

    @Test func `One vulnerability in two packages is two findings of one vulnerability`() {
        var translated = TranslatedFindings()
        translated.add(
            page(basic: [
                basic("CVE-1", ["package_name": "a", "package_version": "1", "CVSS3_SCORE": "7.5"]),
                basic("CVE-1", ["package_name": "b", "package_version": "1", "CVSS3_SCORE": nil]),
            ])
        )
        #expect(translated.findings.count == 2)
        #expect(translated.vulnerabilities.keys.sorted() == ["CVE-1"])
        let key = Finding.Key(vulnerability: "CVE-1", package: "a", version: "1")
        #expect(translated.findings[key]?.score == 7.5)
        #expect(translated.findings[Finding.Key(vulnerability: "CVE-1", package: "b", version: "1")]?.score == nil)
        let known = translated.vulnerabilities["CVE-1"]
        #expect(known?.link == "https://example.org/CVE-1")
        #expect(known?.attributes.contains { $0.key == "package_name" } == false)
    }

    @Test(arguments: [["7.5", "9.8"], ["9.8", "7.5"]]) func `Of two entries of one finding the worse one stands`(
        scores: [String]
    ) {
        var translated = TranslatedFindings()
        let package = ["package_name": "a", "package_version": "1"]
        translated.add(page(basic: scores.map { basic("CVE-1", package.merging(["CVSS3_SCORE": $0]) { $1 }) }))
        #expect(translated.findings.values.map(\.score) == [9.8])
    }

    @Test func `Inspector's findings join the basic ones' form`() {
        var package = ECR.VulnerablePackage()
        package.name = "curl"
        package.version = "7.88.1"
        package.release = "10"
        package.fixedInVersion = "NotAvailable"
        var details = ECR.PackageVulnerabilityDetails()
        details.vulnerabilityId = "CVE-2"
        details.vulnerablePackages = [package]
        var finding = ECR.EnhancedImageScanFinding()
        finding.status = "ACTIVE"
        finding.severity = "SOMETHING_NEW"
        finding.score = 6.5
        finding.packageVulnerabilityDetails = details
        var closed = finding
        closed.status = "CLOSED"
        var translated = TranslatedFindings()
        translated.add(page(enhanced: [finding, closed]))
        let expected = Finding(
            key: Finding.Key(vulnerability: "CVE-2", package: "curl", version: "7.88.1-10"),
            severity: Severity(rawValue: "SOMETHING_NEW"),
            fixedVersion: nil,
            score: 6.5
        )
        #expect(translated.findings.values.map { $0 } == [expected])
        #expect(translated.entries == 1)
    }
}
