package import AWSServices
package import Domain

/// Findings of basic and enhanced scans as `Finding` values, and the vulnerabilities that they name.
package struct TranslatedFindings: Hashable, Sendable {
    /// By key, so that a vulnerability found twice in one package at two paths is one finding.
    package private(set) var findings: [Finding.Key: Finding] = [:]
    /// By id; of several entries of one vulnerability, the first that was inserted is kept.
    package private(set) var vulnerabilities: [String: Vulnerability] = [:]
    /// How many entries AWS returned, before entries with equal keys were joined.
    package private(set) var entries = 0

    /// Starts without findings.
    package init() {}

    /// Adds the findings of one page.
    package mutating func add(_ page: ECR.DescribeImageScanFindings.Response) {
        for finding in page.imageScanFindings?.findings ?? [] { add(finding) }
        for finding in page.imageScanFindings?.enhancedFindings ?? [] { add(finding) }
    }

    // MARK: Basic

    private mutating func add(_ basic: ECR.ImageScanFinding) {
        entries += 1
        let attributes = (basic.attributes ?? []).compactMap { attribute in
            attribute.key.map { Vulnerability.Attribute(key: $0, value: attribute.value ?? "") }
        }
        let value = { (key: String) in attributes.first { $0.key == key }?.value }
        let id = basic.name ?? "UNNAMED"
        let severity = Severity(rawValue: basic.severity ?? Severity.undefined.rawValue)
        let key = Finding.Key(
            vulnerability: id,
            package: value("package_name") ?? "",
            version: value("package_version") ?? ""
        )
        insert(
            Finding(
                key: key,
                severity: severity,
                fixedVersion: value("fixed_version") ?? value("patched_versions"),
                score: (value("CVSS3_SCORE") ?? value("CVSS4_SCORE") ?? value("CVSS2_SCORE")).flatMap(Double.init)
            ),
            Vulnerability(
                id: id,
                severity: severity,
                description: basic.description,
                link: basic.uri.map(trimmed),
                attributes: attributes.filter { !Self.attributesOfOneImage.contains($0.key) }
            )
        )
    }

    /// These describe the package in one image rather than the vulnerability.
    private static let attributesOfOneImage: Set<String> = [
        "package_name", "package_version", "fixed_version", "patched_versions",
    ]

    // MARK: Enhanced

    private mutating func add(_ enhanced: ECR.EnhancedImageScanFinding) {
        // Inspector lists closed findings for a while: they are history, not state.
        guard enhanced.status != "CLOSED" else { return }
        entries += 1
        let details = enhanced.packageVulnerabilityDetails
        let id = details?.vulnerabilityId ?? enhanced.title ?? enhanced.findingArn ?? "UNNAMED"
        let severity = Severity(rawValue: enhanced.severity ?? Severity.untriaged.rawValue)
        let vulnerability = Vulnerability(
            id: id,
            severity: severity,
            title: enhanced.title,
            description: enhanced.description,
            link: details?.sourceUrl.map(trimmed),
            attributes: (details?.cvss ?? []).compactMap { cvss in
                guard let version = cvss.version, let vector = cvss.scoringVector else { return nil }
                return Vulnerability.Attribute(key: "CVSS\(version)_VECTOR", value: vector)
            }
        )
        let packages = details?.vulnerablePackages ?? []
        guard !packages.isEmpty else {
            let key = Finding.Key(vulnerability: id, package: "", version: "")
            return insert(Finding(key: key, severity: severity, score: enhanced.score), vulnerability)
        }
        for package in packages {
            let key = Finding.Key(vulnerability: id, package: package.name ?? "", version: package.fullVersion)
            let fixed = package.fixedInVersion.flatMap { $0 == "NotAvailable" ? nil : $0 }
            insert(Finding(key: key, severity: severity, fixedVersion: fixed, score: enhanced.score), vulnerability)
        }
    }

    private mutating func insert(_ finding: Finding, _ vulnerability: Vulnerability) {
        // Of two entries with one key the worse one is kept, in whatever order they come.
        if let known = findings[finding.key], known.isWorse(than: finding) { return }
        findings[finding.key] = finding
        if vulnerabilities[vulnerability.id] == nil { vulnerabilities[vulnerability.id] = vulnerability }
    }
}

extension Finding {
    /// Compares two findings of one key; one without a fix is worse than one with.
    fileprivate func isWorse(than other: Finding) -> Bool {
        if severity != other.severity { return severity > other.severity }
        if score != other.score { return (score ?? -1) > (other.score ?? -1) }
        return fixedVersion ?? "~" > other.fixedVersion ?? "~"
    }
}

extension ECR.VulnerablePackage {
    /// `version-release`, as the package managers that have releases write it.
    fileprivate var fullVersion: String {
        [version, release].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "-")
    }
}

private func trimmed(_ text: String) -> String {
    let isBlank = { (character: Character) in character.isWhitespace }
    return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
}
