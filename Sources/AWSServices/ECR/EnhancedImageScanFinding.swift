internal import JSON

extension ECR {
    /// One finding of Inspector's; it may hit several packages.
    package struct EnhancedImageScanFinding: Sendable, Hashable {
        package var findingArn: String?
        package var title: String?
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
        package var packageVulnerabilityDetails: PackageVulnerabilityDetails?

        /// Holds nothing yet.
        package init() {}
    }

    package struct PackageVulnerabilityDetails: Sendable, Hashable {
        /// Such as `CVE-2024-9681`.
        package var vulnerabilityId: String?
        package var sourceUrl: String?
        package var cvss: [CvssScore]?
        package var vulnerablePackages: [VulnerablePackage]?

        /// Holds nothing yet.
        package init() {}
    }

    package struct CvssScore: Sendable, Hashable {
        /// From 0 to 10.
        package var baseScore: Double?
        package var scoringVector: String?
        /// Such as `NVD`.
        package var source: String?
        /// CVSS' own version, such as `3.1`.
        package var version: String?

        /// Holds nothing yet.
        package init() {}
    }

    package struct VulnerablePackage: Sendable, Hashable {
        package var name: String?
        package var version: String?
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
