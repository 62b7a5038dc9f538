internal import JSON

extension ECR {
    /// One finding of Inspector's; it may hit several packages.
    package struct EnhancedImageScanFinding: Sendable, Hashable {
        /// Inspector's own ARN of the finding.
        package var findingArn: String?
        /// The vulnerability and the package, in one line.
        package var title: String?
        /// The vulnerability in sentences; may be long.
        package var description: String?
        /// `PACKAGE_VULNERABILITY`, and whatever Inspector adds.
        package var type: String?
        /// `ACTIVE`, `SUPPRESSED` or `CLOSED`.
        package var status: String?
        /// Any text: `UNTRIAGED` is among them.
        package var severity: String?
        /// Inspector's own score from 0 to 10.
        package var score: Double?
        /// `YES`, `NO` or `PARTIAL`.
        package var fixAvailable: String?
        /// The vulnerability and where it sits; nil for findings of another type.
        package var packageVulnerabilityDetails: PackageVulnerabilityDetails?

        /// Holds nothing yet.
        package init() {}
    }

    /// One vulnerability, its scores and the packages that have it.
    package struct PackageVulnerabilityDetails: Sendable, Hashable {
        /// Such as `CVE-2024-9681`.
        package var vulnerabilityId: String?
        /// The page of the source that published it.
        package var sourceUrl: String?
        /// Scores by their sources, several versions of CVSS side by side.
        package var cvss: [CvssScore]?
        /// The packages of the image that have it.
        package var vulnerablePackages: [VulnerablePackage]?

        /// Holds nothing yet.
        package init() {}
    }

    /// A score and its vector by one source.
    package struct CvssScore: Sendable, Hashable {
        /// From 0 to 10.
        package var baseScore: Double?
        /// The vector, such as `CVSS:3.1/AV:N/AC:L/…`.
        package var scoringVector: String?
        /// Such as `NVD`.
        package var source: String?
        /// CVSS' own version, such as `3.1`.
        package var version: String?

        /// Holds nothing yet.
        package init() {}
    }

    /// A package of the image that has the vulnerability.
    package struct VulnerablePackage: Sendable, Hashable {
        /// The package, as its manager names it.
        package var name: String?
        /// The installed version, without epoch and release.
        package var version: String?
        /// The distribution's release of that version; nil where there is none.
        package var release: String?
        /// `NotAvailable` where there is no fix.
        package var fixedInVersion: String?

        /// Holds nothing yet.
        package init() {}
    }
}

extension ECR.EnhancedImageScanFinding: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "findingArn": findingArn = try value.optionalString()
            case "title": title = try value.optionalString()
            case "description": description = try value.optionalString()
            case "type": type = try value.optionalString()
            case "status": status = try value.optionalString()
            case "severity": severity = try value.optionalString()
            case "score": score = try value.optionalDouble()
            case "fixAvailable": fixAvailable = try value.optionalString()
            case "packageVulnerabilityDetails": packageVulnerabilityDetails = try value.optional()
            default: break
            }
        }
    }
}

extension ECR.PackageVulnerabilityDetails: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "vulnerabilityId": vulnerabilityId = try value.optionalString()
            case "sourceUrl": sourceUrl = try value.optionalString()
            case "cvss": cvss = try value.optionalList()
            case "vulnerablePackages": vulnerablePackages = try value.optionalList()
            default: break
            }
        }
    }
}

extension ECR.CvssScore: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "baseScore": baseScore = try value.optionalDouble()
            case "scoringVector": scoringVector = try value.optionalString()
            case "source": source = try value.optionalString()
            case "version": version = try value.optionalString()
            default: break
            }
        }
    }
}

extension ECR.VulnerablePackage: JSONReadable {
    init(reading cursor: inout JSONCursor) throws {
        try cursor.readObject { key, value in
            switch key {
            case "name": name = try value.optionalString()
            case "version": version = try value.optionalString()
            case "release": release = try value.optionalString()
            case "fixedInVersion": fixedInVersion = try value.optionalString()
            default: break
            }
        }
    }
}
