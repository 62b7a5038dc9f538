/// Spells one image's findings as ECR and Inspector spell them.
struct FindingWire {
    let catalogue: Catalogue
    let image: SimulatedImage
    let repository: String
    let account: String
    let region: String

    /// By severity, of the whole image.
    var counts: JSONValue {
        let counts = Dictionary(
            image.findings.map { (catalogue.vulnerabilities[$0.vulnerability].severity, 1) },
            uniquingKeysWith: +
        )
        return .object(
            counts.sorted { $0.key < $1.key }.map { JSONValue.Member(key: $0.key, value: .integer($0.value)) }
        )
    }

    func basic(_ finding: SimulatedFinding) -> JSONValue {
        let vulnerability = catalogue.vulnerabilities[finding.vulnerability]
        var attributes = [("package_version", finding.fullVersion), ("package_name", finding.package)]
        if let score = vulnerability.score3 {
            attributes += [("CVSS3_VECTOR", vulnerability.vector3), ("CVSS3_SCORE", "\(score)")]
        }
        if let score = vulnerability.score2 {
            attributes += [("CVSS2_VECTOR", vulnerability.vector2), ("CVSS2_SCORE", "\(score)")]
        }
        // The order of attributes means nothing, and real answers show it.
        if finding.vulnerability.isMultiple(of: 2) { attributes.reverse() }
        return .compact([
            "name": .string(vulnerability.id),
            "description": vulnerability.description.map(JSONValue.string),
            "uri": .string(vulnerability.uri),
            "severity": .string(vulnerability.severity),
            "attributes": .array(attributes.map { ["key": .string($0.0), "value": .string($0.1)] }),
        ])
    }

    func enhanced(_ finding: SimulatedFinding, at time: Double) -> JSONValue {
        let vulnerability = catalogue.vulnerabilities[finding.vulnerability]
        let arn = "arn:aws:inspector2:\(region):\(account):finding/\(image.digest.suffix(24))\(finding.vulnerability)"
        return .compact([
            "awsAccountId": .string(account),
            "findingArn": .string(arn),
            "type": "PACKAGE_VULNERABILITY",
            "title": "\(vulnerability.id) - \(finding.package)",
            "description": .string(vulnerability.description ?? "Not described."),
            "severity": .string(vulnerability.severity),
            "status": "ACTIVE",
            "score": vulnerability.score3.map(JSONValue.number),
            "firstObservedAt": .number(time - 86_400),
            "lastObservedAt": .number(time),
            "updatedAt": .number(time),
            "fixAvailable": .string(finding.fixedVersion == nil ? "NO" : "YES"),
            "exploitAvailable": "NO",
            "packageVulnerabilityDetails": details(finding, vulnerability),
            "remediation": ["recommendation": ["text": "None Provided"]],
            "resources": [resource],
        ])
    }

    private func details(_ finding: SimulatedFinding, _ vulnerability: SimulatedVulnerability) -> JSONValue {
        let score: JSONValue? = vulnerability.score3.map {
            [
                "baseScore": .number($0), "scoringVector": .string(vulnerability.vector3), "source": "NVD",
                "version": "3.1",
            ]
        }
        return [
            "vulnerabilityId": .string(vulnerability.id),
            "source": "SIMULATED",
            "sourceUrl": .string(vulnerability.uri),
            "vendorSeverity": .string(vulnerability.severity.lowercased()),
            "cvss": .array([score].compactMap(\.self)),
            "relatedVulnerabilities": [],
            "referenceUrls": [],
            "vulnerablePackages": [
                .compact([
                    "name": .string(finding.package),
                    "version": .string(finding.version),
                    "release": finding.release.map(JSONValue.string),
                    "epoch": 0,
                    "arch": "AMD64",
                    "packageManager": finding.release == nil ? "PYTHON" : "OS",
                    "fixedInVersion": .string(finding.fixedVersion ?? "NotAvailable"),
                ])
            ],
        ]
    }

    private var resource: JSONValue {
        [
            "id": "arn:aws:ecr:\(region):\(account):repository/\(repository)/\(image.digest)",
            "type": "AWS_ECR_CONTAINER_IMAGE",
            "details": [
                "awsEcrContainerImage": [
                    "architecture": "amd64",
                    "imageHash": .string(image.digest),
                    "imageTags": .texts(image.tags),
                    "platform": "SIMULATED_12",
                    "pushedAt": .number(image.pushedAt),
                    "registry": .string(account),
                    "repositoryName": .string(repository),
                ]
            ],
        ]
    }
}
